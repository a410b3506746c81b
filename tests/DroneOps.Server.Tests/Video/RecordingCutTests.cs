using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using DroneOps.Media.Mp4;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using DroneOps.Tests.Media.Mp4;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>A stretch of a recording as one file: what ffmpeg sees in it, and that it is the recorded pictures and no others.</summary>
public sealed class RecordingCutTests : IAsyncLifetime
{
    private const int Rate = 25;
    private const int Pictures = 7 * Rate;
    private const int SilentFrom = 80;
    private const int SilentTo = 130;

    private readonly string _root = Directory.CreateTempSubdirectory("droneops-cut-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly List<byte[]> _recorded = [];
    private RecordingFolder _folder = null!;

    /// <summary>Seven seconds in files of two, with two seconds of silence within, in which what waits is written.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var audit = RecorderHost.OpenAudit(_root);
        LiveStream stream = new("1-visible");
        _folder = RecorderHost.Create(_root, _time);
        var recording = RecorderHost.Recorder(_folder, stream, audit, _time).RunAsync(() => "user:pilot", CancellationToken.None);
        foreach (var (picture, number) in RecorderHost.Pictures(_time.GetUtcNow()).Take(Pictures).Select((picture, number) => (picture, number)))
        {
            if (number == SilentFrom)
                await RecorderHost.WrittenAsync(_folder, _time, files: 1, TimeSpan.FromSeconds((SilentFrom - (2.0 * Rate)) / Rate));
            if (number is >= SilentFrom and < SilentTo)
            {
                picture.Dispose();
                continue;
            }

            _recorded.Add(SHA256.HashData(picture.Data.Span));
            stream.Publish(picture);
        }

        _time.Advance(TimeSpan.FromSeconds(7));
        stream.End();
        Assert.Null(await recording);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_whole_recording_is_one_file_that_states_its_length_and_keeps_its_gap()
    {
        var cut = Plan(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        var (file, index) = await WriteAsync(cut);
        Assert.Equal(cut.Length, new FileInfo(file).Length);
        Assert.Equal(_recorded.Select(Convert.ToHexString), await HashesAsync(file, index));
        Assert.Equal(Enumerable.Range(1, index.Fragments.Count), await SequencesAsync(file, index));

        // A player that has only seen the index knows how long it plays; the packets lie where they were recorded.
        Assert.Equal("7.000000", (await RunAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file)).Trim());
        var times = (await RunAsync("ffprobe", "-v", "error", "-show_entries", "packet=dts_time", "-of", "csv=p=0", file)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line.Trim(','), CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(Enumerable.Range(0, Pictures).Where(number => number is < SilentFrom or >= SilentTo).Select(number => Math.Round(number / (double)Rate, 3)), times.Select(time => Math.Round(time, 3)));
        Assert.Equal($"h264,320,176,{_recorded.Count}", await Camera.ProbeAsync(file));
        Assert.Equal((cut.From, cut.To), (_folder.Identity.StartedAt, _folder.Identity.StartedAt.AddSeconds(7)));
    }

    [Fact]
    public async Task A_part_begins_with_the_key_picture_before_it_and_names_the_bytes_it_was_made_from()
    {
        var start = _folder.Identity.StartedAt;
        var cut = Plan(start.AddSeconds(1.5), start.AddSeconds(2.3));
        var (file, index) = await WriteAsync(cut);
        Assert.True(cut.From <= start.AddSeconds(1.5) && cut.To >= start.AddSeconds(2.3) && cut.To < start.AddSeconds(3.2));
        Assert.True(index.Fragments[0].StartsWithKey);
        Assert.Equal(0, index.Fragments[0].StartTime);
        Assert.Equal(cut.From, index.Fragments[0].CapturedAt);
        await RunAsync("ffmpeg", "-v", "error", "-xerror", "-i", file, "-f", "null", "-");

        // The named bytes of the segments hold every picture of the part, in order.
        var sources = cut.SourcesIn(_folder);
        Assert.Equal([1, 2], sources.Select(source => source.Segment));
        var named = sources.SelectMany(source =>
        {
            var segment = File.ReadAllBytes(_folder.FileOf(RecordingFolder.FileName(source.Segment)));
            Assert.Equal(source.Sha256, Convert.ToHexStringLower(SHA256.HashData(segment)));
            return Mp4Pictures.Index(segment).Fragments.SelectMany(fragment => fragment.Samples).Where(sample => sample.Offset >= source.FirstByte && sample.Offset + sample.Size - 1 <= source.LastByte)
                .Select(sample => Convert.ToHexString(SHA256.HashData(segment.AsSpan((int)sample.Offset, sample.Size))));
        });
        Assert.Equal(named, await HashesAsync(file, index));
    }

    [Fact]
    public void A_time_without_pictures_gives_none()
    {
        Assert.IsType<CutResult.Nothing>(RecordingCut.Plan(_folder, _folder.Identity.StartedAt.AddHours(1), _folder.Identity.StartedAt.AddHours(2)));
        Assert.IsType<CutResult.Nothing>(RecordingCut.Plan(_folder, _folder.Identity.StartedAt.AddSeconds(-5), _folder.Identity.StartedAt));
    }

    [Fact]
    public void Read_in_any_pieces_it_is_the_same_file()
    {
        var cut = Plan(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        using CutStream whole = new(cut);
        using MemoryStream all = new();
        whole.CopyTo(all);
        var bytes = all.ToArray();
        Prop.ForAll(Gen.Choose(0, bytes.Length - 1).Zip(Gen.Choose(1, 5000)).ToArbitrary(), pair =>
        {
            var (from, count) = pair;
            using CutStream part = new(cut) { Position = from };
            var buffer = new byte[Math.Min(count, bytes.Length - from)];
            part.ReadExactly(buffer);
            return buffer.AsSpan().SequenceEqual(bytes.AsSpan(from, buffer.Length));
        }).QuickCheckThrowOnFailure();
    }

    private RecordingCut Plan(DateTimeOffset from, DateTimeOffset to) => Assert.IsType<CutResult.Made>(RecordingCut.Plan(_folder, from, to)).Cut;

    private async Task<(string File, FragmentIndex Index)> WriteAsync(RecordingCut cut)
    {
        var path = Path.Combine(_root, $"{Guid.NewGuid():N}.mp4");
        await using (CutStream from = new(cut))
        await using (var to = File.Create(path))
            await from.CopyToAsync(to);
        var index = Mp4Pictures.Index(await File.ReadAllBytesAsync(path));
        Assert.Null(index.Problem);
        return (path, index);
    }

    private static async Task<IEnumerable<string>> HashesAsync(string path, FragmentIndex index)
    {
        var file = await File.ReadAllBytesAsync(path);
        return [.. index.Fragments.SelectMany(fragment => fragment.Samples).Select(sample => Convert.ToHexString(SHA256.HashData(file.AsSpan((int)sample.Offset, sample.Size))))];
    }

    private static async Task<IEnumerable<int>> SequencesAsync(string path, FragmentIndex index)
    {
        var file = await File.ReadAllBytesAsync(path);
        return [.. index.Fragments.Select(fragment => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(file.AsSpan((int)fragment.SequenceAt)))];
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
