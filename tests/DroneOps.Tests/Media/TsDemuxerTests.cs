using DroneOps.Media;
using DroneOps.Media.TransportStream;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media;

public sealed class TsDemuxerTests
{
    private const int Datagram = 7 * TsPacket.Length;

    public static TheoryData<string> Streams => ["avc-reordered", "avc-camera", "hevc"];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Pictures_times_and_keys_are_those_that_ffprobe_sees(string name)
    {
        GoldenStream golden = new(name);
        var (pictures, demuxer) = GoldenStream.Demux(GoldenStream.Cut(golden.Bytes, Datagram));
        Assert.Equal(golden.Truth, pictures);
        var counters = demuxer.Counters;
        Assert.Equal((golden.Bytes.Length / TsPacket.Length, golden.Truth.Count, 0L), (counters.Packets, counters.Pictures, counters.SkippedBytes));
        Assert.Equal((0L, 0L, 0L, 0L), (counters.Gaps, counters.BadTables, counters.BadPes, counters.OrphanPackets));
    }

    [Theory]
    [InlineData("avc-reordered", VideoCodec.H264, 320, 180, "avc1.64000C")]
    [InlineData("avc-camera", VideoCodec.H264, 354, 266, "avc1.42C00D")]
    [InlineData("hevc", VideoCodec.H265, 354, 266, "hvc1.1.6.L60.90")]
    public void The_format_is_what_ffmpeg_writes_into_an_mp4(string name, VideoCodec codec, int width, int height, string codecString)
    {
        GoldenStream golden = new(name);
        var format = GoldenStream.Demux([golden.Bytes]).Demuxer.Format!;
        Assert.Equal((codec, width, height, codecString), (format.Codec, format.Width, format.Height, format.CodecString));
        var ours = format.Configuration.ToArray();
        if (codec == VideoCodec.H265)
        {
            // ffmpeg leaves array_completeness open; with the sets out of the pictures it is 1 (ISO/IEC 14496-15, 8.4.1.1, hvc1).
            foreach (var start in ArraysOf(ours))
                ours[start] &= 0x7F;
        }

        Assert.Equal(Convert.ToHexString(golden.Configuration), Convert.ToHexString(ours));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_picture_is_handed_out_with_its_last_packet_and_not_with_the_next_picture(string name)
    {
        GoldenStream golden = new(name);
        List<int> behind = [];
        var count = 0;
        TsDemuxer demuxer = new(
            picture =>
            {
                picture.Dispose();
                count++;
            },
            (_, _) => { });
        var begun = 0;
        foreach (var packet in GoldenStream.Cut(golden.Bytes, TsPacket.Length))
        {
            if (new TsPacket(packet.Span) is { Pid: 256, IsStart: true })
            {
                behind.Add(begun - count);
                begun++;
            }

            demuxer.Push(packet.Span, GoldenStream.Start);
        }

        // A few pictures to learn the sender's habit by, and those that fill their last packet to the byte (1 of 184).
        Assert.InRange(behind.Skip(6).Count(waiting => waiting > 0), 0, 2);
        Assert.Equal(0, demuxer.Counters.EarlyEnds);
    }

    [Property(MaxTest = 60)]
    public Property Any_cutting_gives_the_same_pictures() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        var golden = random.Next(2) == 0 ? GoldenStream.Camera : GoldenStream.Hevc;
        int[] lengths = [.. Enumerable.Range(0, 2000).Select(_ => random.Next(1, random.Next(2) == 0 ? 30 : 3000))];
        Assert.Equal(golden.Truth, GoldenStream.Demux(GoldenStream.Cut(golden.Bytes, lengths)).Pictures);
    });

    [Property(MaxTest = 60)]
    public Property Noise_between_packets_costs_no_picture_and_cutting_still_does_not_matter() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        List<byte> noisy = [];
        int noise = 0, quiet = 0;
        foreach (var packet in GoldenStream.Cut(GoldenStream.Camera.Bytes, TsPacket.Length))
        {
            // Three packets in a row are needed to find the sync again.
            if (++quiet > 3 && random.Next(40) == 0 && noisy.Count - noise < GoldenStream.Camera.Bytes.Length - 3 * TsPacket.Length)
            {
                quiet = 0;
                // Without sync bytes: noise that looks like packets may cost some.
                byte[] bytes = [.. Enumerable.Range(0, random.Next(1, 400)).Select(_ => (byte)random.Next(0x48, 0x100))];
                noisy.AddRange(bytes);
                noise += bytes.Length;
            }

            noisy.AddRange(packet.Span);
        }

        byte[] all = [.. noisy];
        int[] lengths = [.. Enumerable.Range(0, 2000).Select(_ => random.Next(1, 1500))];
        var (pictures, demuxer) = GoldenStream.Demux(GoldenStream.Cut(all, lengths));
        Assert.Equal(GoldenStream.Demux([all]).Pictures, pictures);
        Assert.Equal(noise, demuxer.Counters.SkippedBytes);
        Assert.Equal(GoldenStream.Camera.Truth, pictures);
    });

    [Property(MaxTest = 100)]
    public Property Whatever_is_lost_a_picture_with_a_hole_is_marked() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte>(), AssertHolesAreMarked);

    /// <summary>With these numbers a hole begins right behind a start code, and what stands behind the hole looks like a key picture.</summary>
    [Fact]
    public void A_start_code_before_a_hole_begins_no_picture() => AssertHolesAreMarked(14, 115);

    private static void AssertHolesAreMarked(int seed, byte percent)
    {
        Random random = new(seed);
        var golden = random.Next(2) == 0 ? GoldenStream.Camera : GoldenStream.Hevc;
        ReadOnlyMemory<byte>[] packets = [.. GoldenStream.Cut(golden.Bytes, TsPacket.Length)];
        // The last packet stays: nothing after it tells that it is missing.
        ReadOnlyMemory<byte>[] kept = [.. packets[..^1].Where(_ => random.Next(100) >= percent % 40), packets[^1]];
        var pictures = GoldenStream.Demux(kept).Pictures;
        var whole = golden.Truth.Select(truth => truth.Hash).ToHashSet();
        Assert.All(pictures, picture => Assert.True(picture.IsDamaged || whole.Contains(picture.Hash), $"{picture}"));
        if (kept.Length == packets.Length)
            Assert.Equal(golden.Truth, pictures);
        for (var i = 1; i < pictures.Count; i++)
            Assert.True(pictures[i].Dts >= pictures[i - 1].Dts);
    }

    // The places of the three array headers in an hvcC record.
    private static IEnumerable<int> ArraysOf(byte[] record)
    {
        var position = 23;
        for (var array = 0; array < record[22]; array++)
        {
            yield return position;
            var count = record[position + 1] << 8 | record[position + 2];
            position += 3;
            for (; count > 0; count--)
                position += 2 + (record[position] << 8 | record[position + 1]);
        }
    }
}
