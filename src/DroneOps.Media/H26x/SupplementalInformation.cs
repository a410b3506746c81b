using System.Buffers.Binary;

namespace DroneOps.Media.H26x;

/// <summary>What is read from an SEI unit (ISO/IEC 14496-10, 7.3.2.3 and annex D; the same syntax in H.265).</summary>
internal readonly record struct SupplementalInformation(bool IsRecoveryPoint, DateTimeOffset? CapturedAt)
{
    private const int RecoveryPoint = 6;
    private const int UserDataUnregistered = 5;
    private const int LongestRead = 1024;

    /// <summary>The precision time stamp of MISB ST 0604: 16 bytes of identifier, a status, and microseconds with a byte 0xFF after every two
    /// but the last.</summary>
    private const int TimeStampLength = 16 + 1 + 11;

    public static SupplementalInformation Read(VideoCodec codec, ReadOnlySpan<byte> nal)
    {
        Span<byte> payload = stackalloc byte[LongestRead];
        ReadOnlySpan<byte> rest = payload[..Rbsp.Unescape(nal[NalUnit.HeaderLength(codec)..], payload)];
        var isRecoveryPoint = false;
        DateTimeOffset? capturedAt = null;
        // The last byte holds the stop bit.
        while (rest.Length > 2)
        {
            var type = ReadCount(ref rest);
            var length = ReadCount(ref rest);
            if (type < 0 || length < 0 || length > rest.Length)
                break;
            if (type == RecoveryPoint)
                isRecoveryPoint = true;
            else if (type == UserDataUnregistered)
                capturedAt ??= TimeStamp(rest[..length]);
            rest = rest[length..];
        }

        return new SupplementalInformation(isRecoveryPoint, capturedAt);
    }

    // ff_byte: each 0xFF adds 255 and goes on.
    private static int ReadCount(ref ReadOnlySpan<byte> rest)
    {
        var value = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            value += rest[i];
            if (rest[i] != 0xFF)
            {
                rest = rest[(i + 1)..];
                return value;
            }
        }

        return -1;
    }

    private static DateTimeOffset? TimeStamp(ReadOnlySpan<byte> data)
    {
        if (data.Length < TimeStampLength || !(data.StartsWith("MISPmicrosectime"u8) || data.StartsWith(InH265)))
            return null;
        var digits = data[17..TimeStampLength];
        Span<byte> time = [digits[0], digits[1], digits[3], digits[4], digits[6], digits[7], digits[9], digits[10]];
        return UnixMicroseconds.ToTime(BinaryPrimitives.ReadUInt64BigEndian(time));
    }

    private static ReadOnlySpan<byte> InH265 =>
        [0xA8, 0x68, 0x7D, 0xD4, 0xD7, 0x59, 0x37, 0x58, 0xA5, 0xCE, 0xF0, 0x33, 0x8B, 0x65, 0x45, 0xF1];
}
