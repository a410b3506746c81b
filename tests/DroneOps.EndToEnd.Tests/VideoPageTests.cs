using System.Globalization;
using System.Text.RegularExpressions;
using DroneOps.Server.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>Pictures in a real browser, read back from what it shows: they are there, they move, they are of now, and they are called old when they stop.</summary>
public sealed class VideoPageTests(CameraBrowser browser) : IClassFixture<CameraBrowser>
{
    /// <summary>Older than this a picture is not of now, even on a busy machine of two cores, milliseconds.</summary>
    private const double NowMs = 5000;

    /// <summary>Begins or ends the recording of the first camera; answers its id.</summary>
    private const string RecordScript =
        """
        async ({ method }) => {
          const { antiforgeryToken } = await (await fetch('/api/v1/session')).json();
          const headers = { 'content-type': 'application/json', 'X-XSRF-TOKEN': antiforgeryToken };
          const answer = await fetch('/api/v1/video/streams/camera-1/recording', { method, headers, body: method === 'POST' ? JSON.stringify({ reason: '案件 2026-17' }) : undefined });
          return (await answer.json()).id;
        }
        """;

    /// <summary>Waits until the replay has come so far; answers where it stands when it does not.</summary>
    private const string PlayedScript =
        """
        async ({ toS, patienceMs }) => {
          const video = document.querySelector('[data-testid=replay-video]');
          const began = Date.now();
          while (video.currentTime <= toS) {
            if (Date.now() - began > patienceMs) {
              const held = Array.from({ length: video.buffered.length }, (_, i) => `${video.buffered.start(i)}-${video.buffered.end(i)}`);
              return `at ${video.currentTime} of ${video.duration} s, paused ${video.paused}, seeking ${video.seeking}, ready ${video.readyState}, has ${held}`;
            }
            await new Promise((later) => setTimeout(later, 50)); // A page that shows nothing draws nothing.
          }
          return null;
        }
        """;

    private static readonly LocatorAssertionsToHaveAttributeOptions Patient = new() { Timeout = ConsoleBrowser.PatienceMs };

    [Fact]
    public async Task Nine_pictures_move_on_the_wall_can_be_arranged_by_keyboard_and_are_marked_when_they_stop()
    {
        await using var sender = CameraSender.Start(640, 360, browser.Ports);
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("dispatcher");
        await console["nav-video"].ClickAsync();
        await Expect(console["mosaic-live"]).ToHaveAttributeAsync("data-live", "9", Patient);
        foreach (var stream in browser.Streams)
            await AssertOfNowAsync(console, stream, 3);
        await ConsoleBrowser.PictureAsync(console.Page, "video-wall");

        var first = await console["tile-0"].GetAttributeAsync("data-stream");
        await console["tile-0"].Locator("button").First.FocusAsync();
        await console.Page.Keyboard.PressAsync("Shift+ArrowRight");
        await Expect(console["tile-1"]).ToHaveAttributeAsync("data-stream", first!);
        await console.Page.ReloadAsync();
        await Expect(console["tile-1"]).ToHaveAttributeAsync("data-stream", first!, Patient);
        await Expect(console["mosaic-live"]).ToHaveAttributeAsync("data-live", "9", Patient);

        await sender.StopAsync();
        await Expect(console.Page.Locator("[data-testid=mosaic] [data-state=stale]")).ToHaveCountAsync(9, new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["picture-camera-1"]).ToContainTextAsync(new Regex(@"\d s"));
        await ConsoleBrowser.PictureAsync(console.Page, "video-wall-stale");
        console.AssertQuiet();
    }

    [Theory]
    [InlineData("pictures")]
    [InlineData("mp4")]
    public async Task The_panel_of_a_vehicle_shows_what_it_sees_with_and_without_a_decoder_of_its_own(string player)
    {
        await using var sender = CameraSender.Start(640, 360, browser.Ports[0]);
        await using var console = await browser.OpenAsync();
        if (player == "mp4")
            await console.Page.AddInitScriptAsync("delete globalThis.VideoDecoder");
        await console.SignInAsync("pilot");
        await console["vehicle-row-1"].ClickAsync();
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-state", "live", Patient);
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-player", player);
        await AssertOfNowAsync(console, "camera-1", 10);
        await Expect(console["picture-data"]).ToContainTextAsync("UAV-01");
        await console["picture-data-switch"].ClickAsync();
        await Expect(console["picture-data"]).ToHaveCountAsync(0);
        await ConsoleBrowser.PictureAsync(console.Page, $"video-panel-{player}");
        console.AssertQuiet();
    }

