using System.Buffers;
using System.Buffers.Binary;
using DroneOps.Media;
using DroneOps.Media.Rtp;
using DroneOps.Media.TransportStream;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media.Rtp;

public sealed class RtpPacketizerTests
{
    private const byte Channel = 2;

    [Theory]
    [InlineData("avc-camera")]
    [InlineData("hevc")]
    public void A_stream_is_cut_into_the_packets_that_ffmpeg_makes_of_it(string name)
    {
        var theirs = Theirs(name);
        var ours = Ours(name, new(1, theirs[0].Sequence, 7, Channel, 600));
        Assert.Equal(theirs.Select(Shape), ours.Select(Shape));

        // Each of the two has added a number of its own to the times.
        Assert.Equal(theirs.Select(packet => packet.Timestamp - theirs[0].Timestamp), ours.Select(packet => packet.Timestamp - ours[0].Timestamp));

        // In packets that hold several units (24) ffmpeg leaves the importance 0, which RFC 6184, 5.3, wants to be the highest of the units'.
        static (bool, byte, ushort, string) Shape(RtpRead packet) =>
            (packet.Marker, packet.Type, packet.Sequence, Convert.ToHexString(packet.Payload is [var header, .. var rest] && (header & 0x1F) == 24 ? [24, .. rest] : packet.Payload));
    }

