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
        await keys.DownAsync("F9");
        await Expect(console["recall-button"]).ToHaveAttributeAsync("data-armed", "true");
        await HoldOnAsync(console, "recall-button", "F9");
        await keys.PressAsync("F9");
        await Expect(console["dispatch-button"]).ToBeEnabledAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "12-recalled");
        await keys.PressAsync("F4");
        await Expect(console["handback-button"]).ToBeVisibleAsync();
        await console["handback-button"].FocusAsync();
        await keys.DownAsync("Enter");
        await Expect(console["handback-button"]).ToHaveAttributeAsync("data-armed", "true");
        await HoldOnAsync(console, "handback-button", "Enter");
        await keys.PressAsync("F10");
        await Expect(console["dispatch-button"]).ToBeEnabledAsync();
        console.AssertQuiet();
    }

    [Fact]
    public async Task A_call_that_was_cancelled_never_comes_into_the_next_one_and_is_not_lost()
    {
        await using var console = await browser.OpenAsync();
        var keys = console.Page.Keyboard;
        await console.SignInAsync("dispatcher");
        await BeginAsync(console);
        await console["incident-summary"].FillAsync("两人打架");
        await console["incident-lon"].FillAsync("117.695200");
        await console["incident-lat"].FillAsync("24.509200");
        await keys.PressAsync("Escape");

        await BeginAsync(console);
        await Expect(console["incident-lon"]).ToHaveValueAsync("");
        await Expect(console["incident-left"]).ToContainTextAsync("两人打架");
        await console["incident-summary"].FillAsync("老人走失");
        await ConsoleBrowser.PictureAsync(console.Page, "13-call-left");
        await console["incident-take-up"].ClickAsync();
        await Expect(console["incident-lon"]).ToHaveValueAsync("117.695200");
        await Expect(console["incident-left"]).ToContainTextAsync("老人走失");

        // A page that is loaded anew in the middle of a call goes on with it.
        await console.Page.ReloadAsync();
        await Expect(console["incident-summary"]).ToHaveValueAsync("两人打架");
        await Expect(console["incident-restored"]).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "14-call-restored");
        console.AssertQuiet();
    }

    [Fact]
    public async Task The_whole_form_is_sent_from_the_address_field_with_the_place_that_was_given()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("dispatcher");
        await BeginAsync(console);
        await console["incident-lon"].FillAsync("117.695200");
        await console["incident-lat"].FillAsync("24.509200");
        await console["incident-address"].FocusAsync();
        await console.Page.Keyboard.TypeAsync("文庙");
        await Expect(console.Page.Locator(".address-item[data-highlighted]")).ToHaveCountAsync(1);

        // It goes no further: the drone is wanted by the other test.
        await console.Page.RouteAsync("**/api/v1/incidents", route => route.AbortAsync());
        var sent = await console.Page.RunAndWaitForRequestAsync(
            () => console.Page.Keyboard.PressAsync("Control+Enter"),
            request => request.Method == "POST" && request.Url.EndsWith("/api/v1/incidents", StringComparison.Ordinal));
        Assert.Contains("[117.6952,24.5092]", sent.PostData, StringComparison.Ordinal);
        Assert.Contains("\"dispatch\":\"auto\"", sent.PostData, StringComparison.Ordinal);
        console.AssertQuiet();
    }

    [Fact]
    public async Task A_call_is_heard_of_on_whatever_page_is_open()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("pilot");
        await using var other = await browser.OpenAsync();
        await other.SignInAsync("dispatcher");
        await BeginAsync(other);
        await other["incident-type"].SelectOptionAsync("brawl");
        await other["incident-lon"].FillAsync("117.656000");
        await other["incident-lat"].FillAsync("24.512000");
        await other["incident-submit"].ClickAsync();
        await Expect(console["call-said"]).ToContainTextAsync("打架");
        await Expect(console["calls-badge"]).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "15-live-with-a-call");
        console.AssertQuiet();
        other.AssertQuiet();
    }

    private static async Task BeginAsync(WatchedPage console)
    {
        await console["nav-incidents"].ClickAsync();
        await Expect(console["incident-new"]).ToBeVisibleAsync();
        await console.Page.Keyboard.PressAsync("n");
        await Expect(console["incident-type"]).ToBeFocusedAsync();
    }

    /// <summary>A key that stays down repeats: that is no second press.</summary>
    private static async Task HoldOnAsync(WatchedPage console, string armed, string key)
    {
        for (var repeat = 0; repeat < 5; repeat++)
            await console.Page.Keyboard.DownAsync(key);
        await Expect(console[armed]).ToHaveAttributeAsync("data-armed", "true");
        await console.Page.Keyboard.UpAsync(key);
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
