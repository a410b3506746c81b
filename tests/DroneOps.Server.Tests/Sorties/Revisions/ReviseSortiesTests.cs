using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Sorties.Revisions;

/// <summary>Records of flights that people put together or take apart, on both stores.</summary>
public abstract class ReviseSortiesTests(SharedServer shared)
{
    private const string Sorties = "/api/v1/sorties";
    private static readonly string[] Groupings = ["vehicle", "pilot", "battery", "dock", "unit", "day", "month", "purpose", "dutyMode"];

    [Fact]
    public async Task Two_records_of_one_flight_become_one_and_stand_again_when_that_is_undone()
    {
        var (first, second) = await TwoAsync(-50, 117.1, 100);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var period = Period(first.TakeoffAt);
        var before = await TotalAsync(pilot, period);

        var merged = await ReviseAsync(pilot, $"{first.Id}/merge", new { with = second.Id, reason = "图传中断，未落地" });
        var made = merged.GetProperty("sorties")[0];
        var id = made.GetProperty("id").GetGuid();
        var pause = (second.TakeoffAt - first.LandedAt!.Value).TotalSeconds;
        Assert.Equal(first.AirborneS + pause + second.AirborneS, made.GetProperty("airborneS").GetDouble(), 0.001);
        Assert.Equal((first.TakeoffAt, second.LandedAt), (made.GetProperty("takeoffAt").GetDateTimeOffset(), made.GetProperty("landedAt").GetDateTimeOffset()));
        Assert.Equal((before.Sorties - 1, before.Airborne + pause), await TotalAsync(pilot, period), Close);
        Assert.Equal([id], await IdsAsync(pilot, first.VehicleId, period));
        Assert.Equal([id], await IdsAsync(pilot, first.VehicleId, $"near={117.105},24.05&withinM=100"));
        var track = await pilot.GetAsync<JsonElement>($"{Sorties}/{id}/track.geojson");
        Assert.Equal(await PointsAsync(first.Id) + await PointsAsync(second.Id), track.GetProperty("geometry").GetProperty("coordinates").GetArrayLength());

        // What it was stays readable, and says that it counts no more.
        var old = await pilot.GetAsync<JsonElement>($"{Sorties}/{first.Id}");
        Assert.True(old.GetProperty("sortie").GetProperty("replaced").GetBoolean());
        Assert.Equal(first.AirborneS, old.GetProperty("sortie").GetProperty("airborneS").GetDouble());
        Assert.Equal(["图传中断，未落地"], old.GetProperty("revisions").EnumerateArray().Select(revision => revision.GetProperty("reason").GetString()));
        using (var again = await PostAsync(pilot, $"{first.Id}/merge", new { with = second.Id, reason = "x" }))
            await again.ReadProblemAsync(HttpStatusCode.Conflict, "sortie-replaced");
        using (var corrected = await PostAsync(pilot, $"{first.Id}/corrections", new { field = "pilot", value = "user:li", reason = "x" }))
            await corrected.ReadProblemAsync(HttpStatusCode.Conflict, "sortie-replaced");

        await ReviseAsync(pilot, $"{id}/unmerge", new { reason = "两次飞行" });
        Assert.Equal(before, await TotalAsync(pilot, period), Close);
        Assert.Equal([second.Id, first.Id], await IdsAsync(pilot, first.VehicleId, period));
        var revisions = (await pilot.GetAsync<JsonElement>($"{Sorties}/{second.Id}")).GetProperty("revisions");
        Assert.Equal(["merge", "unmerge"], revisions.EnumerateArray().Select(revision => revision.GetProperty("kind").GetString()));
        Assert.Equal(revisions[1].GetProperty("id").GetGuid(), revisions[0].GetProperty("undoneBy").GetGuid());

        var log = shared.Server.Services.GetRequiredService<AuditLog>();
        Assert.Equal(["sortie.merged", "sortie.unmerged"], log.Read(0, log.Count).Where(entry => entry.Subject == $"sortie/{id}" && entry.Action.StartsWith("sortie.", StringComparison.Ordinal) && entry.Action != "sortie.trackViewed").Select(entry => entry.Action));
    }

