using System.Globalization;
using DroneOps.Server.Tests.Harness;
using Microsoft.Playwright;

namespace DroneOps.Benchmarks;

/// <summary>From the drawing of a picture to the moment at which it is in the page: one camera over UDP, the console in the machine's own Chromium.</summary>
/// <remarks>The camera that speaks RTSP is the service itself: it hands out what it got over UDP and fetches it again with ffmpeg, so that way has two
/// passages through the service in it. The picture carries its time in 32 blocks, which are read back from the canvas or video that shows it, once per frame of the screen.</remarks>
internal sealed class GlassBenchmark : ISystemBenchmark
{
    private const int Pictures = 320;

    // The first second is catching up with what came before the page was open.
    private const int Warmup = 50;

    public string Name => "glass";

    public string Summary => "glass to glass: camera over UDP, server, console; WebCodecs and media source, a camera that is fetched by RTSP, and HLS; 320 pictures each of 720p25 [pictures|mp4|rtsp|hls]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("droneops-bench-").FullName;
        try
        {
            return await RunAsync(folder, arguments, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (port, rtsp) = (FreePorts.Take(), FreePorts.Take());
        var secret = Path.Combine(folder, "wall");
        await File.WriteAllTextAsync(secret, RtspWall.Make(folder).Secret, cancellationToken);
        await using var server = await ServerProcess.StartAsync(
            folder, cancellationToken, "Video:Demo=false", "Video:Sources:0:Id=camera", "Video:Sources:0:VehicleId=1", "Video:Sources:0:Mode=Always",
            string.Create(CultureInfo.InvariantCulture, $"Video:Sources:0:Url=udp://127.0.0.1:{port}"), string.Create(CultureInfo.InvariantCulture, $"Rtsp:Port={rtsp}"), "Rtsp:Address=127.0.0.1",
            "Video:AllowedNetworks:0=127.0.0.0/8", "Video:Sources:1:Id=fetched", "Video:Sources:1:VehicleId=2", $"Video:Sources:1:UserName={RtspWall.User}", $"Video:Sources:1:SecretFile={secret}",
            string.Create(CultureInfo.InvariantCulture, $"Video:Sources:1:Url=rtsp://127.0.0.1:{rtsp}/camera"));
        await using var camera = CameraSender.Start(1280, 720, port);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = LocalChromium.Find(), Args = LocalChromium.Switches, Headless = true });
        Console.WriteLine(Machine.Describe());
        var isGood = true;
        if (arguments.Count == 0 || arguments.Contains("pictures"))
            isGood &= await MeasureAsync(chromium, server.Address, "WebCodecs", "camera", "pictures") is { P50: < 40, P95: < 80 };
        if (arguments.Count == 0 || arguments.Contains("mp4"))
            isGood &= (await MeasureAsync(chromium, server.Address, "media source", "camera", "mp4")).P95 < 250;
        if (arguments.Count == 0 || arguments.Contains("rtsp"))
            isGood &= (await MeasureAsync(chromium, server.Address, "RTSP", "fetched", "pictures")).P50 < 90;
        if (arguments.Count == 0 || arguments.Contains("hls"))
            isGood &= (await MeasureAsync(chromium, server.Address, "HLS", "camera", "hls")).P95 < 4000;
        return isGood ? 0 : 1;
    }

    private static async Task<(double P50, double P95)> MeasureAsync(IBrowser chromium, Uri address, string name, string stream, string player)
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        if (player != "pictures")
            await page.AddInitScriptAsync("delete globalThis.VideoDecoder");
        if (player == "hls")
            await page.AddInitScriptAsync("delete globalThis.MediaSource");
        await page.GotoAsync(address.ToString());
        await page.GetByTestId("signin-username").FillAsync("dispatcher");
        await page.GetByTestId("signin-password").FillAsync(ServerProcess.Password);
        await page.GetByTestId("signin-submit").ClickAsync();
        await page.GetByTestId("nav-fleet").ClickAsync();
        await page.GetByTestId("fleet-table").Or(page.Locator(".empty")).First.WaitForAsync();

        // The code of the page is in the browser's memory already; what is measured is the way to the first picture.
        await page.EvaluateAsync("globalThis.opened = performance.now()");
        await page.GetByTestId("nav-video").ClickAsync();
        var first = await page.EvaluateAsync<double>(
            """
            async (stream) => {
              while (document.querySelector(`[data-testid=picture-${stream}]`)?.dataset.state !== 'live') await new Promise(requestAnimationFrame);
              return performance.now() - opened;
            }
            """,
            stream);
        await page.Locator($"[data-testid=picture-{stream}][data-player={player}]").WaitForAsync();
        var selector = $"[data-testid=picture-{stream}] :is(canvas, video)";
        await page.EvaluateAsync<double[]>(CameraSender.WatchScript, new { selector, count = Warmup });
        var ages = await page.EvaluateAsync<double[]>(CameraSender.WatchScript, new { selector, count = Pictures });
        Array.Sort(ages);
        var (p50, p95) = (ages[ages.Length / 2], ages[ages.Length * 95 / 100]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-14} {ages.Length} pictures: p50 {p50:0} ms, p95 {p95:0} ms, longest {ages[^1]:0} ms; page opened to first picture {first:0} ms"));
        return (p50, p95);
    }
}
