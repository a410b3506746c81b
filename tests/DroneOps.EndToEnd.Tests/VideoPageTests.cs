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
          if (!answer.ok) throw new Error(`${method}: ${answer.status} ${await answer.text()}`);
          return (await answer.json()).id;
        }
        """;

    /// <summary>Waits until the replay has come so far (UNTIL); answers where it stands when it does not.</summary>
    private const string PlayedScript =
        """
        async ({ patienceMs }) => {
          const video = document.querySelector('[data-testid=replay-video]');
          const began = Date.now();
          while (!(UNTIL)) {
            if (Date.now() - began > patienceMs) {
              const held = Array.from({ length: video.buffered.length }, (_, i) => `${video.buffered.start(i)}-${video.buffered.end(i)}`);
              const says = Array.from(video.parentElement.querySelectorAll('.over'), ({ innerText }) => innerText);
              return `at ${video.currentTime} of ${video.duration} s, paused ${video.paused}, seeking ${video.seeking}, ready ${video.readyState}, has ${held}; ${says}`;
            }
            await new Promise((later) => setTimeout(later, 50)); // A page that shows nothing draws nothing.
          }
          return null;
        }
        """;

    private static readonly LocatorAssertionsToHaveAttributeOptions Patient = new() { Timeout = ConsoleBrowser.PatienceMs };
    private static readonly LocatorAssertionsToBeFocusedOptions Focused = new() { Timeout = ConsoleBrowser.PatienceMs };

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
        await EndAndOpenAsync(console, await RecordAsync(console));
        await PlayAsync(console, "video.currentTime > 1");
        await console.Page.Keyboard.PressAsync("s");
        await Expect(console["still-reason"]).ToBeFocusedAsync(Focused);
        await ConsoleBrowser.PictureAsync(console.Page, "replay-still");
        await KeepAsync(console, 1);

        // One picture on: 40 ms, and it is the next one that is kept.
        await console.Page.Keyboard.PressAsync(".");
        await console.Page.WaitForFunctionAsync("() => !document.querySelector('[data-testid=replay-video]').seeking");
        await console.Page.Keyboard.PressAsync("s");
        await KeepAsync(console, 2);
        console.AssertQuiet();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replay_goes_over_what_has_no_pictures_to_show_and_its_last_one_can_be_kept(bool inAnotherCodec)
    {
        // This browser does not play H.265; when the camera comes back it is not heard at once, and the file has a hole in its midst.
        await using var before = inAnotherCodec ? CameraSender.StartH265(640, 360, browser.Ports[0]) : CameraSender.Start(640, 360, browser.Ports[0]);
        await using var console = await browser.OpenAsync();
        var recording = await RecordAsync(console);
        await before.StopAsync();
        await using var after = CameraSender.Start(640, 360, browser.Ports[0]);
        await EndAndOpenAsync(console, recording);
        await PlayAsync(console, "video.paused && video.currentTime > video.duration - 0.5");
        for (var picture = 0; picture < 20; picture++)
            await console.Page.Keyboard.PressAsync(".");
        await console.Page.Keyboard.PressAsync("s");
        await KeepAsync(console, 1);
        console.AssertQuiet();
    }

    /// <summary>Begins to record the first camera; answers when some seconds are in.</summary>
    private static async Task<string> RecordAsync(WatchedPage console)
    {
        await console.SignInAsync("pilot");
        await console["vehicle-row-1"].ClickAsync();
        await Expect(console["picture-camera-1"]).ToHaveAttributeAsync("data-state", "live", Patient);

        // What is live may still be of the sender before, and a recording has the pictures since the last key picture.
        await SeenOfAsync(console, "camera-1", 1000);
        var recording = await console.Page.EvaluateAsync<string>(RecordScript, new { method = "POST" });
        await SeenOfAsync(console, "camera-1", 3000);
        return recording;
    }

    /// <summary>Ends the recording when some seconds more are in, and opens it.</summary>
    private async Task EndAndOpenAsync(WatchedPage console, string recording)
    {
        await SeenOfAsync(console, "camera-1", 1000);
        await SeenOfAsync(console, "camera-1", 2000); // From now on, whenever that is: a new sender is not heard at once.
        await console.Page.EvaluateAsync<string>(RecordScript, new { method = "DELETE" });

        await console.Page.GotoAsync(new Uri(browser.Address, $"video/{recording}").ToString());
        await console["replay-reason"].FillAsync("案件 2026-17");
        await console["replay-open"].ClickAsync();
        await Expect(console["stills"]).ToContainTextAsync("还没有取图", new() { Timeout = ConsoleBrowser.PatienceMs });
    }

    private static async Task PlayAsync(WatchedPage console, string until)
    {
        await console["replay-play"].ClickAsync();
        var stood = await console.Page.EvaluateAsync<string?>(PlayedScript.Replace("UNTIL", until, StringComparison.Ordinal), new { patienceMs = (double)ConsoleBrowser.PatienceMs });
        Assert.True(stood is null, stood);
        await console.Page.EvaluateAsync("() => document.activeElement.blur()");
    }

    /// <summary>Says yes to the still that is asked for; it is the picture on the screen.</summary>
    private static async Task KeepAsync(WatchedPage console, int count)
    {
        await Expect(console["still-reason"]).ToBeFocusedAsync(Focused);
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console["stills"].Locator("li")).ToHaveCountAsync(count, new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["still-reason"]).ToHaveCountAsync(0); // Until then the keys are the dialog's.
        Assert.InRange(await ApartAsync(console), -19, 19);
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
          // A picture that a change of codec has damaged may be read as one of tomorrow: no age of now is less than nothing.
          for (let age = null; age === null || age < -50 || Date.now() - age < from;) {
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
