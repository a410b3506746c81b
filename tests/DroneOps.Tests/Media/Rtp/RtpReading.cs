using System.Buffers.Binary;
using DroneOps.Media;
using Xunit;

namespace DroneOps.Tests.Media.Rtp;

/// <summary>One RTP packet as a receiver reads it (RFC 3550, 5.1): the header of twelve bytes, nothing more.</summary>
internal sealed record RtpRead(bool Marker, byte Type, ushort Sequence, uint Timestamp, uint Source, byte[] Payload)
{
    public static RtpRead Of(ReadOnlySpan<byte> packet)
    {
        Assert.Equal(0x80, packet[0]);
        return new(packet[1] >> 7 != 0, (byte)(packet[1] & 0x7F), BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), BinaryPrimitives.ReadUInt32BigEndian(packet[4..]), BinaryPrimitives.ReadUInt32BigEndian(packet[8..]), packet[12..].ToArray());
    }
}

/// <summary>Puts NAL units together again, by the letter of RFC 6184 and RFC 7798. What is against it throws.</summary>
internal static class Depacketizer
{
    public static List<byte[]> Units(VideoCodec codec, IEnumerable<byte[]> payloads)
    {
        List<byte[]> units = [];
        List<byte>? cut = null;
        var (header, aggregate, fragment) = codec == VideoCodec.H264 ? (1, 24, 28) : (2, 48, 49);
        foreach (var payload in payloads)
        {
            var type = codec == VideoCodec.H264 ? payload[0] & 0x1F : payload[0] >> 1 & 0x3F;
            Assert.True(cut is null || type == fragment, "Something stands between the parts of a unit.");
            if (type == aggregate)
            {
                var before = units.Count;
                for (var at = header; at < payload.Length;)
                {
                    var length = BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at));
                    units.Add(payload[(at + 2)..(at + 2 + length)]);
                    at += 2 + length;
                }

                Assert.True(units.Count - before > 1, "One unit alone is not to be aggregated.");
            }
            else if (type == fragment)
            {
                var (start, end) = ((payload[header] & 0x80) != 0, (payload[header] & 0x40) != 0);
                Assert.False(start && end, "A unit in one part is not to be cut.");
                Assert.Equal(start, cut is null);
                cut ??= codec == VideoCodec.H264
                    ? [(byte)(payload[0] & 0xE0 | payload[1] & 0x1F)]
                    : [(byte)(payload[0] & 0x81 | (payload[2] & 0x3F) << 1), payload[1]];
                cut.AddRange(payload[(header + 1)..]);
                if (!end)
                    continue;
                units.Add([.. cut]);
                cut = null;
            }
            else
            {
                units.Add(payload);
            }
        }

        Assert.Null(cut);
        return units;
    }
}
