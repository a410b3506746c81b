using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Evidence;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.EvidencePackages;

/// <summary>A package holds all of a case, and whatever is done to it afterwards is found, on both stores.</summary>
public abstract class PackageTests(SharedServer shared, Store store)
{
    private static readonly DateTimeOffset Takeoff = TestServer.Begin.AddDays(-3);

    public static TheoryData<string, string> Tamperings => [.. PackageParts.Tamperings.Select(one => (one.What, one.Place))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_package_of_a_sortie_holds_its_originals_its_devices_clocks_gaps_and_who_looked()
    {
        var flight = await FlyAsync();
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using (var looked = await auditor.GetAsync($"/api/v1/sorties/{flight.Sortie.Id}/track.gpx", Token))
            Assert.Equal(HttpStatusCode.OK, looked.StatusCode);

        var parts = PackageParts.Read(await ExportAsync(auditor, flight, "案件 2026-17"));
        var (sorties, recordings) = ($"sorties/{flight.Sortie.Id}", $"recordings/{flight.Recording}");
        Assert.Equal(
            [
                "README.txt", "audit/entries.log", "audit/public-key.pem", "manifest.json", $"{recordings}/0001.mp4", $"{recordings}/0002.mp4", $"{recordings}/bookmarks.json",
                $"{recordings}/clips/{flight.Clip.Id}.mp4", $"{recordings}/ledger.jsonl", $"{recordings}/recording.json", $"{recordings}/stills/{flight.Still.Id}.png", "seal.json", $"{sorties}/flight.tlog", $"{sorties}/record.json", $"{sorties}/track.csv", $"{sorties}/track.geojson", "verify.html",
            ],
            parts.Names.Order(StringComparer.Ordinal));

        var manifest = PackageManifest.Read(parts["manifest.json"])!;
        Assert.Equal(("案件 2026-17", "user:auditor"), (manifest.Reason, manifest.ExportedBy));
        var sortie = Assert.Single(manifest.Sorties);
        Assert.Equal(($"HW-{flight.Sortie.VehicleId}", "4.6.1", 60L), (sortie.HardwareId, sortie.Firmware, sortie.LogFrames));
        Assert.Equal(new VehicleClock(60, RecordedFlight.ClockAheadMs, RecordedFlight.ClockAheadMs, RecordedFlight.ClockAheadMs), sortie.Clock);
        var recording = Assert.Single(manifest.Recordings);
        Assert.Equal(Takeoff.AddSeconds(30), Assert.Single(recording.Gaps).From);
        var still = Assert.Single(recording.Stills);
        Assert.Equal((flight.Still.Sha256, flight.Still.SegmentSha256, Takeoff.AddSeconds(45), "user:wang"), (still.Sha256, still.SegmentSha256, still.PictureAt, still.By));
        Assert.Equal(["clip", "still"], manifest.Files.Where(file => file.Path.Contains("/clips/", StringComparison.Ordinal) || file.Path.Contains("/stills/", StringComparison.Ordinal)).Select(file => file.Kind));
        Assert.Empty(manifest.Missing);

        var custody = Encoding.UTF8.GetString(parts["audit/entries.log"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Contains(custody, entry => Is(entry, "sortie.trackViewed", "user:auditor"));
        Assert.Contains(custody, entry => Is(entry, "evidence.exported", "user:auditor") && entry.GetProperty("details").GetProperty("reason").GetString() == "案件 2026-17");
        Assert.Equal(2, custody.Count(entry => Is(entry, "video.segmentClosed", "system")));
        Assert.Equal(manifest.Entries, custody.Select(entry => entry.GetProperty("seq").GetInt64()));
    }

    [Fact]
    public async Task The_package_of_an_incident_holds_the_flights_that_it_took()
    {
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var reported = await dispatcher.PostAsJsonAsync("/api/v1/incidents", new { type = "fire", priority = 2, location = new { type = "Point", coordinates = new[] { 117.66, 24.513 } }, summary = "浓烟" }, Token);
        var incident = (await reported.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var flight = await RecordedFlight.FlyAsync(shared.Server, Takeoff, NewVehicle(), incident.ToString());
        await FlyAsync();

        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var package = await ExportAsync(auditor, $"incidents/{incident}", "fire");
        var parts = PackageParts.Read(package);
        Assert.Equal([flight.Sortie.Id], PackageManifest.Read(parts["manifest.json"])!.Sorties.Select(sortie => sortie.Id));
        Assert.Equal("浓烟", JsonElement.Parse(parts["incident.json"]).GetProperty("summary").GetString());
        Assert.Contains("incident.reported", Encoding.UTF8.GetString(parts["audit/entries.log"]), StringComparison.Ordinal);
        Assert.Null((await CheckAsync(package)).Problem);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff, [(117.6, 24.5), (117.601, 24.5)], vehicle: NewVehicle());
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var package = await ExportAsync(auditor, $"sorties/{sortie.Id}", "review");
        var manifest = PackageManifest.Read(PackageParts.Read(package)["manifest.json"])!;
        Assert.Equal(2, manifest.Missing.Count);
        Assert.Contains($"There is no flight log of the sortie {sortie.Id}.", manifest.Missing);
        Assert.Null((await CheckAsync(package)).Problem);
    }

    [Fact]
    public async Task A_still_or_clip_that_is_not_what_the_log_says_is_named_also_when_it_was_changed_before_the_export()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var flight = await FlyAsync();
        var folder = shared.Server.Services.GetRequiredService<RecordingShelf>().Find(flight.Recording)!;
        var bytes = await File.ReadAllBytesAsync(folder.StillFile(flight.Still.Id), Token);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(folder.StillFile(flight.Still.Id), bytes, Token);
        Assert.Equal($"recordings/{flight.Recording}/stills/{flight.Still.Id}.png", (await CheckAsync(await ExportAsync(auditor, flight, "x"))).Place);

        await File.WriteAllBytesAsync(folder.ClipFile(flight.Clip.Id), bytes, Token);
        Assert.Equal($"recordings/{flight.Recording}/clips/{flight.Clip.Id}.mp4", (await CheckAsync(await ExportAsync(auditor, flight, "x"))).Place);
    }

    [Fact]
    public async Task A_still_whose_segment_is_gone_is_not_packed_nor_anything_of_a_deleted_recording_and_the_package_says_so()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var flight = await FlyAsync();
        var folder = shared.Server.Services.GetRequiredService<RecordingShelf>().Find(flight.Recording)!;
        File.Delete(folder.FileOf("0002.mp4"));
        var package = await ExportAsync(auditor, flight, "x");
        var (parts, recordings) = (PackageParts.Read(package), $"recordings/{flight.Recording}");
        var manifest = PackageManifest.Read(parts["manifest.json"])!;
        Assert.Contains($"{recordings}/0001.mp4", parts.Names);
        Assert.DoesNotContain(parts.Names, name => name.Contains("/stills/", StringComparison.Ordinal) || name.Contains("/clips/", StringComparison.Ordinal) || name.EndsWith("/0002.mp4", StringComparison.Ordinal));
        Assert.Equal(
            [
                $"The segment 0002.mp4 of the recording {flight.Recording} is not on the disk, and no deletion of the recording is known.",
                $"The clip {recordings}/clips/{flight.Clip.Id}.mp4 is not packed: the segment 2 that it was made from is not there.",
                $"The still {recordings}/stills/{flight.Still.Id}.png is not packed: the segment 2 that it was made from is not there.",
            ],
            manifest.Missing);
        Assert.Null((await CheckAsync(package)).Problem);

        var entry = await shared.Server.Services.GetRequiredService<AuditLog>().AppendAsync(new AuditEntry("system", "video.recordingDeleted", $"recording/{flight.Recording}", new { why = "due" }), Token);
        folder.Bury(new(Takeoff.AddDays(1), "routine", Takeoff.AddDays(1), 1, entry));
        package = await ExportAsync(auditor, flight, "x");
        manifest = PackageManifest.Read(PackageParts.Read(package)["manifest.json"])!;
        Assert.Empty(manifest.Recordings);
        Assert.StartsWith($"The recording {flight.Recording} is deleted since ", Assert.Single(manifest.Missing), StringComparison.Ordinal);
        Assert.Contains(entry, manifest.Entries);
        Assert.Null((await CheckAsync(package)).Problem);
    }

    [Fact]
    public async Task Without_a_reason_or_the_right_there_is_no_package()
    {
        var flight = await FlyAsync();
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var unexplained = await auditor.GetAsync($"/api/v1/evidence/sorties/{flight.Sortie.Id}.zip?reason=%20", Token);
        await unexplained.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var unknown = await auditor.GetAsync($"/api/v1/evidence/incidents/{Guid.NewGuid()}.zip?reason=x", Token);
        await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        using var refused = await pilot.GetAsync($"/api/v1/evidence/sorties/{flight.Sortie.Id}.zip?reason=x", Token);
        await refused.ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task A_package_is_whole_for_the_key_of_its_log_and_for_no_other()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var package = await ExportAsync(auditor, await FlyAsync(), "x");
        var found = await CheckAsync(package);
        Assert.Null(found.Problem);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("seal.json", (await PackageVerification.CheckAsync(new MemoryStream(package), other, [], Token)).Place);
    }

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Whatever_is_tampered_with_the_first_wrong_part_is_named(string what, string place)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var flight = await FlyAsync();
        var (package, other) = (await ExportAsync(auditor, flight, "x"), await ExportAsync(auditor, flight, "y"));
        var found = await CheckAsync(PackageParts.Tamper(package, other, what));
        Assert.NotNull(found.Problem);
        Assert.Matches($"^{Regex.Escape(place).Replace("\\*", ".+", StringComparison.Ordinal)}$", found.Place);
    }

