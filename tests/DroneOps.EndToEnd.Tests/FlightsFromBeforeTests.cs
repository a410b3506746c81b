using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The flights of another system come in through the console, are told apart from those that were recorded, and two records of one flight are put together and taken apart again.</summary>
public sealed class FlightsFromBeforeTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    private const string Table = "架次编号,无人机,飞手,用途,起飞时间,落地时间,天气\r\nB-1,旧机一号,老张,巡逻,2024-03-01 08:00:00,2024-03-01 08:20:00,晴\r\nB-2,旧机一号,老张,巡逻,2024-03-01 08:25:00,2024-03-01 08:40:00,晴\r\nB-3,旧机一号,老张,巡逻,2024-03-01 09:00:00,2024-03-01 08:40:00,晴\r\n";

    [Fact]
    public async Task Flights_are_checked_imported_marked_and_two_of_them_merged_and_parted_again()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("admin");
        await console["nav-sorties"].ClickAsync();
        await console["flights-open"].ClickAsync();
        await console["flights-file"].SetInputFilesAsync(new FilePayload { Name = "历史飞行.csv", MimeType = "text/csv", Buffer = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(Table) });
        await console["flights-check"].ClickAsync();
        await Expect(console["flights-sum"]).ToContainTextAsync("可导入 2 架次，已有 0，拒收 1", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console.Page.GetByText("落地时间不晚于起飞时间。")).ToBeVisibleAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "50-import-checked-zh");
        await console["flights-run"].ClickAsync();
        await Expect(console["flights-sum"]).ToContainTextAsync("已导入 2 架次", new() { Timeout = ConsoleBrowser.PatienceMs });
        await console["flights-check"].ClickAsync();
        await Expect(console["flights-sum"]).ToContainTextAsync("可导入 0 架次，已有 2", new() { Timeout = ConsoleBrowser.PatienceMs });
        await console.Page.Keyboard.PressAsync("Escape");

        await console.Page.GotoAsync(new Uri(browser.Address, "sorties?period=all&origin=imported").ToString());
        var rows = console.Page.Locator("[data-testid^=sortie-row-]");
        await Expect(rows).ToHaveCountAsync(2, new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(rows.First).ToContainTextAsync("导入");
        await ConsoleBrowser.PictureAsync(console.Page, "51-imported-zh");

        // The second is the newest, and so the first of the list.
        await rows.First.Locator("a").ClickAsync();
        await Expect(console["sortie-imported"]).ToContainTextAsync("历史飞行.csv", new() { Timeout = ConsoleBrowser.PatienceMs });
        await ReviseAsync(console, "revision-merge", "中途换电，同一次任务");
        await Expect(console["sortie-airborne"]).ToHaveTextAsync(new Regex("40:00"), new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["sortie-revisions"]).ToContainTextAsync("中途换电，同一次任务");
        await ConsoleBrowser.PictureAsync(console.Page, "52-merged-zh");
        await ConsoleMannersTests.AssertAccessibleAsync(console, "sortie with revisions");
        await ReviseAsync(console, "revision-undo", "两次飞行");
        await Expect(console["sortie-airborne"]).ToHaveTextAsync(new Regex("20:00"), new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["sortie-revisions"]).ToContainTextAsync("撤销合并");

        // A minute later than the table said, and flown by somebody else: the first values stay readable.
        await CorrectAsync(console, "landedAt", value => value.FillAsync("2024-03-01T08:21"), "飞手说明落地时间");
        await Expect(console["sortie-airborne"]).ToHaveTextAsync(new Regex("21:00"), new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["sortie-armed"]).ToHaveTextAsync(new Regex("21:00"));
        await CorrectAsync(console, "pilot", value => value.SelectOptionAsync("user:admin"), "登记错误");
        await Expect(console["sortie-corrections"]).ToContainTextAsync("登记错误", new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["sortie-corrections"]).ToContainTextAsync("老张");
        await Expect(console["sortie-corrections"]).ToContainTextAsync("08:20");
        await ConsoleBrowser.PictureAsync(console.Page, "53-corrected-zh");
        console.AssertQuiet();
    }

    private static async Task CorrectAsync(WatchedPage console, string field, Func<ILocator, Task> fillIn, string reason)
    {
        await console["sortie-correct"].ClickAsync();
        await console["correct-field"].SelectOptionAsync(field);
        await fillIn(console["correct-value"]);
        await console["correct-why"].FillAsync(reason);
        await ConsoleBrowser.PictureAsync(console.Page, $"53-correct-{field}-zh");
        await console["correct-send"].ClickAsync();
        await Expect(console["correct-send"]).ToHaveCountAsync(0, new() { Timeout = ConsoleBrowser.PatienceMs });
    }

    private static async Task ReviseAsync(WatchedPage console, string what, string reason)
    {
        await console[what].ClickAsync();
        await console["revision-reason"].FillAsync(reason);
        await console["revision-send"].ClickAsync();
        await Expect(console["revision-send"]).ToHaveAttributeAsync("data-armed", "true", new() { Timeout = ConsoleBrowser.PatienceMs });
        await console["revision-send"].ClickAsync();
    }
}
