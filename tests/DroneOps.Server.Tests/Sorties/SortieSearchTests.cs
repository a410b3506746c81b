using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>What an auditor finds sorties by, on both stores.</summary>
public abstract class SortieSearchTests(SharedServer shared)
{
    private const string Sorties = "/api/v1/sorties";
    private static readonly DateTimeOffset Takeoff = TestServer.Begin.AddDays(-40);

    // A corner of a street, and a flight around three sides of its block: the box of the track holds the middle of the block, the track does not come near it.
    private static readonly (double Lon, double Lat)[] Around = [(117.600, 24.400), (117.620, 24.400), (117.620, 24.420), (117.600, 24.420)];

    [Theory]
    [InlineData("117.610,24.4017", 200, true)]
    [InlineData("117.610,24.4019", 200, false)]
    [InlineData("117.610,24.410", 900, false)]
    [InlineData("117.610,24.410", 1200, true)]
    public async Task A_sortie_passed_a_place_when_its_track_did_and_not_when_its_box_did(string near, double withinM, bool isFound)
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff, Around, purpose: "training");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        Assert.Equal(isFound, (await IdsAsync(auditor, $"near={near}&withinM={withinM}")).Contains(sortie.Id));
    }

    [Fact]
    public async Task A_search_by_place_says_when_it_was_passed_how_near_and_how_high()
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff.AddDays(1), [(117.500, 24.300), (117.520, 24.300)], heightM: 85);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var page = await auditor.GetAsync<Page<JsonElement>>($"{Sorties}?near=117.510,24.301&withinM=200");
        var pass = page.Items.Single(item => item.GetProperty("id").GetGuid() == sortie.Id).GetProperty("pass");
        Assert.Equal(110.7, pass.GetProperty("distanceM").GetDouble(), 1.0);
        Assert.Equal(85, pass.GetProperty("altitudeAboveHomeM").GetDouble());
        Assert.Equal(Takeoff.AddDays(1).AddSeconds(101), pass.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Of_two_passes_the_nearer_in_metres_is_the_one_that_is_told()
    {
        // North of the place it passes 105 m away, east of it 100 m: fewer degrees to the north, fewer metres to the east.
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff.AddDays(9), [(117.700, 24.30095), (117.720, 24.30095), (117.720, 24.280), (117.71099, 24.280), (117.71099, 24.320)]);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var page = await auditor.GetAsync<Page<JsonElement>>($"{Sorties}?near=117.710,24.300&withinM=200");
        var pass = page.Items.Single(item => item.GetProperty("id").GetGuid() == sortie.Id).GetProperty("pass");
        Assert.Equal(100.4, pass.GetProperty("distanceM").GetDouble(), 1.0);
    }

    [Theory]
    [InlineData("00:00:30", "00:02:00", true)]
    [InlineData("00:03:00", "00:05:00", false)]
    public async Task The_dates_of_a_search_by_place_are_those_of_the_passing(string from, string to, bool isFound)
    {
        // It takes off before the time that is asked for, and passes the place after 70 seconds.
        var takeoff = Takeoff.AddDays(2);
        var sortie = await FlownRows.FlyAsync(shared.Server, takeoff, [(117.400, 24.200), (117.420, 24.200)]);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var query = $"near=117.407,24.200&withinM=100&from={Rfc3339.Text(takeoff + TimeSpan.Parse(from))}&to={Rfc3339.Text(takeoff + TimeSpan.Parse(to))}";
        Assert.Equal(isFound, (await IdsAsync(auditor, query)).Contains(sortie.Id));
    }

    [Fact]
    public async Task Where_a_vehicle_was_during_a_gap_in_its_track_is_not_made_up()
    {
        var row = await FlownRows.FlyAsync(shared.Server, Takeoff.AddDays(3), [(117.300, 24.100), (117.301, 24.100)]);
        await using (var db = await shared.Server.Services.GetRequiredService<IDbContextFactory<FleetDb>>().CreateDbContextAsync())
        {
            var (gone, back) = (row.TakeoffAt.AddSeconds(60), row.TakeoffAt.AddSeconds(160));
            db.Add(new TrackPiece { SortieId = row.Id, Number = 90, Points = [new(gone, 117.302, 24.1, 80, 60, 10), new(back, 117.312, 24.1, 80, 60, 10)] });
            await db.SaveChangesAsync();
        }

        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        Assert.DoesNotContain(row.Id, await IdsAsync(auditor, "near=117.307,24.1&withinM=200"));
        Assert.Contains(row.Id, await IdsAsync(auditor, "near=117.312,24.1&withinM=20"));
    }

    [Theory]
    [InlineData("minHeightM=70", true)]
    [InlineData("minHeightM=71", false)]
    [InlineData("maxHeightM=70", true)]
    [InlineData("maxHeightM=69", false)]
    [InlineData("minSeconds=100&maxSeconds=1000", true)]
    [InlineData("minSeconds=1000", false)]
    [InlineData("maxSeconds=100", false)]
    [InlineData("q=LIU approval-7", true)]
    [InlineData("q=灯会", true)]
    [InlineData("q=liu approval-8", false)]
    [InlineData("q=50%25", false)]
    public async Task A_search_narrows_by_height_duration_and_words(string query, bool isFound)
    {
        var vehicle = $"{Guid.NewGuid():n}"[..8];
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff, Around[..2], heightM: 70, vehicle: vehicle, purpose: "rescue", taskKind: "patrol", taskId: "灯会-夜巡", pilot: "user:Liu", authorisedBy: "Approval-7");
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        Assert.Equal(isFound, (await IdsAsync(auditor, $"vehicleId={vehicle}&{query}")).Contains(sortie.Id));
    }

    [Theory]
    [InlineData("near=117.6,24.4", "near")]
    [InlineData("near=117.6&withinM=10", "near")]
    [InlineData("near=117.6,24.4&withinM=50001", "near")]
    [InlineData("minHeightM=80&maxHeightM=70", "maxHeightM")]
    [InlineData("minSeconds=80&maxSeconds=70", "maxSeconds")]
    [InlineData("q=a b c d e f g h i", "q")]
    public async Task A_search_that_makes_no_sense_is_refused(string query, string place)
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var answer = await auditor.GetAsync($"{Sorties}?{query}");
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(place, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_sortie_is_listed_just_as_it_is_shown()
    {
        var sortie = await FlownRows.FlyAsync(shared.Server, Takeoff, Around, vehicle: $"{Guid.NewGuid():n}"[..8]);
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var listed = (await auditor.GetAsync<Page<JsonElement>>($"{Sorties}?vehicleId={sortie.VehicleId}")).Items.Single();
        var shown = (await auditor.GetAsync<JsonElement>($"{Sorties}/{sortie.Id}")).GetProperty("sortie");
        Assert.Equal(shown.GetRawText(), listed.GetRawText());
    }

    [Fact]
    public async Task A_saved_search_is_ones_own_and_is_replaced_by_its_name()
    {
        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var name = $"夜间 {Guid.NewGuid():n}";
        var path = $"{Sorties}/searches/{Uri.EscapeDataString(name)}";
        foreach (var query in new[] { "q=a", "q=b" })
        {
            using var saved = await auditor.PutAsJsonAsync(path, new { query });
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        }

        var entries = (await auditor.GetAsync<Page<JsonElement>>("/api/v1/audit/entries?action=search.saved&limit=1000")).Items.Where(entry => entry.GetProperty("details").GetProperty("name").GetString() == name).ToList();
        Assert.Equal(2, entries.Count);
        Assert.Single(entries.Select(entry => entry.GetProperty("subject").GetString()).Distinct());
        Assert.Equal("q=b", (await NamedAsync(auditor, name))?.GetProperty("query").GetString());
        Assert.Null(await NamedAsync(pilot, name));
        using var notTheirs = await pilot.DeleteAsync(path);
        await notTheirs.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var deleted = await auditor.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Null(await NamedAsync(auditor, name));
    }

    private static async Task<JsonElement?> NamedAsync(HttpClient client, string name) =>
        (await client.GetAsync<Page<JsonElement>>($"{Sorties}/searches")).Items.Where(search => search.GetProperty("name").GetString() == name).Select(search => (JsonElement?)search).SingleOrDefault();

    private static async Task<List<Guid>> IdsAsync(HttpClient client, string query) =>
        [.. (await client.GetAsync<Page<JsonElement>>($"{Sorties}?limit=1000&{query}")).Items.Select(item => item.GetProperty("id").GetGuid())];

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : SortieSearchTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : SortieSearchTests(server);
}