    [Fact]
    public async Task A_witness_vouches_for_a_package_of_the_log_that_it_signed_and_for_no_other_version()
    {
        await using var server = await TestServer.StartAsync(store);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var note = await server.Services.GetRequiredService<AuditLog>().CheckpointAsync(Token);
        var file = Path.Combine(server.DataFolder, "audit", AuditFiles.WitnessFile("jiandu"));
        await File.WriteAllTextAsync(file, Cosignature.Add(note, "jiandu", key, server.Time.GetUtcNow()), Token);
        var flight = await RecordedFlight.FlyAsync(server, Takeoff, "7");
        using var auditor = await server.SignInAsync(Roles.Auditor);
        var package = await ExportAsync(auditor, flight, "x");

        Assert.Single((await PackageVerification.CheckAsync(new MemoryStream(package), null, [("jiandu", key)], Token)).Vouched);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("the witness jiandu", (await PackageVerification.CheckAsync(new MemoryStream(package), null, [("jiandu", stranger)], Token)).Place);
        Assert.Equal("the witness duban", (await PackageVerification.CheckAsync(new MemoryStream(package), null, [("duban", key)], Token)).Place);

        // Signed by the log's key, but of another log: what a keeper does who shows the witness one version and the court another.
        var parts = PackageParts.Read(package);
        using var logKey = ECDsa.Create();
        logKey.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(server.DataFolder, "keys", "audit-signing-key.pem"), Token));
        var fork = Cosignature.Add(new Checkpoint(AuditFolder.Origin, 2, SHA256.HashData("another"u8)).Sign(logKey), "jiandu", key, server.Time.GetUtcNow());
        var seal = PackageSeal.Read(parts["seal.json"])!;
        parts["seal.json"] = JsonSerializer.SerializeToUtf8Bytes(seal with { Witnesses = [seal.Witnesses[0] with { Note = fork }] }, PackageManifest.Json);
        var forked = await PackageVerification.CheckAsync(new MemoryStream(parts.Write()), null, [("jiandu", key)], Token);
        Assert.Contains("fork", forked.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_checks_a_package_without_a_server()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var package = await ExportAsync(auditor, await FlyAsync(), "x");
        var folder = Directory.CreateTempSubdirectory("droneops-evidence-").FullName;
        try
        {
            var (whole, broken, key) = (Path.Combine(folder, "a.zip"), Path.Combine(folder, "b.zip"), Path.Combine(folder, "key.pem"));
            await File.WriteAllBytesAsync(whole, package, Token);
            await File.WriteAllBytesAsync(broken, PackageParts.Tamper(package, [], "a bit of the video is flipped"), Token);
            await File.WriteAllTextAsync(key, shared.Server.Services.GetRequiredService<AuditLog>().PublicKey, Token);
            var good = await Droneops.RunAsync("evidence", "verify", whole, "--key", key);
            Assert.Equal(0, good.Code);
            Assert.StartsWith("OK 15 files, 1 sorties, 1 recordings", good.Out, StringComparison.Ordinal);
            var bad = await Droneops.RunAsync("evidence", "verify", broken, "--json");
            Assert.Equal(1, bad.Code);
            Assert.EndsWith("/0001.mp4", JsonElement.Parse(bad.Out).GetProperty("place").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string NewVehicle() => $"{Guid.NewGuid():n}"[..8];

    private static bool Is(JsonElement entry, string action, string actor) => entry.GetProperty("action").GetString() == action && entry.GetProperty("actor").GetString() == actor;

    private static Task<byte[]> ExportAsync(HttpClient client, RecordedFlight flight, string reason) => ExportAsync(client, $"sorties/{flight.Sortie.Id}", reason);

    private static async Task<byte[]> ExportAsync(HttpClient client, string what, string reason)
    {
        using var answer = await client.GetAsync($"/api/v1/evidence/{what}.zip?reason={Uri.EscapeDataString(reason)}", Token);
        Assert.Equal((HttpStatusCode.OK, "application/zip"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return await answer.Content.ReadAsByteArrayAsync(Token);
    }

    private async Task<PackageVerification> CheckAsync(byte[] package)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(shared.Server.Services.GetRequiredService<AuditLog>().PublicKey);
        return await PackageVerification.CheckAsync(new MemoryStream(package), key, [], Token);
    }

    private Task<RecordedFlight> FlyAsync() => RecordedFlight.FlyAsync(shared.Server, Takeoff, NewVehicle());

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : PackageTests(server, Store.Sqlite);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : PackageTests(server, Store.Postgres);
}
