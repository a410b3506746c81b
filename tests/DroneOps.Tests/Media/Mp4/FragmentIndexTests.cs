using System.Globalization;
using DroneOps.Media;
using DroneOps.Media.Mp4;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media.Mp4;

public sealed class FragmentIndexTests
{
    public static TheoryData<string> Golden => ["h264-reordered", "h264-single", "h265"];

    [Theory]
    [MemberData(nameof(Golden))]
    public void Every_picture_of_a_file_by_ffmpeg_is_found_as_ffprobe_finds_it(string name)
    {
        var index = Mp4Pictures.Index(File.ReadAllBytes(Checkout.Golden("mp4", name + ".mp4")));
        string[] expected = [.. File.ReadLines(Checkout.Golden("mp4", name + ".csv")).Select(line => line.TrimEnd(','))];
        Assert.Null(index.Problem);
        Assert.Equal(expected, index.Fragments.SelectMany(fragment => fragment.Samples).Select(sample => string.Create(
            CultureInfo.InvariantCulture, $"{sample.Pts},{sample.Dts},{sample.Duration},{sample.Size},{sample.Offset},{(sample.IsKey ? "K_" : "__")}")));
        Assert.Equal((320, 176, 12_800u), (index.Width, index.Height, index.Timescale));
        Assert.Equal(name == "h265" ? VideoCodec.H265 : VideoCodec.H264, index.Codec);
        Assert.Equal(1, index.Configuration.Span[0]);
    }

    [Fact]
    public void The_wall_clock_that_ffmpeg_writes_is_read()
    {
        var index = Mp4Pictures.Index(File.ReadAllBytes(Checkout.Golden("mp4", "h265.mp4")));
        var times = index.Fragments.Select(fragment => fragment.CapturedAt!.Value).ToList();
        Assert.All(times, time => Assert.InRange(time, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(times.Order(), times);
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_file_cut_off_anywhere_ends_with_its_last_complete_fragment(string name)
    {
        var file = File.ReadAllBytes(Checkout.Golden("mp4", name + ".mp4"));
        var whole = Mp4Pictures.Index(file);
        for (var length = 0; length < file.Length; length += 61)
        {
            var cut = Mp4Pictures.Index(file.AsSpan(0, length));
            Assert.Null(cut.Problem);
            var complete = whole.Fragments.TakeWhile(fragment => fragment.Offset + fragment.Length <= length).ToList();
            Assert.Equal(complete.Count, cut.Fragments.Count);
            Assert.Equal(complete is [.., var last] ? last.Offset + last.Length : whole.InitializationLength <= length ? whole.InitializationLength : 0, cut.CompleteLength);
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void It_makes_no_difference_in_which_pieces_a_file_comes_or_what_of_it_is_skipped(string name)
    {
        var file = File.ReadAllBytes(Checkout.Golden("mp4", name + ".mp4"));
        var whole = Describe(Mp4Pictures.Index(file));
        foreach (var size in new[] { 1, 7, 4096 })
        {
            FragmentIndex index = new();
            for (var at = 0; at < file.Length; at += size)
                index.Append(file.AsSpan(at, Math.Min(size, file.Length - at)));
            Assert.Equal(whole, Describe(index));
        }

        FragmentIndex skipping = new();
        long read = 0;
        while (skipping.Position < file.Length)
        {
            skipping.Skip(Math.Min(skipping.Skippable, file.Length - skipping.Position));
            var count = (int)Math.Min(16, file.Length - skipping.Position);
            skipping.Append(file.AsSpan((int)skipping.Position, count));
            read += count;
        }

        Assert.Equal(whole, Describe(skipping));
        Assert.True(read < file.Length / 2, $"{read} of {file.Length} bytes were read");
    }

    [Property(MaxTest = 300)]
    public void Whatever_bytes_come_nothing_is_thrown_and_no_fragment_lies_outside_of_them(byte[] garbage, uint at, byte[] within)
    {
        foreach (var file in new[] { garbage, Spoilt(at, within) })
        {
            var index = Mp4Pictures.Index(file);
            Assert.InRange(index.CompleteLength, 0, file.Length);
            Assert.All(index.Fragments, fragment => Assert.True(fragment.Offset + fragment.Length <= file.Length));
            Assert.All(index.Fragments.SelectMany(fragment => fragment.Samples), sample => Assert.True(sample.Offset >= 0 && sample.Offset + sample.Size <= file.Length));
        }
    }

    [Fact]
    public void What_is_no_file_of_fragments_is_named()
    {
        Assert.Equal("It does not begin as an MP4 file does.", Mp4Pictures.Index("GET / HTTP/1.1\r\n\r\n"u8).Problem);
        Assert.NotNull(Mp4Pictures.Index([0, 0, 0, 8, .. "ftyp"u8, 0, 0, 0, 8, .. "moov"u8]).Problem);
        Assert.NotNull(Mp4Pictures.Index([0, 0, 0, 8, .. "ftyp"u8, 0, 0, 0, 0, .. "mdat"u8]).Problem);
        Assert.NotNull(Mp4Pictures.Index([0, 0, 0, 8, .. "ftyp"u8, 0, 0, 0, 8, .. "moof"u8]).Problem);
        Assert.NotNull(Mp4Pictures.Index([0, 0, 0, 8, .. "ftyp"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "moov"u8]).Problem);
    }

    private static byte[] Spoilt(uint at, byte[] within)
    {
        var file = File.ReadAllBytes(Checkout.Golden("mp4", "h265.mp4"));

        // Mostly among the headers of the first fragment, where something can be broken.
        var place = (int)(at % 4000);
        within.AsSpan(0, Math.Min(within.Length, file.Length - place)).CopyTo(file.AsSpan(place));
        return file;
    }

    private static string Describe(FragmentIndex index) =>
        $"{index.InitializationLength} {index.CompleteLength} {index.Problem} " + string.Join('\n', index.Fragments.Select(fragment => $"{fragment} {string.Join(' ', fragment.Samples)}"));
}
