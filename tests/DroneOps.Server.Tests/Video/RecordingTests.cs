using System.Diagnostics;
using System.Globalization;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>Recordings as files: what a kill leaves of them, and what becomes of those that somebody has changed.</summary>
public sealed class RecordingTests
{
    private const int Kills = 20;
    private const int PicturesPerSecond = 25;

    [Fact]
    public async Task A_recorder_killed_at_any_moment_loses_one_second_at_most_and_the_rest_plays_and_verifies()
    {
        var random = new Random(4);
        var lost = new List<int>();
        foreach (var batch in Enumerable.Range(0, Kills).Select(_ => random.Next(5, 90)).Chunk(4))
            lost.AddRange(await Task.WhenAll(batch.Select(KillAfterAsync)));
        Assert.All(lost, pictures => Assert.InRange(pictures, 0, PicturesPerSecond));
        TestContext.Current.SendDiagnosticMessage($"{Kills} kills: at most {lost.Max()} pictures lost, {lost.Average():0.0} on average");
    }

    [Fact]
    public async Task A_recording_plays_from_start_to_end_and_states_its_silence()
    {
        using var root = new Folder();
        var found = await RecordAsync(root.Path, silentAfter: 60);
        Assert.Null(found.Problem);
        Assert.True(found.IsClosed);
        Assert.Equal(3, found.Segments);
        var gap = Assert.Single(found.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps));
        Assert.Equal(GapReason.SourceSilent, gap.Reason);
        Assert.Equal(TimeSpan.FromSeconds(3), gap.To - gap.From);
        foreach (var line in found.Lines.Where(line => line.Segment is not null))
            await PlayAsync(Path.Combine(RecorderHost.PathOf(root.Path), line.Segment!.File));
    }

    [Theory]
    [InlineData("flip", 2)]
    [InlineData("remove", 2)]
    [InlineData("removeLast", 3)]
    [InlineData("swap", 1)]
    [InlineData("truncate", 3)]
    [InlineData("words", 2)]
    [InlineData("end", 4)]
    [InlineData("add", 4)]
    [InlineData("identity", 1)]
    public async Task A_recording_that_was_changed_is_found_and_the_first_bad_segment_named(string deed, int firstBad)
    {
        using var root = new Folder();
        Assert.Null((await RecordAsync(root.Path, silentAfter: int.MaxValue)).Problem);
        var path = RecorderHost.PathOf(root.Path);
        string Of(int number) => Path.Combine(path, RecordingFolder.FileName(number));
        var ledger = Path.Combine(path, RecordingLedger.LedgerName);
        switch (deed)
        {
            case "flip":
                var bytes = await File.ReadAllBytesAsync(Of(2));
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(Of(2), bytes);
                break;
            case "remove":
                File.Delete(Of(2));
                break;
            case "removeLast":
                File.Delete(Of(3));
                break;
            case "swap":
                File.Move(Of(1), Of(9));
                File.Move(Of(2), Of(1));
                File.Move(Of(9), Of(2));
                break;
            case "truncate":
                await File.WriteAllBytesAsync(Of(3), (await File.ReadAllBytesAsync(Of(3)))[..^1]);
                break;
            case "words":
                var lines = await File.ReadAllLinesAsync(ledger);
                lines[1] = lines[1].Replace("\"width\":320", "\"width\":321", StringComparison.Ordinal);
                await File.WriteAllLinesAsync(ledger, lines);
                break;
            case "end":
                await File.WriteAllLinesAsync(ledger, (await File.ReadAllLinesAsync(ledger))[..^1]);
                break;
            case "add":
                File.Copy(Of(1), Of(4));
                break;
            default:
                var identity = Path.Combine(path, RecordingLedger.IdentityName);
                await File.WriteAllTextAsync(identity, (await File.ReadAllTextAsync(identity)).Replace("user:pilot", "user:other", StringComparison.Ordinal));
                break;
        }

        var found = await RecordingVerification.CheckAsync(path, mayBeOpen: false, TestContext.Current.CancellationToken);
        Assert.Equal(firstBad, found.FirstBad);
        var (code, text, _) = await Harness.Droneops.RunAsync("video", "verify", path);
        Assert.Equal(1, code);
        Assert.StartsWith($"BAD segment {firstBad}: ", text, StringComparison.Ordinal);
    }

    /// <summary>Records four seconds and a half in this process, with three seconds of silence behind a picture.</summary>
    private static async Task<RecordingVerification> RecordAsync(string root, int silentAfter)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
        await using var audit = RecorderHost.OpenAudit(root);
        LiveStream stream = new("1-visible");
        var begin = time.GetUtcNow();
        var recording = RecorderHost.Recorder(RecorderHost.Create(root, time), stream, audit, time).RunAsync(() => "user:pilot", CancellationToken.None);
        foreach (var (picture, number) in RecorderHost.Pictures(begin).Take(120 + PicturesPerSecond * 3).Select((picture, number) => (picture, number)))
        {
            if (number >= silentAfter && number < silentAfter + (PicturesPerSecond * 3) || (silentAfter == int.MaxValue && number >= 120))
                picture.Dispose();
            else
                stream.Publish(picture);
        }

        time.Advance(TimeSpan.FromSeconds((silentAfter == int.MaxValue ? 120.0 : 195.0) / PicturesPerSecond));
        stream.End();
        Assert.Null(await recording);
        return await RecordingVerification.CheckAsync(RecorderHost.PathOf(root), mayBeOpen: false, TestContext.Current.CancellationToken);
    }

    /// <summary>Kills a recorder after some pictures, finishes what it left, and checks all of that.</summary>
    /// <returns>Pictures that were handed over and are not in the recording.</returns>
    private static async Task<int> KillAfterAsync(int pictures)
    {
        using var root = new Folder();
        var program = Path.Combine(AppContext.BaseDirectory, "DroneOps.Server.Tests.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, "record", root.Path]) { RedirectStandardOutput = true })!;
        var handed = 0;
        while (handed < pictures && await process.StandardOutput.ReadLineAsync() is { } line)
            handed = int.Parse(line, CultureInfo.InvariantCulture);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } late)
            handed = int.TryParse(late, CultureInfo.InvariantCulture, out var number) ? number : handed;
        await process.WaitForExitAsync();

        await using var audit = RecorderHost.OpenAudit(root.Path);
        var folder = RecordingFolder.Open(RecorderHost.PathOf(root.Path));
        await RecordingRecovery.FinishAsync(folder, new RecordingBook(audit), GapReason.ServerStopped, TimeProvider.System, CancellationToken.None);
        var found = await RecordingVerification.CheckAsync(folder.Path, mayBeOpen: false, CancellationToken.None);
        Assert.Null(found.Problem);
        Assert.Equal(GapReason.ServerStopped, Assert.Single(found.Lines[^1].Closing!.Gaps).Reason);
        foreach (var line in found.Lines)
            Assert.Contains(line.Chain, audit.Read(line.AuditEntry, line.AuditEntry + 1).Single().Details.GetRawText(), StringComparison.Ordinal);
        var kept = 0;
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*.mp4"))
            kept += await PlayAsync(file);
        return handed - kept;
    }

    /// <summary>Decodes a file with ffmpeg, which has nothing to complain of.</summary>
    /// <returns>Its pictures.</returns>
    private static async Task<int> PlayAsync(string file)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-xerror", "-i", file, "-f", "framemd5", "-"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, await error));
        return output.Split('\n').Count(line => line.Length > 0 && line[0] != '#');
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("droneops-video-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
