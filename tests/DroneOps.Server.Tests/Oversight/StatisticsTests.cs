using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Oversight;
using DroneOps.Server.Sorties;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Oversight;

/// <summary>Figures by day, grid, duty mode and unit, on both stores.</summary>
public abstract class StatisticsTests(SharedServer shared)
{
    private static readonly string[] Figures = ["sorties", "airborneSeconds", "incidents", "personsRescued"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task However_they_are_grouped_figures_add_up_to_the_same()
    {
        var day = NewDay();
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var grid = (await pilot.GetAsync<JsonElement>("/api/v1/grids?limit=1")).GetProperty("items")[0];
        var (lon, lat) = MiddleOf(grid);
        var unit = $"支队-{Guid.NewGuid():n}"[..12];
        var there = await FlownRows.FlyAsync(shared.Server, day, [(lon, lat), (lon + 0.002, lat)], purpose: "patrol", unit: unit);
        await FlownRows.FlyAsync(shared.Server, day.AddHours(1), [(lon, lat), (lon + 0.2, lat)], purpose: "rescue");
        await FlownRows.FlyAsync(shared.Server, day.AddHours(2), [(117.0, 23.0), (117.01, 23.0)], purpose: "training", unit: unit);
        await FlownRows.FlyAsync(shared.Server, day.AddHours(30), [(lon, lat), (lon, lat + 0.001)], purpose: null, authorisedBy: null);
        using (var entered = await dispatcher.PostAsJsonAsync("/api/v1/outcomes/records", new { kind = "personsRescued", sortieIds = new[] { there.Id }, occurredAt = day.AddHours(1), count = 3 }, Token))
        {
            var outcome = (await entered.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            using var confirmed = await pilot.PostAsJsonAsync($"/api/v1/outcomes/records/{outcome}/confirm", new { }, Token);
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        }

        var groups = new Dictionary<string, List<JsonElement>>();
        foreach (var by in new[] { "day", "month", "grid", "dutyMode", "unit" })
            groups[by] = [.. (await pilot.GetAsync<Page<JsonElement>>($"/api/v1/statistics?groupBy={by}&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(3))}")).Items];
        foreach (var (by, rows) in groups)
        {
            foreach (var figure in Figures)
                Assert.True(Math.Abs(groups["day"].Sum(row => row.GetProperty(figure).GetDouble()) - rows.Sum(row => row.GetProperty(figure).GetDouble())) < 0.0005, $"{figure} by {by}");
        }

        Assert.Equal(4, groups["grid"].Sum(row => row.GetProperty("sorties").GetInt32()));
        Assert.Equal((3, 3), (Of("grid", grid.GetProperty("id").GetString()).GetProperty("sorties").GetInt32(), Of("grid", grid.GetProperty("id").GetString()).GetProperty("personsRescued").GetInt32()));
        Assert.Equal((1, there.AirborneS), (Of("dutyMode", "routine").GetProperty("sorties").GetInt32(), Of("dutyMode", "routine").GetProperty("airborneSeconds").GetDouble()));
        Assert.Equal((2, 1), (Of("dutyMode", null).GetProperty("sorties").GetInt32(), Of("dutyMode", "emergency").GetProperty("sorties").GetInt32()));
        Assert.Equal((2, 2), (Of("unit", unit).GetProperty("sorties").GetInt32(), Of("unit", null).GetProperty("sorties").GetInt32()));
        using var csv = await pilot.GetAsync($"/api/v1/statistics.csv?groupBy=unit&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(3))}", Token);
        Assert.Contains("unit,sorties,airborneSeconds", await csv.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var tooLong = await pilot.GetAsync($"/api/v1/statistics?groupBy=grid&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(93))}", Token);
        await tooLong.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        JsonElement Of(string by, string? key) => Assert.Single(groups[by], row => row.GetProperty("key").GetString() == key);
    }

    [Fact]
    public async Task An_outcome_counts_in_the_grid_of_its_flight_though_that_took_off_before_the_period()
    {
        var day = NewDay();
        using var dispatcher = await shared.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await shared.Server.SignInAsync(Roles.Pilot);
        var grid = (await pilot.GetAsync<JsonElement>("/api/v1/grids?limit=1")).GetProperty("items")[0];
        var (lon, lat) = MiddleOf(grid);
        var flight = await FlownRows.FlyAsync(shared.Server, day.AddMinutes(-2), [(lon, lat), (lon + 0.002, lat)], purpose: "patrol");
        using (var entered = await dispatcher.PostAsJsonAsync("/api/v1/outcomes/records", new { kind = "personsRescued", sortieIds = new[] { flight.Id }, occurredAt = day.AddMinutes(5), count = 2 }, Token))
        {
            var outcome = (await entered.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            using var confirmed = await pilot.PostAsJsonAsync($"/api/v1/outcomes/records/{outcome}/confirm", new { }, Token);
            Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        }

        var row = Assert.Single((await pilot.GetAsync<Page<JsonElement>>($"/api/v1/statistics?groupBy=grid&from={Rfc3339.Text(day)}&to={Rfc3339.Text(day.AddDays(1))}")).Items);
        Assert.Equal((grid.GetProperty("id").GetString(), 2, 0), (row.GetProperty("key").GetString(), row.GetProperty("personsRescued").GetInt32(), row.GetProperty("sorties").GetInt32()));
    }

    [Fact]
    public void The_seconds_of_a_flight_are_split_over_grids_without_a_millisecond_lost()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var takeoff = TestServer.Begin.AddMilliseconds(random.Next(1000));
            var airborne = random.Next(1, 4000) + random.NextDouble();
            var pieces = new List<GridShares.Piece>();
            for (var at = takeoff.AddSeconds(random.Next(-5, 40)); at < takeoff.AddSeconds(airborne + 20) && pieces.Count < 100; at = at.AddSeconds(random.Next(10) == 0 ? 60 : 10))
                pieces.Add(new(at, at.AddSeconds(9), random.Next(4) is > 0 and var grid ? $"G{grid}" : null));
            var shares = GridShares.Split(takeoff, airborne, pieces);
            Assert.Equal(PurposeSpan.Milliseconds(airborne), shares.Sum(share => share.Ms));
            Assert.All(shares, share => Assert.True(share.Ms >= 0));
        }
    }

    [Fact]
    public void Where_nobody_knows_where_it_was_a_flight_is_in_no_grid()
    {
        var at = TestServer.Begin;
        GridShares.Piece[] pieces = [new(at.AddSeconds(1), at.AddSeconds(10), "A"), new(at.AddSeconds(11), at.AddSeconds(20), "B"), new(at.AddSeconds(80), at.AddSeconds(90), "B")];
        Assert.Equal(
            [("A", 11_000), (null, 60_000), ("B", 25_000)],
            GridShares.Split(at, 96, pieces).GroupBy(share => share.Grid).Select(group => (group.Key, group.Sum(share => share.Ms))).OrderBy(share => share.Item2 == 25_000).ThenBy(share => share.Item2));
        Assert.Equal([((string?)null, 30_000L)], GridShares.Split(at, 30, []));
    }

    private static (double Lon, double Lat) MiddleOf(JsonElement grid)
    {
        var ring = grid.GetProperty("geometry").GetProperty("coordinates")[0].EnumerateArray().SkipLast(1).ToList();
        return (ring.Average(corner => corner[0].GetDouble()), ring.Average(corner => corner[1].GetDouble()));
    }

    private static DateTimeOffset NewDay() => new DateTimeOffset(2012, 1, 1, 16, 0, 0, TimeSpan.Zero).AddDays(7 * Random.Shared.Next(300));

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : StatisticsTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : StatisticsTests(server);
}
