using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Benchmarks;

/// <summary>Kills under recording, of real processes at random moments: the service, while it records a camera that sends to it, and in turns the camera and
/// the ffmpeg that fetches it. After each, what is left is checked by <see cref="RecordingProof"/>.</summary>
internal sealed class KillsBenchmark : ISystemBenchmark
{
    private const string Stream = "1-visible";
    private const int KillsPerRecording = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public string Name => "kills";

    public string Summary => "the service and ffmpeg killed at random moments under recording: what is lost, what plays, what verifies [server|ffmpeg|both] [COUNT] [SEED]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var what = arguments.Count > 0 ? arguments[0] : "both";
        var count = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 100;
        var seed = arguments.Count > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 4;
        Console.WriteLine(Machine.Describe());
        var faults = 0;
        if (what is "server" or "both")
            faults += await ReportAsync("service", proof => KillServerAsync(proof, count, new Random(seed), cancellationToken));
        if (what is "ffmpeg" or "both")
            faults += await ReportAsync("ffmpeg", proof => KillSourcesAsync(proof, count, new Random(seed), cancellationToken));
        return faults == 0 ? 0 : 1;
    }

    private static async Task<int> ReportAsync(string what, Func<RecordingProof, Task> run)
    {
        RecordingProof proof = new();
        await run(proof);
        Console.WriteLine($"{what,-8} {proof}");
        foreach (var fault in proof.Faults)
            Console.WriteLine($"         {fault}");
        return proof.Faults.Count;
    }

    /// <summary>Each kill ends one recording; the service is started again, finishes it, and records on by itself. One start in five is killed as well.</summary>
    private static async Task KillServerAsync(RecordingProof proof, int count, Random random, CancellationToken cancellation)
    {
        var port = FreePorts.Take();
        using var folder = new TemporaryFolder();
        using var camera = KilledCamera.SendTo(port);
        await using var server = await ServerProcess.StartAsync(folder.Path, cancellation, [.. Settings, $"Video:Sources:0:Url=udp://127.0.0.1:{Text(port)}"]);
        using (var pilot = await server.SignInAsync("pilot", cancellation))
            await OrderAsync(pilot, cancellation);
        for (var kill = 1; kill <= count; kill++)
        {
            var path = await BeginningAsync(folder.Path, cancellation);
            await PassAsync(random.NextDouble() * 7, cancellation);
            var at = TimeProvider.System.GetUtcNow();
            await server.KillAsync(cancellation);
            if (kill % 5 == 0)
                await server.StartAndKillAsync(server.StartedIn * random.NextDouble(), cancellation);
            await server.RestartAsync(cancellation);
            await proof.CheckAsync(path, [at], cancellation);
            Tell("service", kill, count, proof);
        }

        // The last recording ends in peace, and is not checked: nothing was killed in it.
        using var last = await server.SignInAsync("pilot", cancellation);
        using var ended = await last.DeleteAsync(new Uri($"/api/v1/video/streams/{Stream}/recording", UriKind.Relative), cancellation);
    }

    /// <summary>Ten kills to a recording: the camera, the ffmpeg that fetches it, and so on.</summary>
    private static async Task KillSourcesAsync(RecordingProof proof, int count, Random random, CancellationToken cancellation)
    {
        var port = FreePorts.Take();
        using var folder = new TemporaryFolder();
        using var camera = KilledCamera.OfferRtmp(port);
        await using var server = await ServerProcess.StartAsync(
            folder.Path, cancellation, [.. Settings, $"Video:Sources:0:Url=rtmp://127.0.0.1:{Text(port)}/live/camera", "Video:AllowedNetworks:0=127.0.0.0/8"]);
        using var pilot = await server.SignInAsync("pilot", cancellation);
        for (var done = 0; done < count;)
        {
            await LiveAsync(pilot, camera, DateTimeOffset.MinValue, cancellation);
            await OrderAsync(pilot, cancellation);
            var path = await BeginningAsync(folder.Path, cancellation);
            List<DateTimeOffset> kills = [];
            for (; kills.Count < KillsPerRecording && done < count; done++)
            {
                await PassAsync(0.5 + (random.NextDouble() * 2.5), cancellation);
                kills.Add(TimeProvider.System.GetUtcNow());
                if (done % 2 == 0)
                    camera.Kill();
                else
                    KillFetcher(folder.Path);
                await LiveAsync(pilot, camera, kills[^1], cancellation);
            }

            using (await pilot.DeleteAsync(new Uri($"/api/v1/video/streams/{Stream}/recording", UriKind.Relative), cancellation))
                await proof.CheckAsync(path, kills, cancellation);
            Tell("ffmpeg", done, count, proof);
        }
    }

    private static readonly string[] Settings = ["Video:Demo=false", "Video:Sources:0:VehicleId=1", "Video:Sources:0:Mode=Always", "Recording:SegmentS=3", "Recording:LeastFreeGB=0"];

    private static async Task OrderAsync(HttpClient pilot, CancellationToken cancellation)
    {
        using var answer = await pilot.PostAsJsonAsync($"/api/v1/video/streams/{Stream}/recording", new { reason = "kills" }, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until the newest recording has pictures on the disk.</summary>
    private static async Task<string> BeginningAsync(string data, CancellationToken cancellation)
    {
        var recordings = Path.Combine(data, "video", "recordings");
        string? found = null;
        await UntilAsync("a recording with pictures", () =>
        {
            found = Directory.EnumerateFiles(recordings, "recording.json", SearchOption.AllDirectories).Select(file => Path.GetDirectoryName(file)!).MaxBy(path => Path.GetFileName(path), StringComparer.Ordinal);
            return Task.FromResult(found is not null && new FileInfo(Path.Combine(found, "0001.mp4")) is { Exists: true, Length: > 4096 } && !File.ReadAllText(Path.Combine(found, "ledger.jsonl")).Contains("closedAt", StringComparison.Ordinal));
        }, cancellation);
        return found!;
    }

    /// <summary>Waits until the camera has been started again after a kill, and its pictures have come for a second. One that offers its pictures ends when whoever
    /// fetched them is gone; pictures of the one before may still be under way.</summary>
    private static Task LiveAsync(HttpClient pilot, KilledCamera camera, DateTimeOffset after, CancellationToken cancellation) => UntilAsync("live pictures", async () =>
    {
        if (!camera.IsRunning)
            camera.StartAgain();
        var stream = await pilot.GetFromJsonAsync<JsonElement>($"/api/v1/video/streams/{Stream}", cancellation);
        return camera.StartedAt > after && stream.GetProperty("state").GetString() == "live"
            && TimeProvider.System.GetUtcNow().AddMilliseconds(-stream.GetProperty("ageMs").GetDouble()) > camera.StartedAt.AddSeconds(1.5);
    }, cancellation);

    private static void KillFetcher(string data)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(data, "video", "processes")))
        {
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture));
            process.Kill();
        }
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> holds, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        using PeriodicTimer pause = new(Look, TimeProvider.System);
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"There was no {what}.");
            await pause.WaitForNextTickAsync(cancellation);
        }
    }

    private static async Task PassAsync(double seconds, CancellationToken cancellation)
    {
        using PeriodicTimer moment = new(TimeSpan.FromSeconds(Math.Max(seconds, 0.001)), TimeProvider.System);
        await moment.WaitForNextTickAsync(cancellation);
    }

    private static void Tell(string what, int done, int count, RecordingProof proof)
    {
        if (done % KillsPerRecording == 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {done}/{count}: most lost {(proof.LostMs.Count > 0 ? proof.LostMs[^1] : 0):0} ms, {proof.Faults.Count} faults"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("droneops-kills-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
