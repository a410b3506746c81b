using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using DroneOps.Media;
using DroneOps.Media.Mp4;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Media.Mp4;

public sealed class FragmentMuxerTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 8, 30, 0, 125, TimeSpan.Zero);

    public static TheoryData<string, int> Golden => new()
    {
        { "h264-reordered", 1 }, { "h264-reordered", 13 }, { "h264-single", 1 }, { "h264-single", 25 }, { "h265", 1 }, { "h265", 7 },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task What_is_written_plays_in_ffmpeg_with_the_same_pictures_at_the_same_times(string name, int perFragment)
    {
        var source = await File.ReadAllBytesAsync(Checkout.Golden("mp4", name + ".mp4"));
        var pictures = Mp4Pictures.Read(source, firstDts: (1L << 33) - 90_000, At);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mp4");
        await File.WriteAllBytesAsync(path, Mux(pictures, perFragment));
        try
        {
            // Frame by frame the same picture as from ffmpeg's own file, and no complaint.
            Assert.Equal(await FfmpegAsync("-i", Checkout.Golden("mp4", name + ".mp4"), "-f", "framemd5", "-"), await FfmpegAsync("-i", path, "-f", "framemd5", "-"));
            var packets = await RunAsync("ffprobe", "-v", "error", "-show_packets", "-show_entries", "packet=pts,dts,size,flags", "-of", "csv=p=0", path);
            var first = pictures[0];
            Assert.Equal(
                pictures.Select(picture => string.Create(CultureInfo.InvariantCulture, $"{picture.Pts - first.Dts},{picture.Dts - first.Dts},{picture.Data.Length},{(picture.IsKey ? "K" : "_")}")),
                packets.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(',', line.Split(',')[..3]) + "," + line.Split(',')[3][0]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_begins_at_zero_and_says_when_its_pictures_were_taken()
    {
        var pictures = Mp4Pictures.Read(File.ReadAllBytes(Checkout.Golden("mp4", "h264-single.mp4")), 777_777_777, At);
        var index = Mp4Pictures.Index(Mux(pictures, 10));
        Assert.Null(index.Problem);
        Assert.Equal(0, index.Fragments[0].StartTime);
        Assert.Equal(
            Enumerable.Range(0, 10).Select(fragment => (pictures[fragment * 10].Dts - pictures[0].Dts, (DateTimeOffset?)pictures[fragment * 10].ReceivedAt)),
            index.Fragments.Select(fragment => (fragment.StartTime, fragment.CapturedAt)));
        Assert.Equal(pictures[0].Format.Configuration.ToArray(), index.Configuration.ToArray());
    }

    [Fact]
    public void The_newest_picture_is_shown_as_long_as_the_one_before_until_the_next_one_is_known()
    {
        var pictures = Mp4Pictures.Read(File.ReadAllBytes(Checkout.Golden("mp4", "h264-single.mp4")), 0, At);
        ArrayBufferWriter<byte> file = new();
        InitializationSegment.Write(file, pictures[0].Format, At);
        using FragmentMuxer muxer = new();
        foreach (var (count, next) in new (int, long?)[] { (1, null), (2, 7200 * 4), (1, null) })
        {
            for (var index = 0; index < count; index++)
            {
                using var picture = Retimed(pictures[muxer.Count], muxer.Length + (muxer.Count * 3003));
                muxer.Add(picture);
            }

            muxer.Flush(file, next);
        }

        Assert.Equal([3600u, 3003u, (7200 * 4) - 3600 - 3003, 22_197u], Mp4Pictures.Index(file.WrittenSpan).Fragments.SelectMany(fragment => fragment.Samples).Select(sample => sample.Duration));
    }

    [Fact]
    public void A_live_page_costs_no_allocation_for_a_picture()
    {
        var pictures = Mp4Pictures.Read(File.ReadAllBytes(Checkout.Golden("mp4", "h264-single.mp4")), 0, At);
        using FragmentMuxer muxer = new();
        ArrayBufferWriter<byte> buffer = new(64 * 1024);
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (var picture in pictures)
            {
                buffer.ResetWrittenCount();
                muxer.Add(picture);
                muxer.Flush(buffer, null);
            }
        }
    }

    [Property(MaxTest = 200)]
    public Property Any_pictures_in_any_fragments_are_read_as_they_were_written() => Prop.ForAll(
        ArbMap.Default.GeneratorFor<(byte[] Data, ushort Duration, short Shift, bool Key, bool Ends)>().NonEmptyListOf().Select(list => list.Take(60).ToList()).ToArbitrary(),
        steps =>
        {
            var format = new VideoFormat(VideoCodec.H264, 64, 48, "avc1.42C01F", new byte[] { 1, 2, 3 }, []);
            ArrayBufferWriter<byte> file = new();
            InitializationSegment.Write(file, format, null);
            using FragmentMuxer muxer = new();
            long dts = 1_000_000;
            List<(long Dts, long Pts, bool IsKey, string Bytes)> expected = [];
            foreach (var step in steps)
            {
                if (step.Ends)
                    muxer.Flush(file, dts);
                var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, step.Data.Length));
                step.Data.CopyTo(buffer, 0);
                using Picture picture = new(format, buffer, step.Data.Length) { Dts = dts, Pts = dts + step.Shift, IsKey = step.Key, ReceivedAt = At };
                muxer.Add(picture);
                expected.Add((dts - 1_000_000, dts - 1_000_000 + step.Shift, step.Key, Convert.ToHexString(step.Data)));
                dts += step.Duration;
            }

            muxer.Flush(file, null);
            var bytes = file.WrittenSpan.ToArray();
            var index = Mp4Pictures.Index(bytes);
            Assert.Null(index.Problem);
            Assert.Equal(bytes.Length, index.CompleteLength);
            Assert.Equal(expected, index.Fragments.SelectMany(fragment => fragment.Samples)
                .Select(sample => (sample.Dts, sample.Pts, sample.IsKey, Convert.ToHexString(bytes, (int)sample.Offset, sample.Size))));
        });

    private static byte[] Mux(List<Picture> pictures, int perFragment)
    {
        ArrayBufferWriter<byte> file = new();
        InitializationSegment.Write(file, pictures[0].Format, At);
        using FragmentMuxer muxer = new();
        foreach (var picture in pictures)
        {
            if (muxer.Count == perFragment)
                muxer.Flush(file, perFragment > 1 ? picture.Dts : null);
            muxer.Add(picture);
        }

        muxer.Flush(file, null);
        return file.WrittenSpan.ToArray();
    }

    private static Picture Retimed(Picture picture, long dts)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(picture.Data.Length);
        picture.Data.Span.CopyTo(buffer);
        return new Picture(picture.Format, buffer, picture.Data.Length) { Dts = dts, Pts = dts, IsKey = picture.IsKey, ReceivedAt = picture.ReceivedAt };
    }

    private static async Task<string[]> FfmpegAsync(params string[] arguments)
    {
        var lines = (await RunAsync("ffmpeg", ["-v", "error", "-xerror", .. arguments])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Where(line => !line.StartsWith('#')).Select(line => line.Split(',')[^1].Trim())];
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, await error));
        return output;
    }
}
