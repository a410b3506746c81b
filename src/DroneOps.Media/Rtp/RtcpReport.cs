using System.Buffers.Binary;
using System.Text;
using DroneOps.Media.Mp4;

namespace DroneOps.Media.Rtp;

/// <summary>What a sender says of its stream (RFC 3550, 6): how much it sent, and which time stamp belongs to which time of day.</summary>
public static class RtcpReport
{
    private const byte Version = 2 << 6;
    private const byte SenderReport = 200;
    private const byte SourceDescription = 202;
    private const byte Goodbye = 203;
    private const byte CanonicalName = 1;
    private const int ReportLength = 28;
    private const int Word = 4;

    /// <summary>Adds a sender report with the source's name (6.4.1, 6.5).</summary>
    /// <param name="now">The time of the report.</param>
    /// <param name="name">The sender's name (CNAME), ASCII.</param>
    public static void WriteSender(RtpPacketizer stream, DateTimeOffset now, string name, byte channel, RtpBatch batch)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(name);

        // The items end with a 0 and are filled up to a word.
        var described = (2 * Word + 2 + name.Length + Word) / Word * Word;
        var packet = batch.Add(channel, ReportLength + described);
        packet.Clear();
        Begin(packet, 0, SenderReport, ReportLength, stream.Source);
        BinaryPrimitives.WriteUInt64BigEndian(packet[8..], NtpTime.Of(now));
        var since = (now - stream.Newest.At).Ticks * Picture.Clock / TimeSpan.TicksPerSecond;
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], unchecked(stream.Newest.Timestamp + (uint)since));
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], stream.Packets);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], stream.Octets);

        packet = packet[ReportLength..];
        Begin(packet, 1, SourceDescription, described, stream.Source);
        (packet[8], packet[9]) = (CanonicalName, (byte)name.Length);
        Encoding.ASCII.GetBytes(name, packet[10..]);
    }

    /// <summary>Adds the end of the stream (6.6).</summary>
    public static void WriteGoodbye(uint source, byte channel, RtpBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Begin(batch.Add(channel, 2 * Word), 1, Goodbye, 2 * Word, source);
    }

    private static void Begin(Span<byte> packet, int count, byte type, int length, uint source)
    {
        (packet[0], packet[1]) = ((byte)(Version | count), type);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(length / Word - 1));
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], source);
    }
}
