using System.Security.Cryptography;
using System.Text.RegularExpressions;
using DroneOps.Server.Evidence;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The auditor's day in a real browser: a flight is found by the address it passed, replayed, and taken away as evidence that stands without the service.</summary>
public sealed class AuditorFindsTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    [Fact]
    public async Task The_auditor_finds_a_sortie_by_an_address_replays_it_and_takes_its_evidence_away()
    {
        await using var console = await browser.OpenAsync();
        await console.SignInAsync("auditor");
        await console["nav-sorties"].ClickAsync();

        // The demonstration's patrols have begun; a flight can be looked into while it lasts.
        await Expect(console.Page.Locator("[data-testid^=sortie-row-][data-vehicle='1']")).Not.ToHaveCountAsync(0, new() { Timeout = ConsoleBrowser.FlightPatienceMs });
        await console["search-open"].ClickAsync();
        await console["search-place"].FillAsync("gu cheng ji chang");
        await console.Page.Locator(".address-item").First.ClickAsync();
        await Expect(console.Page).ToHaveURLAsync(new Regex("near=117"));
        await Expect(console["sortie-pass"].First).ToContainTextAsync(new Regex(@"\d\d:\d\d:\d\d"), new() { Timeout = ConsoleBrowser.PatienceMs });
        var row = console.Page.Locator("[data-testid^=sortie-row-][data-vehicle='1']").First;
        await Expect(row).ToBeVisibleAsync(new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console.Page.Locator("[data-testid^=sortie-row-][data-vehicle='2']")).ToHaveCountAsync(0);
        await ConsoleBrowser.PictureAsync(console.Page, "auditor-search");

        await row.Locator("a").First.ClickAsync();
        await console["replay-speed"].SelectOptionAsync("16");
        await console["replay-play"].ClickAsync();
        await Expect(console["replay"]).ToHaveAttributeAsync("data-at", new Regex("^[1-9][0-9]*$"), new() { Timeout = ConsoleBrowser.PatienceMs });
        await ConsoleBrowser.PictureAsync(console.Page, "auditor-replay");

        await console["evidence-open"].ClickAsync();
        await console["evidence-reason"].FillAsync("漳公刑立字〔2026〕17 号，调取飞行证据");
        await ConsoleBrowser.PictureAsync(console.Page, "auditor-evidence");
        var download = await console.Page.RunAndWaitForDownloadAsync(() => console["evidence-submit"].ClickAsync());
        var file = await download.PathAsync();
        await using (var package = File.OpenRead(file))
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(await console.Page.EvaluateAsync<string>("async () => (await fetch('/api/v1/audit/publicKey')).text()"));
            var found = await PackageVerification.CheckAsync(package, key, [], CancellationToken.None);
            Assert.Null(found.Problem);
            Assert.Equal("漳公刑立字〔2026〕17 号，调取飞行证据", found.Manifest!.Reason);
            Assert.All(found.Manifest.Sorties, sortie => Assert.True(sortie.LogFrames > 0 && sortie.TrackPoints > 0));
        }

        await WorkbenchAsync(console);
        console.AssertQuiet();
    }

    /// <summary>What the auditor works with and what the chief reads: each page opens, in both languages, and is left as a picture.</summary>
    private static async Task WorkbenchAsync(WatchedPage console)
    {
        await console["nav-audit"].ClickAsync();
        await console["audit-workbench"].ClickAsync();
        await Expect(console["workbench"]).ToContainTextAsync("evidence/");
        var published = await console.Page.RunAndWaitForDownloadAsync(() => console["transparency"].ClickAsync());
        Assert.Contains("<h2>监督与投诉</h2>", await File.ReadAllTextAsync(await published.PathAsync()), StringComparison.Ordinal);
        await Expect(console["retention-stores"]).ToContainTextAsync("本系统不删除");
        await Expect(console["approvals"]).ToBeVisibleAsync();

        // A filter from the keyboard changes what is listed, and leaves the keyboard where it is.
        await console["retention-held"].FocusAsync();
        await console.Page.Keyboard.PressAsync("Enter");
        await Expect(console.Page).ToHaveURLAsync(new Regex("kept=held"));
        await Expect(console["retention-held"]).ToBeFocusedAsync();
        await ConsoleMannersTests.AssertAccessibleAsync(console, "workbench");
        await ConsoleBrowser.PictureAsync(console.Page, "auditor-workbench-zh");
        await console["nav-report"].ClickAsync();
        await Expect(console["report-sorties"]).ToHaveTextAsync(new Regex("^[1-9][0-9]*$"));
        await Expect(console["coverage"]).ToContainTextAsync(new Regex(@"\d\d:\d\d:\d\d"), new() { Timeout = ConsoleBrowser.PatienceMs });
        await Expect(console["coverage-map"].Locator("path.level1").First).ToBeAttachedAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "chief-report-zh");
        await console["coverage-map"].ScrollIntoViewIfNeededAsync();
        await ConsoleBrowser.PictureAsync(console.Page, "chief-coverage-zh");
        await ConsoleMannersTests.AssertAccessibleAsync(console, "report");
    }
}
