using System.Buffers.Binary;

namespace DroneOps.Server.Video;

/// <summary>What one datagram of a camera holds. Pure.</summary>
internal static class TransportDatagram
{
    private const byte Sync = 0x47;
    private const int PacketLength = 188;
    private const int RtpHeader = 12;
    private const int ExtensionHeader = 4;

    /// <summary>The bytes of transport stream in it: all of it, or what follows the header of RTP (RFC 3550, 5.1; RFC 2250). Empty where the header
    /// promises more than there is.</summary>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> datagram)
    {
        // Version 2 is 10 in the two highest bits; a transport packet begins with 0x47.
        if (datagram.Length < RtpHeader || datagram[0] >> 6 != 2)
            return datagram;
        var begin = RtpHeader + (4 * (datagram[0] & 0x0f));
        if ((datagram[0] & 0x10) != 0)
        {
            if (datagram.Length < begin + ExtensionHeader)
                return [];
            begin += ExtensionHeader + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(begin + 2)..]));
        }

        var end = datagram.Length - ((datagram[0] & 0x20) != 0 ? datagram[^1] : 0);
        return begin < end ? datagram[begin..end] : [];
    }

    /// <summary>Whether it is cut from a transport stream: the sync byte returns every 188 bytes, wherever the cut was.</summary>
    public static bool IsTransportStream(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < PacketLength)
            return false;
        for (var offset = 0; offset < PacketLength; offset++)
        {
            var at = offset;
            while (at < payload.Length && payload[at] == Sync)
                at += PacketLength;
            if (at >= payload.Length && (offset == 0 || payload.Length >= 3 * PacketLength))
                return true;
        }

        return false;
    }
}
