using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A dispatcher who never touches the mouse nor looks at the map.</summary>
public sealed class DispatchByKeyboardTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const int MostTabs = 20;

    [Fact]
    public async Task From_the_call_to_a_drone_on_its_way_by_keyboard_alone()
    {
        await using var console = await browser.OpenAsync();
        var keys = console.Page.Keyboard;
        await console.Page.GotoAsync(browser.Address.ToString());
        await console["signin-username"].FocusAsync();
        await keys.TypeAsync("dispatcher");
        await keys.PressAsync("Tab");
        await keys.TypeAsync(Started.Password);
        await keys.PressAsync("Enter");
        await Expect(console["feed-state"]).ToHaveAttributeAsync("data-state", "live", new() { Timeout = ConsoleBrowser.PatienceMs });

        // Three actions: a new incident, where it is, register and send.
        await keys.PressAsync("3");
        await Expect(console["incident-new"]).ToBeVisibleAsync();
        await keys.PressAsync("n");
        await Expect(console["incident-type"]).ToBeFocusedAsync();
        await TabToAsync(console, "incident-lon");
        await keys.TypeAsync("117.695200");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("24.509200");
        await ConsoleBrowser.PictureAsync(console.Page, "10-by-keyboard");
        await keys.PressAsync("Control+Enter");

        await Expect(console["assigned-distance"]).ToBeVisibleAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["incident-panel"]).ToContainTextAsync("UAV-03");
        await ConsoleBrowser.PictureAsync(console.Page, "11-sent-by-itself");

        // Recalled in two acts, and sent once more in one.
        await keys.PressAsync("F9");
        await Expect(console["recall-button"]).ToHaveAttributeAsync("data-armed", "true");
        await keys.PressAsync("F9");
        await Expect(console["dispatch-button"]).ToBeEnabledAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "12-recalled");
        await keys.PressAsync("F4");
        await Expect(console["handback-button"]).ToBeVisibleAsync();
        await keys.PressAsync("F10");
        await Expect(console["handback-button"]).ToHaveAttributeAsync("data-armed", "true");
        await keys.PressAsync("F10");
        await Expect(console["dispatch-button"]).ToBeEnabledAsync();
        console.AssertQuiet();
    }

    private static async Task TabToAsync(WatchedPage console, string testId)
    {
        for (var tab = 0; tab < MostTabs; tab++)
        {
            await console.Page.Keyboard.PressAsync("Tab");
            if (await console.Page.EvaluateAsync<string?>("() => document.activeElement?.dataset.testid ?? null") == testId)
                return;
        }

        Assert.Fail($"{testId} cannot be reached with the Tab key.");
    }
}