    [Fact]
    public async Task A_camera_that_sends_what_the_browser_does_not_know_is_seen_all_the_same()
    {
        await using var sender = CameraSender.StartH265(640, 360, browser.Ports[0]);
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("pilot");
        await console["vehicle-row-1"].ClickAsync();
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-recoded", "true", Patient);
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-state", "live", Patient);
        await AssertOfNowAsync(console, "camera-1", 10);
        console.AssertQuiet();
    }

    [Fact]
    public async Task The_picture_on_the_screen_of_a_replay_is_the_one_that_is_kept()
    {
        await using var sender = CameraSender.Start(640, 360, browser.Ports[0]);
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("pilot");
        await console["vehicle-row-1"].ClickAsync();
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-state", "live", Patient);
        var recording = await console.Page.EvaluateAsync<string>(RecordScript, new { method = "POST" });
        await SeenOfAsync(console, "camera-1", 3000);
        await console.Page.EvaluateAsync<string>(RecordScript, new { method = "DELETE" });

        await console.Page.GotoAsync(new Uri(browser.Address, $"video/{recording}").ToString());
        await console["replay-reason"].FillAsync("案件 2026-17");
        await console["replay-open"].ClickAsync();
        await Expect(console["stills"]).ToContainTextAsync("还没有取图", new() { Timeout = ConsoleBrowser.PatienceMs });
        await console["replay-play"].ClickAsync();
        Assert.Null(await console.Page.EvaluateAsync<string?>(PlayedScript, new { toS = 1, patienceMs = (double)ConsoleBrowser.PatienceMs }));
        await console.Page.EvaluateAsync("() => document.activeElement.blur()");
        await console.Page.Keyboard.PressAsync("s");
        await Expect(console["still-reason"]).ToBeFocusedAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "replay-still");
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console["stills"].Locator("li")).ToHaveCountAsync(1, new() { Timeout = ConsoleBrowser.PatienceMs });
        Assert.InRange(await ApartAsync(console), -19, 19);

        // One picture on: 40 ms, and it is the next one that is kept.
        await console.Page.Keyboard.PressAsync(".");
        await console.Page.WaitForFunctionAsync("() => !document.querySelector('[data-testid=replay-video]').seeking");
        await console.Page.Keyboard.PressAsync("s");
        await Expect(console["still-reason"]).ToBeFocusedAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console["stills"].Locator("li")).ToHaveCountAsync(2, new() { Timeout = ConsoleBrowser.PatienceMs });
        Assert.InRange(await ApartAsync(console), -19, 19);
        console.AssertQuiet();
    }

    /// <returns>By how much the picture on the screen was drawn after the newest still, milliseconds.</returns>
    private static Task<double> ApartAsync(WatchedPage console) => console.Page.EvaluateAsync<double>(
        $$"""
        async () => {
          const ageOf = {{CameraSender.AgeScript}};
          const still = new Image();
          still.src = [...document.querySelectorAll('[data-testid^=still-download]')].at(-1).href;
          await still.decode();
          return ageOf(still) - ageOf(document.querySelector('[data-testid=replay-video]'));
        }
        """);

    /// <returns>How old the next pictures are when they are seen, milliseconds.</returns>
    private static Task<double[]> WatchAsync(WatchedPage console, string stream, int count) =>
        console.Page.EvaluateAsync<double[]>(CameraSender.WatchScript, new { selector = Shown(stream), count });

    /// <summary>Waits for a picture that was drawn so many milliseconds after now; however far behind the page is, what it shows has been recorded.</summary>
    private static async Task SeenOfAsync(WatchedPage console, string stream, int ms) => await console.Page.EvaluateAsync(
        $$"""
        async ({ selector, ms }) => {
          const ageOf = {{CameraSender.AgeScript}};
          const from = Date.now() + ms;
          for (let age = null; age === null || Date.now() - age < from;) {
            if (Date.now() > from + 60_000) throw new Error(`no such picture: the last one is ${age} ms old`);
            await new Promise(requestAnimationFrame);
            const shown = document.querySelector(selector);
            age = shown && ageOf(shown);
          }
        }
        """,
        new { selector = Shown(stream), ms });

    private static string Shown(string stream) => $"[data-testid='picture-{stream}'] :is(canvas, video)";

    // A player that began while the machine was busy may have to catch up first; one that stays behind never shows so many in a row.
    private static async Task AssertOfNowAsync(WatchedPage console, string stream, int count)
    {
        var began = TimeProvider.System.GetTimestamp();
        double[] ages;
        do
            ages = await WatchAsync(console, stream, count);
        while (!ages.All(IsOfNow) && TimeProvider.System.GetElapsedTime(began).TotalMilliseconds < ConsoleBrowser.PatienceMs);
        Assert.All(ages, age => Assert.True(IsOfNow(age), string.Create(CultureInfo.InvariantCulture, $"{age} ms old")));
    }

    private static bool IsOfNow(double ageMs) => ageMs is > -50 and < NowMs;
}
