using System.Buffers;
using DroneOps.Media;
using DroneOps.Media.Mp4;

namespace DroneOps.Server.Video;

/// <summary>Pictures as a player of files takes them: each a fragment of MP4, after a byte that tells what it is. Owner: one viewer's session.</summary>
internal sealed class Mp4Messages : IDisposable
{
    private const byte Initialization = 0;
    private const byte KeyFragment = 1;
    private const byte OtherFragment = 2;
    private const int UsualLength = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(UsualLength);
    private FragmentMuxer _muxer = new();

    /// <summary>The beginning of a file with pictures of a format; the fragments that follow belong to it. Good until the next call.</summary>
    public ReadOnlyMemory<byte> Begin(VideoFormat format)
    {
        _muxer.Dispose();
        _muxer = new FragmentMuxer();
        Start(Initialization);
        InitializationSegment.Write(_buffer, format, null);
        return _buffer.WrittenMemory;
    }

    /// <summary>A picture. Good until the next call.</summary>
    public ReadOnlyMemory<byte> Of(Picture picture)
    {
        Start(picture.IsKey ? KeyFragment : OtherFragment);
        _muxer.Add(picture);
        _muxer.Flush(_buffer, null);
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _muxer.Dispose();

    private void Start(byte kind)
    {
        _buffer.ResetWrittenCount();
        _buffer.GetSpan(1)[0] = kind;
        _buffer.Advance(1);
    }
}