    [Fact]
    public async Task One_record_of_two_flights_is_divided_and_every_grouping_keeps_its_total()
    {
        var row = await FlyAsync(-52, 0, 117.2);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var period = Period(row.TakeoffAt);
        var before = await TotalAsync(pilot, period);
        var at = row.TakeoffAt.AddSeconds(70.4567);

        var split = await ReviseAsync(pilot, $"{row.Id}/split", new { at = Rfc3339.Text(at), reason = "中途落地换电" });
        var parts = split.GetProperty("sorties");
        Assert.Equal(70.456, parts[0].GetProperty("airborneS").GetDouble(), 0.0011);
        Assert.Equal(row.AirborneS, parts[0].GetProperty("airborneS").GetDouble() + parts[1].GetProperty("airborneS").GetDouble(), 1e-9);
        Assert.Equal(("entered", "entered"), (parts[0].GetProperty("landingSource").GetString(), parts[1].GetProperty("takeoffSource").GetString()));
        foreach (var grouping in Groupings)
        {
            var hours = await pilot.GetAsync<JsonElement>($"/api/v1/flightHours?groupBy={grouping}&{period}");
            Assert.Equal(before.Airborne, hours.GetProperty("total").GetProperty("airborneSeconds").GetDouble(), 1e-6);
            Assert.Equal(before.Airborne, hours.GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("airborneSeconds").GetDouble()), 1e-6);
            Assert.Equal(before.Sorties + 1, hours.GetProperty("items").EnumerateArray().Sum(item => item.GetProperty("sorties").GetInt32()));
        }

        var (one, other) = (parts[0].GetProperty("id").GetGuid(), parts[1].GetProperty("id").GetGuid());
        Assert.Equal(await PointsAsync(row.Id), await PointsAsync(one) + await PointsAsync(other));

