using System.Buffers;
using DroneOps.Media;
using DroneOps.Media.Mp4;

namespace DroneOps.Server.Video.Hls;

/// <summary>Cuts pictures into parts and segments. A segment begins with a key picture where one comes in time; a part is as long as may be, because
/// each is a request. Owner: one packager.</summary>
internal sealed class HlsCutter(HlsWindow window) : IDisposable
{
    private const long Part = (long)(HlsWindow.PartTargetS * Picture.Clock);
    private const long Least = Picture.Clock;
    private const long Most = HlsWindow.TargetS * Picture.Clock;

    /// <summary>A step of the source's clock beyond this, or back, is a jump.</summary>
    private const long Jump = 5 * Picture.Clock;

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private FragmentMuxer _muxer = new();
    private VideoFormat? _format;
    private DateTimeOffset _at;
    private long _segmentBegan;
    private long _last;
    private bool _isIndependent;

    /// <summary>Takes the next picture. What it ends is in the window when this returns.</summary>
    public void Take(Picture picture)
    {
        var step = picture.Dts - _last;
        if (!ReferenceEquals(picture.Format, _format) || step is < 0 or > Jump)
        {
            if (!picture.IsKey)
                return;
            Begin(picture);
        }
        else if (picture.Dts - _segmentBegan is var length && ((picture.IsKey && length >= Least) || length + step > Most))
        {
            Flush(picture.Dts);
            window.Cut();
            _segmentBegan = picture.Dts;
        }
        else if (_muxer.Count > 0 && picture.Dts + step - _muxer.FirstDts > Part)
        {
            Flush(picture.Dts);
        }

        if (_muxer.Count == 0)
            (_at, _isIndependent) = (picture.CapturedAt ?? picture.ReceivedAt, picture.IsKey);
        _muxer.Add(picture);
        _last = picture.Dts;
    }

    public void Dispose() => _muxer.Dispose();

    private void Begin(Picture picture)
    {
        Flush(null);
        _muxer.Dispose();
        (_muxer, _format, _segmentBegan) = (new(), picture.Format, picture.Dts);
        _buffer.ResetWrittenCount();
        InitializationSegment.Write(_buffer, picture.Format, null);
        window.Begin(_buffer.WrittenSpan.ToArray());
    }

    private void Flush(long? nextDts)
    {
        if (_muxer.Count == 0)
            return;
        var before = _muxer.Length;
        _buffer.ResetWrittenCount();
        _muxer.Flush(_buffer, nextDts);
        window.Add(new(_buffer.WrittenSpan.ToArray(), (_muxer.Length - before) / (double)Picture.Clock, _isIndependent), _at);
    }
}
