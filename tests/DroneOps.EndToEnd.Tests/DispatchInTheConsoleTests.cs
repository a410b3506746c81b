using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A dispatcher's evening, begun in Chinese and ended in English, in a real browser before the real programs.</summary>
public sealed partial class DispatchInTheConsoleTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    // Three hundred metres from the dock of the third drone, which flies no patrol.
    private const string Longitude = "117.695200";
    private const string Latitude = "24.509200";
    private const string Nearest = "UAV-03";

    [Fact]
    public async Task A_dispatcher_sees_drones_move_sends_one_sees_it_arrive_and_finds_its_sortie()
    {
        await using var console = await browser.OpenAsync();
        await SignInAsync(console);
        foreach (var patrolling in new[] { "UAV-01", "UAV-02" })
            await SeeItMoveAsync(console, patrolling);
        await ConsoleBrowser.PictureAsync(console.Page, "02-live-patrols");

        var vehicleId = await SendTheNearestAsync(console);
        await SeeItArriveAsync(console);
        await SwitchToEnglishAsync(console);
        await RecallAsync(console);
        await FindItsSortieAsync(console, vehicleId);
        console.AssertQuiet();
    }

    private async Task SignInAsync(WatchedPage console)
    {
        await console.Page.GotoAsync(browser.Address.ToString());
        await Expect(console["signin-submit"]).ToHaveTextAsync("登录");
        await ConsoleBrowser.PictureAsync(console.Page, "01-sign-in");
        await console.SignInAsync("dispatcher");
        await Expect(console["nav-live"]).ToHaveTextAsync("实时");
    }

    private static async Task SeeItMoveAsync(WatchedPage console, string name)
    {
        var listed = console.Page.Locator("[data-testid^=vehicle-row-]").Filter(new() { HasText = name });
        await Expect(listed).ToHaveAttributeAsync("data-state", "flying", InFlight);
        var id = (await listed.GetAttributeAsync("data-testid"))!["vehicle-row-".Length..];
        await console.Page.WaitForFunctionAsync(
            """
            (id) => {
              const { lon, lat } = document.querySelector(`[data-testid="mirror-row-${id}"]`).dataset;
              const from = (window.whereItWas ??= {})[id] ??= { lon, lat };
              return Math.hypot((lon - from.lon) * 101_000, (lat - from.lat) * 111_000) > 30;
            }
            """,
            id,
            new() { Timeout = ConsoleBrowser.FlightPatienceMs });
    }

    private static async Task<string> SendTheNearestAsync(WatchedPage console)
    {
        await console["nav-incidents"].ClickAsync();
        await console["incident-new"].ClickAsync();
        await console["incident-type"].SelectOptionAsync("theft");
        await console["incident-priority"].CheckAsync(new() { Force = true });
        await console["incident-summary"].FillAsync("两名男子撬电动车，向河边方向离开");
        await console["incident-address"].FillAsync("龙文机场西侧停车场");
        await console["incident-lon"].FillAsync(Longitude);
        await console["incident-lat"].FillAsync(Latitude);
        await ConsoleBrowser.PictureAsync(console.Page, "03-new-incident");
        await console["incident-submit"].ClickAsync();

        // The nearest free drone comes first, the two on patrol behind it with what they would abandon.
        var best = console.Page.Locator("[data-testid^=candidate-row-][data-rank='1']");
        await Expect(best).ToContainTextAsync(Nearest);
        var id = (await best.GetAttributeAsync("data-testid"))!["candidate-row-".Length..];
        await ConsoleBrowser.PictureAsync(console.Page, "04-candidates");
        await console["dispatch-button"].ClickAsync();
        await Expect(console["assigned-distance"]).ToBeVisibleAsync();
        return id;
    }

    private static async Task SeeItArriveAsync(WatchedPage console)
    {
        await Expect(console["timeaxis-DroneAirborne"]).ToHaveAttributeAsync("data-at", Moment(), InFlight);
        await ConsoleBrowser.PictureAsync(console.Page, "05-on-the-way");
        await Expect(console["timeaxis-DroneOnScene"]).ToHaveAttributeAsync("data-at", Moment(), InFlight);
        await Expect(console.Page.Locator("[data-testid^=incident-row-]")).ToHaveAttributeAsync("data-state", "onScene");
        await ConsoleBrowser.PictureAsync(console.Page, "06-on-scene");
    }

    private static async Task SwitchToEnglishAsync(WatchedPage console)
    {
        await console.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        await console["language-switch"].ClickAsync();
        await Expect(console["nav-incidents"]).ToHaveTextAsync("Incidents");
        await Expect(console.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(console["timeaxis-DroneOnScene"]).ToContainTextAsync("Drone on scene");
        Assert.True(await console.Page.EvaluateAsync<bool>("() => window.sameDocument"), "the page was loaded anew");
        await ConsoleBrowser.PictureAsync(console.Page, "07-on-scene-in-english");
    }

    private static async Task RecallAsync(WatchedPage console)
    {
        await console["recall-button"].ClickAsync();
        await Expect(console["recall-button"]).ToHaveAttributeAsync("data-armed", "true");
        await console["recall-button"].ClickAsync();
        await Expect(console["assigned-distance"]).ToBeHiddenAsync();
    }

    private static async Task FindItsSortieAsync(WatchedPage console, string vehicleId)
    {
        await console["nav-sorties"].ClickAsync();
        await console["sortie-filter-vehicle"].SelectOptionAsync(vehicleId);
        var landed = console.Page.Locator($"[data-testid^=sortie-row-][data-vehicle='{vehicleId}']");
        await Expect(landed).ToHaveAttributeAsync("data-ended", Moment(), InFlight);
        await ConsoleBrowser.PictureAsync(console.Page, "08-sorties");
        await landed.ClickAsync();
        await Expect(console["sortie-detail"]).ToContainTextAsync(Nearest);
        await Expect(console["sortie-airborne"]).ToHaveTextAsync(FlightTime());
        await Expect(console["sortie-detail"].Locator("figure")).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "09-sortie");
    }

    private static LocatorAssertionsToHaveAttributeOptions InFlight => new() { Timeout = ConsoleBrowser.FlightPatienceMs };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT")]
    private static partial Regex Moment();

    [GeneratedRegex(@"^\d+:[0-5]\d$")]
    private static partial Regex FlightTime();
}
