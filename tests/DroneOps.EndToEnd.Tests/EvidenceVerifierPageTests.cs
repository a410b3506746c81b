using System.Text.RegularExpressions;
using DroneOps.Server.Audit;
using DroneOps.Server.Tests.Harness;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The page that lies in every package, opened from a file without a server, checks the package it came in: another implementation than <c>droneops evidence verify</c>, which
/// must name the same part.</summary>
public sealed class EvidenceVerifierPageTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-evidence-").FullName;
    private byte[] _package = [];
    private byte[] _other = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public static TheoryData<string, string> Tamperings => [.. PackageParts.Tamperings.Select(one => (one.What, one.Place))];

    public async ValueTask InitializeAsync()
    {
        await using var server = await TestServer.StartAsync(Store.Sqlite);
        var flight = await RecordedFlight.FlyAsync(server, TestServer.Begin.AddDays(-3), "7");
        using var auditor = await server.SignInAsync("auditor");
        var address = $"/api/v1/evidence/sorties/{flight.Sortie.Id}.zip?reason=";
        (_package, _other) = (await auditor.GetByteArrayAsync(address + "x"), await auditor.GetByteArrayAsync(address + "y"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, AuditFiles.VerifierName), PackageParts.Read(_package)[AuditFiles.VerifierName]);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = LocalChromium.Find(), Args = LocalChromium.Switches, Headless = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_whole_package_is_found_whole()
    {
        var page = await CheckAsync(_package);
        await Expect(page.Locator("#verdict")).ToContainTextAsync("OK: all 15 files and");
        await Expect(page.Locator("#facts")).ToContainTextAsync("HW-7");
        await ConsoleBrowser.PictureAsync(page, "evidence-verifier-ok");
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Whatever_is_tampered_with_the_page_names_the_same_part(string what, string place)
    {
        var page = await CheckAsync(PackageParts.Tamper(_package, _other, what));
        await Expect(page.Locator("#verdict")).ToContainTextAsync(new Regex($"BAD {Regex.Escape(place).Replace("\\*", ".+", StringComparison.Ordinal)}: "));
        if (what == "a bit of the video is flipped")
            await ConsoleBrowser.PictureAsync(page, "evidence-verifier-bad");
    }

    private async Task<IPage> CheckAsync(byte[] package)
    {
        var zip = Path.Combine(_folder, "evidence.zip");
        await File.WriteAllBytesAsync(zip, package);
        var page = await _browser!.NewPageAsync();
        page.PageError += (_, problem) => throw new InvalidOperationException(problem);
        await page.GotoAsync(new Uri(Path.Combine(_folder, AuditFiles.VerifierName)).AbsoluteUri);
        await page.Locator("#files").SetInputFilesAsync(zip);
        await Expect(page.Locator("#verdict")).ToHaveAttributeAsync("data-done", "1");
        return page;
    }
}