        // A part that was split again has to come back first.
        var deeper = await ReviseAsync(pilot, $"{other}/split", new { at = Rfc3339.Text(at.AddSeconds(20)), reason = "又一次" });
        using (var early = await PostAsync(pilot, $"{one}/unsplit", new { reason = "x" }))
            await early.ReadProblemAsync(HttpStatusCode.Conflict, "revised-since");
        await ReviseAsync(pilot, $"{deeper.GetProperty("sorties")[1].GetProperty("id").GetGuid()}/unsplit", new { reason = "误判" });
        await ReviseAsync(pilot, $"{one}/unsplit", new { reason = "误判" });
        Assert.Equal(before, await TotalAsync(pilot, period), Close);
        Assert.Equal([row.Id], await IdsAsync(pilot, row.VehicleId, period));
        Assert.Equal(4, (await pilot.GetAsync<JsonElement>($"{Sorties}/{row.Id}")).GetProperty("revisions").GetArrayLength());
    }

    [Fact]
    public async Task A_package_of_a_merged_flight_holds_what_the_log_says_of_its_parts()
    {
        var (first, second) = await TwoAsync(-54, 117.3, 30);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var made = (await ReviseAsync(pilot, $"{first.Id}/merge", new { with = second.Id, reason = "信号中断" })).GetProperty("sorties")[0].GetProperty("id").GetGuid();
        await pilot.GetAsync<JsonElement>($"{Sorties}/{second.Id}/track.geojson");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var bytes = await auditor.GetByteArrayAsync(new Uri($"/api/v1/evidence/sorties/{made}.zip?reason=case", UriKind.Relative), TestContext.Current.CancellationToken);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(bytes));
        var entries = await TextAsync(zip, "audit/entries.log");
        Assert.Contains($"sortie/{second.Id}", entries, StringComparison.Ordinal);
        Assert.Contains("sortie.merged", entries, StringComparison.Ordinal);
        var record = JsonDocument.Parse(await TextAsync(zip, $"sorties/{made}/record.json")).RootElement;
        Assert.Equal([first.Id, second.Id], record.GetProperty("revisions")[0].GetProperty("replaced").EnumerateArray().Select(part => part.GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task What_cannot_be_one_flight_or_two_is_refused()
    {
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var first = await FlyAsync(-56, 0, 117.4);
        var far = await FlyAsync(-56, 3 * 3600, 117.4);
        var other = await FlyAsync(-56, 600, 117.45);
        var open = await FlownRows.FlyAsync(shared.Server, TestServer.Begin.AddDays(-56).AddSeconds(900), [(117.4, 24.0), (117.41, 24.0)], vehicle: first.VehicleId, isClosed: false);
        await RefusedAsync(pilot, $"{first.Id}/merge", new { with = far.Id, reason = "x" }, "not-adjacent");
        await RefusedAsync(pilot, $"{first.Id}/merge", new { with = other.Id, reason = "x" }, "not-adjacent");
        await RefusedAsync(pilot, $"{first.Id}/merge", new { with = open.Id, reason = "x" }, "sortie-open");
        await RefusedAsync(pilot, $"{first.Id}/unmerge", new { reason = "x" }, "not-revised");
        foreach (var body in new object[] { new { with = first.Id, reason = "x" }, new { with = other.Id, reason = " " } })
        {
            using var answer = await PostAsync(pilot, $"{first.Id}/merge", body);
            await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }

        foreach (var at in new[] { first.TakeoffAt, first.LandedAt!.Value.AddSeconds(1) })
        {
            using var answer = await PostAsync(pilot, $"{first.Id}/split", new { at = Rfc3339.Text(at), reason = "x" });
            await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }

        using (var unknown = await PostAsync(pilot, $"{Guid.NewGuid()}/split", new { at = Rfc3339.Text(first.TakeoffAt), reason = "x" }))
            await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var forbidden = await PostAsync(auditor, $"{first.Id}/split", new { at = Rfc3339.Text(first.TakeoffAt.AddSeconds(30)), reason = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    private static IEqualityComparer<(int Sorties, double Airborne)> Close { get; } = EqualityComparer<(int Sorties, double Airborne)>.Create((one, other) => one.Sorties == other.Sorties && Math.Abs(one.Airborne - other.Airborne) < 0.002);

    private static string Period(DateTimeOffset takeoff) => $"from={Rfc3339.Text(takeoff.AddHours(-1))}&to={Rfc3339.Text(takeoff.AddHours(1))}";

    private static async Task RefusedAsync(HttpClient client, string path, object body, string slug)
    {
        using var answer = await PostAsync(client, path, body);
        await answer.ReadProblemAsync(HttpStatusCode.Conflict, slug);
    }

    private static async Task<JsonElement> ReviseAsync(HttpClient client, string path, object body)
    {
        using var answer = await PostAsync(client, path, body);
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.Created);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body) => client.PostAsJsonAsync($"{Sorties}/{path}", body, TestContext.Current.CancellationToken);

    private static async Task<(int Sorties, double Airborne)> TotalAsync(HttpClient client, string period)
    {
        var total = (await client.GetAsync<JsonElement>($"/api/v1/flightHours?groupBy=purpose&{period}")).GetProperty("total");
        return (total.GetProperty("sorties").GetInt32(), total.GetProperty("airborneSeconds").GetDouble());
    }

    private static async Task<List<Guid>> IdsAsync(HttpClient client, string vehicle, string query) =>
        [.. (await client.GetAsync<Page<JsonElement>>($"{Sorties}?vehicleId={vehicle}&{query}")).Items.Select(item => item.GetProperty("id").GetGuid())];

    private static async Task<string> TextAsync(System.IO.Compression.ZipArchive zip, string name)
    {
        using var reader = new StreamReader(await zip.GetEntry(name)!.OpenAsync());
        return await reader.ReadToEndAsync();
    }

    private async Task<int> PointsAsync(Guid id)
    {
        await using var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync();
        return (await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == id).ToListAsync()).Sum(piece => piece.Points.Count);
    }

    private async Task<(SortieRecord First, SortieRecord Second)> TwoAsync(int days, double lon, double pauseS)
    {
        var first = await FlyAsync(days, 0, lon);
        var second = await FlownRows.FlyAsync(shared.Server, first.LandedAt!.Value.AddSeconds(pauseS), [(lon + 0.03, 24.05), (lon + 0.04, 24.05)], vehicle: first.VehicleId, purpose: "patrol");
        return (first, second);
    }

    private Task<SortieRecord> FlyAsync(int days, double seconds, double lon) =>
        FlownRows.FlyAsync(shared.Server, TestServer.Begin.AddDays(days).AddSeconds(seconds), [(lon, 24.05), (lon + 0.02, 24.05)], vehicle: $"97{lon * 100:0}");

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : ReviseSortiesTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : ReviseSortiesTests(server);
}
