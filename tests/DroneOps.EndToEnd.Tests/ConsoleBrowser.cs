using DroneOps.Server.Tests.Harness;
using DroneOps.Tests;
using Microsoft.Playwright;
using Xunit;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The machine's own Chromium before a demonstration system whose two patrols begin at once; a page can be opened for each test.</summary>
/// <remarks>
/// The vehicles live four times as fast as the clock on the wall: a flight of two minutes takes half a minute, and nothing the
/// service measures depends on it but the speed.
/// </remarks>
public class ConsoleBrowser : IAsyncLifetime
{
    /// <summary>How long a page may take to show what it was asked for on a busy machine of two cores, milliseconds.</summary>
    public const float PatienceMs = 60_000;

    /// <summary>How long a flight may take, milliseconds.</summary>
    public const float FlightPatienceMs = 240_000;

    // The three docks that have a demonstration drone: the old city, the riverside and Longwen.
    private static readonly string[] Vehicles = ["UAV-01", "UAV-02", "UAV-03"];
    private static readonly string[] Homes = ["--home=24.515286,117.659715,28,0", "--home=24.504835,117.669155,23.2,0", "--home=24.507661,117.697419,41.4,0"];

    private RunningPrograms? _programs;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Uri Address => _programs!.Address;

    /// <summary>Where pictures of the console are left for people: <c>artifacts/screenshots</c>.</summary>
    private static string Pictures { get; } = Checkout.PathOf("artifacts", "screenshots");

    /// <summary>Settings of the service.</summary>
    protected virtual IEnumerable<string> Settings => ["--set", "Patrols:Demo=true"];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Pictures);
        _programs = await RunningPrograms.StartAsync([.. Settings], ["--count", "3", "--speedup", "4", .. Homes], Vehicles);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = LocalChromium.Find(), Args = LocalChromium.Switches, Headless = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_programs is not null)
            await _programs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A page without memory: nobody is signed in, nothing is cached.</summary>
    internal async Task<WatchedPage> OpenAsync(int width = 1920, int height = 1080)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, TimezoneId = "Asia/Shanghai" });
        context.SetDefaultTimeout(PatienceMs);
        return new WatchedPage(await context.NewPageAsync(), Address);
    }

    internal static Task PictureAsync(IPage page, string name) => page.ScreenshotAsync(new() { Path = PathOf($"{name}.png") });

    internal static string PathOf(string file) => Path.Combine(Pictures, file);
}