    [Property(MaxTest = 200)]
    public Property Whatever_the_units_are_and_however_small_a_packet_the_same_units_come_out() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        var codec = random.Next(2) == 0 ? VideoCodec.H264 : VideoCodec.H265;
        var most = random.Next(64, 1500);
        RtpPacketizer packetizer = new((uint)random.Next(), (ushort)random.Next(1 << 16), (uint)random.Next(), Channel, most);
        RtpBatch batch = new();
        for (var number = 0; number < 5; number++)
        {
            byte[][] units = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Unit(codec, random))];
            var next = packetizer.NextSequence;
            using var picture = Picture(codec, units, isKey: number == 0, dts: number * 3600);
            batch.Clear();
            packetizer.Write(picture, batch);
            RtpRead[] packets = [.. Enumerable.Range(0, batch.Count).Select(at => RtpRead.Of(batch[at].Span))];
            Assert.All(Enumerable.Range(0, batch.Count), at => Assert.InRange(batch[at].Length, 13, most));
            Assert.Equal([.. packets.Select((_, at) => at == packets.Length - 1)], packets.Select(packet => packet.Marker));
            Assert.Equal([.. packets.Select((_, at) => (ushort)(next + at))], packets.Select(packet => packet.Sequence));
            Assert.Single(packets.Select(packet => (packet.Timestamp, packet.Source, packet.Type)).Distinct());
            IEnumerable<byte[]> expected = number == 0 ? [.. picture.Format.ParameterSets.Select(set => set.ToArray()), .. units] : units;
            Assert.Equal(expected.Select(Convert.ToHexString), Depacketizer.Units(codec, packets.Select(packet => packet.Payload)).Select(Convert.ToHexString));
        }
    });

    [Fact]
    public void In_RTSPs_own_connection_each_packet_follows_its_channel_and_length()
    {
        RtpBatch batch = new();
        RtpPacketizer packetizer = new(1, 2, 3, Channel, 600);
        foreach (var picture in Pictures("avc-camera").Take(3))
        {
            using (picture)
                packetizer.Write(picture, batch);
        }

        RtcpReport.WriteSender(packetizer, GoldenStream.Start, "droneops", Channel + 1, batch);
        var rest = batch.Interleaved.Span;
        for (var number = 0; number < batch.Count; number++)
        {
            Assert.Equal([(byte)'$', (byte)(number == batch.Count - 1 ? Channel + 1 : Channel)], rest[..2].ToArray());
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            Assert.Equal(batch[number].ToArray(), rest.Slice(4, length).ToArray());
            rest = rest[(4 + length)..];
        }

        Assert.True(rest.IsEmpty);
    }

    [Fact]
    public void A_report_says_what_was_sent_and_which_time_stamp_belongs_to_the_time_of_day()
    {
        RtpBatch batch = new();
        RtpPacketizer packetizer = new(0x01020304, 9, 1000, 0, 600);
        using (var picture = Picture(VideoCodec.H264, [[0x41, 1, 2, 3]], isKey: false, dts: 900))
            packetizer.Write(picture, batch);
        batch.Clear();
        RtcpReport.WriteSender(packetizer, GoldenStream.Start.AddSeconds(1.5), "droneops", 1, batch);

        // RFC 3550, 6.4.1 and 6.5, written out by hand; the NTP time of 2026-11-28T06:00:01.5Z is 2208988800 + 1795845601 s and a half.
        var expected = "80C80006" + "01020304" + $"{2208988800 + 1795845601:X8}80000000" + $"{1900 + 135000:X8}" + "00000001" + "00000004"
            + "81CA0004" + "01020304" + "0108" + Convert.ToHexString("droneops"u8) + "0000";
        Assert.Equal(expected, Convert.ToHexString(batch[0].Span));
        batch.Clear();
        RtcpReport.WriteGoodbye(0x01020304, 1, batch);
        Assert.Equal("81CB000101020304", Convert.ToHexString(batch[0].Span));
    }

    [Fact]
    public void A_clock_that_leaps_does_not_make_the_time_stamps_leap()
    {
        RtpPacketizer packetizer = new(1, 0, 0, 0, 600);
        RtpBatch batch = new();
        List<uint> stamps = [];
        foreach (var (dts, at) in ((long, double)[])[(0, 0), (3600, 0.04), (90_000_000, 0.08), (90_003_600, 0.12), (5, 0.16), (3605, 0.2), (3605 + 450_000, 5.2)])
        {
            using var picture = Picture(VideoCodec.H264, [[0x41, 1]], isKey: false, dts, GoldenStream.Start.AddSeconds(at));
            packetizer.Write(picture, batch);
            stamps.Add(packetizer.Newest.Timestamp);
        }

        // The last is a real pause, and stays one.
        Assert.Equal([0, 3600, 7200, 10_800, 14_400, 18_000, 468_000], stamps);
    }

    internal static IEnumerable<Picture> Pictures(string name)
    {
        List<Picture> pictures = [];
        TsDemuxer demuxer = new(pictures.Add, (_, _) => { });
        demuxer.Push(GoldenStream.Read(name + ".ts"), GoldenStream.Start);
        demuxer.Flush();
        return pictures;
    }

    private static List<RtpRead> Ours(string name, RtpPacketizer packetizer)
    {
        RtpBatch batch = new();
        List<RtpRead> packets = [];
        foreach (var picture in Pictures(name))
        {
            using (picture)
            {
                batch.Clear();
                packetizer.Write(picture, batch);
                packets.AddRange(Enumerable.Range(0, batch.Count).Select(at => RtpRead.Of(batch[at].Span)));
            }
        }

        return packets;
    }

    private static List<RtpRead> Theirs(string name)
    {
        List<RtpRead> packets = [];
        var rest = GoldenStream.Read(name + ".rtp").AsSpan();
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest);
            packets.Add(RtpRead.Of(rest.Slice(2, length)));
            rest = rest[(2 + length)..];
        }

        return packets;
    }

    private static Picture Picture(VideoCodec codec, byte[][] units, bool isKey, long dts, DateTimeOffset? at = null)
    {
        VideoFormat format = new(codec, 16, 16, "", default, codec == VideoCodec.H264 ? [new byte[] { 0x67, 66, 0, 13, 1 }, new byte[] { 0x68, 1 }] : [new byte[] { 64, 1, 1 }, new byte[] { 66, 1, 1 }, new byte[] { 68, 1, 1 }]);
        var length = units.Sum(unit => 4 + unit.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        var at4 = 0;
        foreach (var unit in units)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at4), unit.Length);
            unit.CopyTo(buffer, at4 + 4);
            at4 += 4 + unit.Length;
        }

        return new(format, buffer, length) { IsKey = isKey, Pts = dts, Dts = dts, ReceivedAt = at ?? GoldenStream.Start };
    }

    // Of any type that a camera may send, which is none of RTP's own.
    private static byte[] Unit(VideoCodec codec, Random random)
    {
        var unit = new byte[random.Next(2) == 0 ? random.Next(3, 40) : random.Next(3, 5000)];
        random.NextBytes(unit);
        if (codec == VideoCodec.H264)
            unit[0] = (byte)(random.Next(4) << 5 | random.Next(1, 13));
        else
            (unit[0], unit[1]) = ((byte)(random.Next(41) << 1), (byte)random.Next(1, 8));
        return unit;
    }
}
