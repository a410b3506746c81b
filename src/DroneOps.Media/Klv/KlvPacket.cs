namespace DroneOps.Media.Klv;

/// <summary>The outside of a KLV packet, SMPTE ST 336: a universal key of 16 bytes, a length, and as many bytes of value.</summary>
internal static class KlvPacket
{
    public const int KeyLength = 16;

    /// <summary>All universal keys begin so.</summary>
    public static ReadOnlySpan<byte> UniversalPrefix => [0x06, 0x0E, 0x2B, 0x34];

    /// <summary>The bytes of the packet that begins here; null when none does, or it is not whole.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= KeyLength || !bytes.StartsWith(UniversalPrefix))
            return null;
        var rest = bytes[KeyLength..];
        return ReadLength(ref rest) is { } length && length <= rest.Length ? bytes.Length - rest.Length + length : null;
    }

    /// <summary>A BER length (ISO/IEC 8825-1, 8.1.3): one byte up to 127, or the number of bytes that follow. At most four are taken.</summary>
    public static int? ReadLength(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return null;
        int first = bytes[0];
        bytes = bytes[1..];
        if (first < 0x80)
            return first;
        var count = first & 0x7F;
        if (count is 0 or > 4 || count > bytes.Length)
            return null;
        long length = 0;
        foreach (var value in bytes[..count])
            length = length << 8 | value;
        bytes = bytes[count..];
        return length > int.MaxValue ? null : (int)length;
    }
}
