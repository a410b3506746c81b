using System.Buffers.Binary;

namespace DroneOps.Media.TransportStream;

/// <summary>The header of a PES packet, ISO/IEC 13818-1, 2.4.3.6.</summary>
/// <param name="Length">Bytes before the payload.</param>
/// <param name="Pts">Presentation time, 33 bits; null when the packet states none.</param>
/// <param name="Dts">Decoding time; equal to <paramref name="Pts"/> when only that is stated.</param>
internal readonly record struct PesHeader(int Length, long? Pts, long? Dts)
{
    /// <summary>The start code, the stream and the length.</summary>
    public const int FixedLength = 6;

    /// <summary>Up to the length of the optional fields.</summary>
    public const int FlagsLength = 9;

    private const int TimeLength = 5;

    /// <summary>The length of the whole packet that its header states; 0 when it states none, as video may (2.4.3.7).</summary>
    public static int PacketLength(ReadOnlySpan<byte> packet) =>
        packet.Length < FixedLength || BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) is not (> 0 and var length) ? 0 : FixedLength + length;

    /// <summary>Whether a packet begins here.</summary>
    public static bool IsAt(ReadOnlySpan<byte> packet) => packet.Length >= FixedLength && packet[0] == 0 && packet[1] == 0 && packet[2] == 1;

    /// <summary>Whether the packet says when its picture is shown. One that does not may go on with the picture of the packet before. True when
    /// that cannot be seen yet.</summary>
    public static bool HasTime(ReadOnlySpan<byte> packet) => packet.Length < FlagsLength || (packet[7] & 0x80) != 0;

    public static PesHeader? Read(ReadOnlySpan<byte> packet)
    {
        if (!IsAt(packet) || packet.Length < FlagsLength || (packet[6] & 0xC0) != 0x80)
            return null;
        var length = FlagsLength + packet[8];
        if (length > packet.Length)
            return null;
        long? pts = null, dts = null;
        if ((packet[7] & 0x80) != 0 && length >= FlagsLength + TimeLength)
            pts = dts = ReadTime(packet[FlagsLength..]);
        if ((packet[7] & 0xC0) == 0xC0 && length >= FlagsLength + 2 * TimeLength)
            dts = ReadTime(packet[(FlagsLength + TimeLength)..]);
        return new PesHeader(length, pts, dts);
    }

    // Three pieces, each before a marker bit.
    private static long ReadTime(ReadOnlySpan<byte> field) =>
        (field[0] >> 1 & 7L) << 30 | (long)(BinaryPrimitives.ReadUInt16BigEndian(field[1..]) >> 1) << 15 | (uint)BinaryPrimitives.ReadUInt16BigEndian(field[3..]) >> 1;
}
