using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>An operator who sees, acknowledges and shelves an alarm without the mouse.</summary>
public sealed class AlarmsByKeyboardTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = ConsoleBrowser.PatienceMs };

    [Fact]
    public async Task An_alarm_is_seen_acknowledged_shelved_and_put_in_the_report_by_keyboard_alone()
    {
        await using var console = await browser.OpenAsync();
        var keys = console.Page.Keyboard;
        await console.SignInAsync("dispatcher");
        await ReportInANoFlyZoneAsync(console);

        await Expect(console["alerts"]).ToContainTextAsync("·", new() { Timeout = ConsoleBrowser.PatienceMs });
        await keys.PressAsync("8");
        var row = console.Page.Locator("[data-code=placeInNoFlyZone]");
        await Expect(row).ToHaveAttributeAsync("data-state", "unacknowledged", new() { Timeout = ConsoleBrowser.PatienceMs });
        await SelectAsync(console, "placeInNoFlyZone");
        await Expect(console["alarm-detail"]).ToContainTextAsync("看守所");
        await ConsoleBrowser.PictureAsync(console.Page, "20-alarms-zh");

        await keys.PressAsync("q");
        await Expect(console["alarm-detail"]).ToHaveAttributeAsync("data-state", "acknowledged", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["alarm-detail"]).ToContainTextAsync("dispatcher");

        await keys.PressAsync("h");
        await Expect(console["shelve-reason"]).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Expect(console["shelve-form"]).ToContainTextAsync("请填写理由");
        await keys.TypeAsync("已派地面警力");
        await ConsoleBrowser.PictureAsync(console.Page, "21-shelve-zh");
        await keys.PressAsync("Enter");
        await Expect(console["alarm-detail"]).ToHaveAttributeAsync("data-state", "shelved", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["alarm-detail"]).ToContainTextAsync("已派地面警力");

        await console["language-switch"].PressAsync("Enter");
        await Expect(console["alarm-detail"]).ToContainTextAsync("What to do");
        await ConsoleBrowser.PictureAsync(console.Page, "22-alarms-en");
        await console["alarm-tab-report"].PressAsync("Enter");
        await Expect(console["alarm-report"]).ToBeVisibleAsync(Patient);
        await ConsoleBrowser.PictureAsync(console.Page, "23-alarm-report-en");
        await console["alarm-tab-journal"].PressAsync("Enter");
        await Expect(console["alarm-journal"]).ToContainTextAsync("Shelved", new() { Timeout = ConsoleBrowser.PatienceMs });
        console.AssertQuiet();
    }

    private static async Task ReportInANoFlyZoneAsync(WatchedPage console)
    {
        var keys = console.Page.Keyboard;
        await keys.PressAsync("3");
        await Expect(console["incident-new"]).ToBeVisibleAsync();
        await keys.PressAsync("n");
        await Expect(console["incident-type"]).ToBeFocusedAsync();
        await console["incident-lon"].FocusAsync();
        await keys.TypeAsync("117.602000");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("24.533000");
        await keys.PressAsync("Control+Enter");
        await Expect(console["incident-panel"]).ToBeVisibleAsync(Patient);

        // What is typed into a field is no shortcut: the form must be gone.
        await Expect(console["incident-form"]).ToHaveCountAsync(0);
    }

    /// <summary>Goes down the list until the alarm of that code is chosen; others of the demonstration may stand above it.</summary>
    private static async Task SelectAsync(WatchedPage console, string code)
    {
        var chosen = console.Page.Locator($"[data-code={code}][aria-current=true]");
        for (var step = 0; step < 20 && await chosen.CountAsync() == 0; step++)
            await console.Page.Keyboard.PressAsync("j");
        await Expect(chosen).ToHaveCountAsync(1);
    }
}
