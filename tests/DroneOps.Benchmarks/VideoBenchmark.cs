using System.Globalization;
using System.Net.Http.Json;
using DroneOps.Benchmarks.Video;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Benchmarks;

/// <summary>What many cameras cost: each stream of 720p25 at 3 Mbit/s comes over UDP, is recorded with its hashes, and is watched by three.</summary>
internal sealed class VideoBenchmark : ISystemBenchmark
{
    private const int ViewersPerStream = 3;
    private const double Target = 0.8; // cores
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public string Name => "video";

    public string Summary => "[STREAMS] [SECONDS]: 40 cameras of 3 Mbit/s recorded and watched by three each: cores, memory, pictures lost";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var streams = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 40;
        var seconds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 60;
        Console.WriteLine(Machine.Describe());
        var stream = await CameraStream.MakeAsync(seconds + 60, cancellationToken);
        int[] ports = [.. Enumerable.Range(0, streams).Select(_ => FreePorts.Take())];
        await using var server = await ServerProcess.StartAsync(null, cancellationToken, [.. ports.SelectMany(Settings), "Video:Demo=false"]);
        var token = await server.TokenAsync(cancellationToken);
        List<PictureViewer> viewers = [];
        using var cameras = new CameraBank(stream, ports);
        try
        {
            using var pilot = await server.SignInAsync("pilot", cancellationToken);
            for (var camera = 0; camera < streams; camera++)
            {
                using var ordered = await pilot.PostAsJsonAsync($"/api/v1/video/streams/{Id(camera)}/recording", new { reason = "benchmark" }, cancellationToken);
                ordered.EnsureSuccessStatusCode();
                for (var viewer = 0; viewer < ViewersPerStream; viewer++)
                    viewers.Add(await PictureViewer.StartAsync(server.Address, token, Id(camera), cancellationToken));
            }

            await LetRunAsync(WarmUp, cancellationToken);
            return await MeasureAsync(server, cameras, viewers, streams, TimeSpan.FromSeconds(seconds), cancellationToken) ? 0 : 1;
        }
        finally
        {
            foreach (var viewer in viewers)
                await viewer.DisposeAsync();
        }
    }

    private static async Task<bool> MeasureAsync(
        ServerProcess server, CameraBank cameras, List<PictureViewer> viewers, int streams, TimeSpan span, CancellationToken cancellationToken)
    {
        const int parts = 10;
        var (began, cpu, own, all) = (TimeProvider.System.GetTimestamp(), server.CpuTime, CpuClock.OfProcess(), Machine.BusyTime());
        var (sent, seen, missed) = (cameras.Sent, viewers.Sum(viewer => viewer.Pictures), viewers.Sum(viewer => viewer.Missed));
        List<double> memory = [];
        for (var part = 0; part < parts; part++)
        {
            await LetRunAsync(span / parts, cancellationToken);
            memory.Add(server.Memory / 1e6);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var cores = (server.CpuTime - cpu).TotalSeconds / elapsed;
        var ownCores = (CpuClock.OfProcess() - own).TotalSeconds / elapsed;
        var others = ((Machine.BusyTime() - all).TotalSeconds / elapsed) - cores - ownCores;
        (sent, seen, missed) = (cameras.Sent - sent, viewers.Sum(viewer => viewer.Pictures) - seen, viewers.Sum(viewer => viewer.Missed) - missed);
        if (viewers.Select(viewer => viewer.Broken).FirstOrDefault(broken => broken is not null) is { } cause)
            throw new InvalidOperationException("A viewer lost its connection.", cause);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{streams} streams for {elapsed:0} s: {sent / elapsed:N0} pictures/s in, {seen / elapsed:N0} to {viewers.Count} viewers, {missed} left out; server {cores:0.00} cores ({cores / streams * 1000:0.0} thousandths a stream, {streams / cores:0} streams a core)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  cameras and viewers {ownCores:0.00} cores, everything else on the machine {Math.Max(0, others):0.00}; server memory, a tenth of the time each: {string.Join(' ', memory.Select(megabytes => megabytes.ToString("0", CultureInfo.InvariantCulture)))} MB"));
        var expected = sent * ViewersPerStream;
        return cores < Target && missed == 0 && seen >= expected * 0.995;
    }

    private static async Task LetRunAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        using PeriodicTimer ending = new(span, TimeProvider.System);
        await ending.WaitForNextTickAsync(cancellationToken);
    }

    private static IEnumerable<string> Settings(int port, int camera) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"Video:Sources:{camera}:Id={Id(camera)}"),
        string.Create(CultureInfo.InvariantCulture, $"Video:Sources:{camera}:VehicleId={camera + 1}"),
        string.Create(CultureInfo.InvariantCulture, $"Video:Sources:{camera}:Mode=Always"),
        string.Create(CultureInfo.InvariantCulture, $"Video:Sources:{camera}:Url=udp://127.0.0.1:{port}"),
    ];

    private static string Id(int camera) => string.Create(CultureInfo.InvariantCulture, $"camera-{camera + 1}");
}
