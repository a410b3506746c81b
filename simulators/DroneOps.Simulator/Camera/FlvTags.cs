using System.Buffers.Binary;

namespace DroneOps.Simulator.Camera;

/// <summary>Reads an encoder's pictures from its pipe in FLV, which says before each picture how long it is: in a bare elementary stream a picture
/// has ended only when the next begins, a fortieth of a second later. Owned by the loop that reads the pipe.</summary>
internal sealed class FlvTags(Stream pipe)
{
    private const int FileHeader = 13;
    private const int TagHeader = 11;
    private const int Trailer = 4;
    private const int VideoHeader = 5;
    private const int Video = 9;
    private const int Pictures = 1;
    private const int Delimiter = 9;
    private const int Longest = 8 * 1024 * 1024;

    private byte[] _tag = new byte[256 * 1024];
    private bool _isBegun;

    /// <summary>The next picture as NAL units with start codes, from its access unit delimiter on; null at the end. It holds until the next call.</summary>
    /// <exception cref="InvalidDataException">That is not FLV.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            if (!await FillAsync(0, FileHeader, cancellationToken))
                return null;
            if (!_tag.AsSpan(0, 3).SequenceEqual("FLV"u8))
                throw new InvalidDataException("the encoder does not write FLV");
            _isBegun = true;
        }

        while (true)
        {
            if (!await FillAsync(0, TagHeader, cancellationToken))
                return null;
            var kind = _tag[0];
            var length = (_tag[1] << 16) | (_tag[2] << 8) | _tag[3];
            if (length > Longest)
                throw new InvalidDataException("a picture of the encoder is too long");
            if (_tag.Length < length + Trailer)
                _tag = new byte[length + Trailer];
            if (!await FillAsync(0, length + Trailer, cancellationToken))
                return null;
            if (kind == Video && length > VideoHeader && _tag[1] == Pictures && ToStartCodes(_tag.AsMemory(VideoHeader, length - VideoHeader)) is { } unit)
                return unit;
        }
    }

    /// <summary>Turns the length before each NAL unit into a start code of the same four bytes.</summary>
    private static ReadOnlyMemory<byte>? ToStartCodes(Memory<byte> units)
    {
        var bytes = units.Span;
        var begin = 0;
        for (var at = 0; at + 4 < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            if (length == 0 || length > bytes.Length - at - 4)
                throw new InvalidDataException("a picture of the encoder is cut off");
            BinaryPrimitives.WriteUInt32BigEndian(bytes[at..], 1);
            // x264 writes its own name before the first delimiter.
            if ((bytes[at + 4] & 0x1F) == Delimiter)
                begin = at;
            at += 4 + (int)length;
        }

        return bytes.Length > begin ? units[begin..] : null;
    }

    private async ValueTask<bool> FillAsync(int at, int count, CancellationToken cancellationToken) =>
        await pipe.ReadAtLeastAsync(_tag.AsMemory(at, count), count, throwOnEndOfStream: false, cancellationToken) == count;
}
