using System.Buffers.Binary;

namespace DroneOps.Media.Rtp;

/// <summary>The packets of one picture, one behind the other, each after the four bytes that RTSP puts before it on its own connection (RFC 2326,
/// 10.12). Reused from picture to picture, so that nothing is allocated.</summary>
public sealed class RtpBatch
{
    private const int Frame = 4;
    private const int UsualLength = 64 * 1024;

    private readonly List<(int Offset, int Length)> _packets = [];
    private byte[] _bytes = new byte[UsualLength];
    private int _length;

    /// <summary>How many packets there are.</summary>
    public int Count => _packets.Count;

    /// <summary>All of them as they go into RTSP's own connection.</summary>
    public ReadOnlyMemory<byte> Interleaved => _bytes.AsMemory(0, _length);

    /// <summary>One of them as it goes into a datagram.</summary>
    public ReadOnlyMemory<byte> this[int number] => _bytes.AsMemory(_packets[number].Offset, _packets[number].Length);

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _packets.Clear();
        _length = 0;
    }

    /// <summary>Room for one more packet, to be filled before the next call.</summary>
    internal Span<byte> Add(byte channel, int length)
    {
        var end = _length + Frame + length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, 2 * _bytes.Length));
        _bytes[_length] = (byte)'$';
        _bytes[_length + 1] = channel;
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(_length + 2), (ushort)length);
        _packets.Add((_length + Frame, length));
        _length = end;
        return _bytes.AsSpan(end - length, length);
    }

    /// <summary>The newest packet, for what is known of it only at the end.</summary>
    internal Span<byte> Last() => _bytes.AsSpan(_packets[^1].Offset, _packets[^1].Length);
}
