using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>What every page of the console owes to everyone: to be usable by all, light to load, and silent towards other hosts.</summary>
public sealed class ConsoleMannersTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const int FirstLoadLimitBytes = 250 * 1024;

    private static readonly string[] Views = ["live", "patrols", "incidents", "sorties", "video", "response", "fleet", "alarms", "audit", "settings"];

    [Theory]
    [InlineData("dark")]
    [InlineData("light")]
    public async Task No_page_has_an_accessibility_fault_that_a_machine_can_find(string theme)
    {
        await using var console = await browser.OpenAsync();
        await console.Page.GotoAsync(browser.Address.ToString());
        await Expect(console["signin-form"]).ToBeVisibleAsync();
        await InThemeAsync(console, theme);
        await AssertAccessibleAsync(console, "sign-in");

        await console.SignInAsync("admin");
        await InThemeAsync(console, theme);
        foreach (var view in Views)
        {
            await console[$"nav-{view}"].ClickAsync();
            await SettledAsync(console);
            await AssertAccessibleAsync(console, view);
            await ConsoleBrowser.PictureAsync(console.Page, $"page-{theme}-{view}");
        }

        foreach (var (view, opener, opened) in new[] { ("live", "[data-testid^=vehicle-row-]", "vehicle-panel"), ("incidents", "[data-testid=incident-new]", "incident-form"), ("patrols", "[data-testid=plan-new]", "planner") })
        {
            await console[$"nav-{view}"].ClickAsync();
            await console.Page.Locator(opener).First.ClickAsync();
            await Expect(console[opened]).ToBeVisibleAsync();
            await AssertAccessibleAsync(console, opened);
            await ConsoleBrowser.PictureAsync(console.Page, $"page-{theme}-{opened}");
        }

        await console["nav-wall"].ClickAsync();
        await Expect(console["wall-today"]).ToBeVisibleAsync();
        await AssertAccessibleAsync(console, "wall");
        await ConsoleBrowser.PictureAsync(console.Page, $"page-{theme}-wall");
        console.AssertQuiet();
    }

    [Fact]
    public async Task A_first_visit_to_the_live_page_loads_a_quarter_of_a_megabyte_at_most_besides_the_map()
    {
        await using var console = await browser.OpenAsync();
        var answers = new ConcurrentQueue<IResponse>();
        console.Page.Response += (_, response) => answers.Enqueue(response);
        await console.SignInAsync("pilot");
        await console.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var loaded = new List<(string File, int Bytes)>();
        foreach (var answer in answers.Where(answer => !IsOfTheMap(new Uri(answer.Url).AbsolutePath)))
        {
            await answer.FinishedAsync();
            loaded.Add((answer.Url, (await answer.Request.SizesAsync()).ResponseBodySize));
        }

        var total = loaded.Sum(file => file.Bytes);
        Assert.True(loaded.Count > 5 && loaded.All(file => file.Bytes >= 0), $"not measured: {string.Join(", ", loaded)}");
        Assert.True(total <= FirstLoadLimitBytes, $"{total} bytes: {string.Join(", ", loaded)}");
    }

    /// <summary>The map's code, what is drawn with it, and what the service answers about the moment: not part of the program that is loaded.</summary>
    private static bool IsOfTheMap(string path) =>
        path.StartsWith("/assets/chart-", StringComparison.Ordinal) || path.StartsWith("/library/", StringComparison.Ordinal)
        || path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/feed", StringComparison.Ordinal);

    private static async Task InThemeAsync(WatchedPage console, string theme)
    {
        if (await console.Page.Locator("html").GetAttributeAsync("data-theme") != theme)
            await console["theme-switch"].ClickAsync();
        await Expect(console.Page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
    }

    /// <summary>Waits until the page shows what it is about, and nothing moves any more: a colour in transition has no contrast to measure.</summary>
    private static async Task SettledAsync(WatchedPage console)
    {
        await Expect(console.Page.Locator("main").Locator(".spinner")).ToHaveCountAsync(0);
        await console.Page.WaitForFunctionAsync("() => document.getAnimations().every((animation) => animation.playState !== 'running' || animation.effect.getTiming().iterations === Infinity)");
    }

    internal static async Task AssertAccessibleAsync(WatchedPage console, string what)
    {
        await SettledAsync(console);
        await console.Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "axe.min.js")));
        var faults = await console.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ['violations'] });
              return violations.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
            }
            """);
        Assert.True(faults.GetArrayLength() == 0, $"{what}: {faults}");
    }
}
