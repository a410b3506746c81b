using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>A crew's phone and the wall of the command centre, beside the console that they belong to.</summary>
public sealed class FieldPhoneTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Crew = "巡警-07";
    private const int PageLimitBytes = 100 * 1024;
    private const int PhoneWidth = 360;
    private const int ThumbPx = 48;

    [Fact]
    public async Task A_crew_opens_its_link_on_a_phone_and_the_dispatcher_and_the_wall_see_what_it_tells()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("dispatcher");
        await ReportAsync(console);
        await console.Page.Keyboard.PressAsync("c");
        await Expect(console["link-unit"]).ToBeFocusedAsync();
        await console.Page.Keyboard.TypeAsync(Crew);
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console["qr-code"]).ToBeVisibleAsync();
        var url = await console["link-url"].InnerTextAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "crew-links");

        await using var phone = await browser.OpenAsync(PhoneWidth, 740);
        var answers = new ConcurrentQueue<IResponse>();
        phone.Page.Response += (_, response) => answers.Enqueue(response);
        await phone.Page.GotoAsync(url);
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("盗窃");
        await Expect(phone["field-map"]).Not.ToHaveAttributeAsync("data-features", "0");
        Assert.Equal("", new Uri(phone.Page.Url).Fragment);
        await AssertLightAsync(answers);
        await AssertFitsAsync(phone);
        await ConsoleMannersTests.AssertAccessibleAsync(phone, "phone");
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-zh");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Switch to English" }).ClickAsync();
        await phone.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ConsoleMannersTests.AssertAccessibleAsync(phone, "phone in English, dark");
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-en-dark");

        await CallForHelpInAStairwellAsync(phone);
        await phone["field-arrived"].ClickAsync();
        await Expect(phone["field-arrived"]).ToContainTextAsync("✓");
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-help");

        await console.Page.Keyboard.PressAsync("Escape");
        await Expect(console["timeaxis-UnitOnScene"]).Not.ToHaveAttributeAsync("data-at", "");
        await Expect(console["crew-reports"]).ToContainTextAsync($"{Crew} 请求支援");
        await ConsoleBrowser.PictureAsync(console.Page, "crew-reports");

        await WatchTheWallAsync(console);

        // Taken back: the phone shows nothing more, at once.
        await console["nav-incidents"].ClickAsync();
        await console.Page.Locator("[data-testid^=incident-row-]").First.ClickAsync();
        await console["links-button"].ClickAsync();
        await console["link-revoke"].ClickAsync();
        await Expect(console["link-revoke"]).ToHaveAttributeAsync("data-armed", "true");
        await console["link-revoke"].ClickAsync();
        await Expect(phone.Page.GetByText("This link has ended")).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-ended");
        console.AssertQuiet();
        phone.AssertQuiet();
    }

    [Fact]
    public async Task Without_its_link_the_page_says_what_to_do()
    {
        await using var phone = await browser.OpenAsync(PhoneWidth, 740);
        await phone.Page.GotoAsync(new Uri(browser.Address, "/field#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").ToString());
        await Expect(phone.Page.GetByText("链接已失效")).ToBeVisibleAsync();
        await phone.Page.GotoAsync(new Uri(browser.Address, "/field").ToString());
        await Expect(phone.Page.GetByText("请打开链接")).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-none");
    }

    [Fact]
    public async Task A_wall_that_has_read_nothing_yet_does_not_say_that_all_is_well()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("dispatcher");
        await console.Page.RouteAsync("**/feed/**", route => route.AbortAsync());
        await console.Page.RouteAsync("**/api/v1/incidents?**", route => route.AbortAsync());
        await console.Page.GotoAsync(new Uri(browser.Address, "/wall").ToString());
        await Expect(console["wall-alarms"]).ToContainTextAsync("情况不明");
        await Expect(console["wall-queue"]).ToContainTextAsync("尚未读到警情");
        await Expect(console.Page.Locator(".lost")).ToBeVisibleAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        await ConsoleBrowser.PictureAsync(console.Page, "wall-unknown");

        await console.Page.UnrouteAllAsync();
        await Expect(console.Page.Locator(".lost")).ToHaveCountAsync(0, new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["wall-alarms"]).Not.ToContainTextAsync("情况不明");
        await Expect(console["wall-queue"]).Not.ToContainTextAsync("尚未读到警情");
    }

    /// <summary>A network that swallows one word, and the first call for help: the call gets through all the same, by itself.</summary>
    private static async Task CallForHelpInAStairwellAsync(WatchedPage phone)
    {
        var calls = 0;
        await phone.Page.RouteAsync("**/field/reports", route => route.Request.PostData!.Contains("arrived", StringComparison.Ordinal) ? Task.CompletedTask : calls++ == 0 ? route.AbortAsync() : route.ContinueAsync());
        await phone["field-arrived"].ClickAsync();
        await Expect(phone["field-arrived"]).ToHaveAttributeAsync("aria-busy", "true");
        await phone["field-helpNeeded"].FocusAsync();
        await phone.Page.Keyboard.PressAsync("Enter");
        await Expect(phone["field-help-waits"]).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(phone.Page, "phone-help-waits");
        await Expect(phone["field-helpOver"]).ToBeVisibleAsync();
        await Expect(phone["field-help-waits"]).ToHaveCountAsync(0);

        // Nor does the word that hangs wait for ever.
        await Expect(phone["field-arrived"]).ToHaveAttributeAsync("aria-busy", "false", new() { Timeout = ConsoleBrowser.PatienceMs });
        await phone.Page.UnrouteAllAsync();
    }

    private static async Task WatchTheWallAsync(WatchedPage console)
    {
        await console["nav-wall"].ClickAsync();
        await Expect(console["wall-incident"].First).ToContainTextAsync($"{Crew} 请求支援");
        await Expect(console["wall-alarms"]).ToContainTextAsync("现场警组请求支援");
        await Expect(console["wall-drone"]).ToHaveCountAsync(3);
        await Expect(console["wall-today"]).Not.ToContainTextAsync("今日警情–");
        await ConsoleMannersTests.AssertAccessibleAsync(console, "wall");
        await ConsoleBrowser.PictureAsync(console.Page, "wall-zh");

        // From five metres: the smallest letter is a fiftieth of the screen's height.
        var smallest = await console.Page.EvaluateAsync<double>(
            "() => Math.min(...[...document.querySelectorAll('[data-testid=wall] *')].filter((node) => !node.closest('[data-testid=wall-leave]') && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())).map((node) => parseFloat(getComputedStyle(node).fontSize)))");
        Assert.InRange(smallest, 1080 / 65.0, 1080);
        await console.Page.Keyboard.PressAsync("Escape");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await console["nav-wall"].ClickAsync();
        await Expect(console["wall-alarms"]).ToContainTextAsync("A crew needs help");
        await ConsoleBrowser.PictureAsync(console.Page, "wall-en");
        await console.Page.Keyboard.PressAsync("Escape");
        await console.Page.GetByRole(AriaRole.Button, new() { Name = "中文" }).ClickAsync();
    }

    private static async Task ReportAsync(WatchedPage console)
    {
        await console["nav-incidents"].ClickAsync();
        await console["incident-new"].ClickAsync();
        await console["incident-type"].SelectOptionAsync("theft");
        await console["incident-lon"].FillAsync("117.656000");
        await console["incident-lat"].FillAsync("24.512000");
        await console["incident-submit"].ClickAsync();
        await Expect(console["incident-panel"]).ToBeVisibleAsync();
    }

    /// <summary>What a phone on a poor line has to load before it shows anything.</summary>
    private static async Task AssertLightAsync(ConcurrentQueue<IResponse> answers)
    {
        List<(string Path, int Bytes)> loaded = [];
        foreach (var answer in answers.Where(answer => new Uri(answer.Url).AbsolutePath is var path && path != "/field/events"))
        {
            await answer.FinishedAsync();
            loaded.Add((new Uri(answer.Url).AbsolutePath, (await answer.Request.SizesAsync()).ResponseBodySize));
        }

        Assert.True(loaded.Count >= 5 && loaded.Sum(file => file.Bytes) <= PageLimitBytes, string.Join(", ", loaded));
    }

    /// <summary>Nothing is wider than the phone, and what is pressed is as large as a thumb.</summary>
    private static async Task AssertFitsAsync(WatchedPage phone)
    {
        Assert.InRange(await phone.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"), 1, PhoneWidth);
        Assert.InRange(await phone.Page.EvaluateAsync<double>("() => Math.min(...[...document.querySelectorAll('button')].map((button) => Math.min(button.offsetWidth, button.offsetHeight)))"), ThumbPx, PhoneWidth);
    }
}
