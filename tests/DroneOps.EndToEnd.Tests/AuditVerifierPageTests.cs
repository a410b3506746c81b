using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using DroneOps.Server.Audit;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The page that an auditor opens from an export: another implementation of the check, in a browser, from a file, without a server. It must
/// name the same entry as <c>droneops audit verify</c> does.</summary>
public sealed class AuditVerifierPageTests : IAsyncLifetime
{
    private const string Witness = "jiandu";

    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-export-").FullName;
    private readonly string _keys = Directory.CreateTempSubdirectory("droneops-keys-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ECDsa _witnessKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = LocalChromium.Find(), Args = LocalChromium.Switches, Headless = true });
        await WriteAsync(300);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _witnessKey.Dispose();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_keys, recursive: true);
    }

    [Fact]
    public async Task An_intact_export_with_its_witness_is_found_whole()
    {
        Cosign();
        var page = await OpenAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync("OK: all 300 entries agree.");
        await Expect(page.Locator("#facts")).ToContainTextAsync("2026-05-01T00:00:00.000Z");
        await ConsoleBrowser.PictureAsync(page, "audit-verifier-ok");
    }

    [Theory]
    [InlineData("a bit is flipped", 120)]
    [InlineData("an entry is deleted", 120)]
    [InlineData("an entry is inserted", 120)]
    [InlineData("two entries are swapped", 120)]
    [InlineData("the end is cut off", 250)]
    [InlineData("an entry is dated back", 120)]
    [InlineData("the log is forked", 299)]
    [InlineData("an old checkpoint is shown again", 300)]
    [InlineData("the key is another", 0)]
    public async Task Whatever_is_tampered_with_the_first_bad_entry_is_named(string what, int entry)
    {
        await TamperAsync(what);
        var page = await OpenAsync();
        await Expect(page.Locator("#verdict")).ToContainTextAsync($"BAD entry {entry}:");
        if (what == "an entry is dated back")
            await ConsoleBrowser.PictureAsync(page, "audit-verifier-bad");
        Assert.Equal(entry, Scan());
    }

    private string Entries => Path.Combine(_folder, "entries-000000000000.log");

    private string Note => Path.Combine(_folder, AuditFiles.CheckpointName);

    private async Task TamperAsync(string what)
    {
        var lines = (await File.ReadAllLinesAsync(Entries)).ToList();
        switch (what)
        {
            case "a bit is flipped":
                lines[120] = lines[120].Replace("hold", "hole", StringComparison.Ordinal);
                break;
            case "an entry is deleted":
                lines.RemoveAt(120);
                break;
            case "an entry is inserted":
                lines.Insert(120, lines[119]);
                break;
            case "two entries are swapped":
                (lines[120], lines[121]) = (lines[121], lines[120]);
                break;
            case "the end is cut off":
                lines.RemoveRange(250, 50);
                break;
            case "an entry is dated back":
                lines[120] = lines[120].Replace("2026-05-01T", "2026-04-01T", StringComparison.Ordinal);
                Relink(lines, 120);
                break;
            case "the log is forked":
                Cosign();
                File.Delete(Entries);
                File.Delete(Note);
                _time.Advance(TimeSpan.FromSeconds(1));
                await WriteAsync(400);
                return;
            case "an old checkpoint is shown again":
                var old = await File.ReadAllTextAsync(Note);
                await WriteAsync(50);
                Cosign();
                await File.WriteAllTextAsync(Note, old);
                break;
            case "the key is another":
                using (var other = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                    await File.WriteAllTextAsync(Path.Combine(_folder, AuditFiles.PublicKeyName), other.ExportSubjectPublicKeyInfoPem());
                return;
        }

        await File.WriteAllTextAsync(Entries, string.Join('\n', lines) + "\n");
    }

    /// <summary>Makes the chain whole again, as somebody without the key can.</summary>
    private static void Relink(List<string> lines, int from)
    {
        for (var at = from; at < lines.Count; at++)
        {
            var entry = lines[at][AuditFormat.PrefixBytes..];
            if (at > from)
                entry = Regex.Replace(entry, "\"prev\":\"[0-9a-f]{64}\"", $"\"prev\":\"{lines[at - 1][..64]}\"");
            lines[at] = $"{Convert.ToHexStringLower(AuditFormat.LeafHash(Encoding.UTF8.GetBytes(entry)))} {entry}";
        }
    }

    private async Task WriteAsync(int count)
    {
        await using (var log = AuditLog.Open(_folder, Path.Combine(_keys, "key.pem"), _time, problem => throw problem, NullLogger<AuditLog>.Instance))
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(number => log.AppendAsync(new AuditEntry("user:pilot", "vehicle.commanded", $"vehicle/{number}", new { command = "hold", 原因 = "巡逻" }), default)));
        }

        File.Delete(Path.Combine(_folder, ".lock"));
        AuditFiles.WriteVerifier(_folder);
    }

    private void Cosign()
    {
        File.WriteAllText(Path.Combine(_folder, AuditFiles.WitnessFile(Witness)), Cosignature.Add(File.ReadAllText(Note), Witness, _witnessKey, _time.GetUtcNow()));
        File.WriteAllText(Path.Combine(_folder, $"witness-{Witness}.pem"), _witnessKey.ExportSubjectPublicKeyInfoPem());
    }

    private long? Scan()
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_folder, AuditFiles.PublicKeyName)));
        KeptHead[] kept = [.. AuditFiles.WitnessFiles(_folder).Select(file => new KeptHead(Witness, Checkpoint.Open(File.ReadAllText(file), key, out _)!))];
        return AuditScan.Read(_folder, File.ReadAllText(Note), key, kept).Bad?.Index;
    }

    private async Task<IPage> OpenAsync()
    {
        var page = await _browser!.NewPageAsync();
        page.PageError += (_, problem) => throw new InvalidOperationException(problem);
        await page.GotoAsync(new Uri(Path.Combine(_folder, AuditFiles.VerifierName)).AbsoluteUri);
        await page.Locator("#files").SetInputFilesAsync(Directory.GetFiles(_folder).Where(file => !file.EndsWith(".html", StringComparison.Ordinal)));
        await Expect(page.Locator("#verdict")).ToHaveAttributeAsync("data-done", "1");
        return page;
    }
}
