using System.Globalization;
using System.Net;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Telemetry;

public abstract class ListTelemetryTests(SharedServer shared)
{
    private static readonly DateTimeOffset Begin = TestServer.Begin.AddDays(-1);

    private readonly int _vehicle = Points.NewVehicle();

    [Fact]
    public async Task Pages_join_without_a_hole_and_without_a_point_twice()
    {
        await FlyAsync(2500, TimeSpan.FromMilliseconds(200));
        using var pilot = await shared.Server.SignInAsync("pilot");

        Assert.Equal(Enumerable.Range(0, 2500), await AllAsync(pilot, "every=0&limit=999&from=2026-04-30T00:00:00Z&to=2026-04-30T12:00:00%2B08:00"));
        Assert.Equal(Enumerable.Range(0, 100).Select(number => number * 25), await AllAsync(pilot, "every=5&limit=7&from=2026-04-30T00:00:00Z&to=2026-04-30T04:00:00Z"));
        Assert.Equal([5, 6], await AllAsync(pilot, "every=0&from=2026-04-30T00:00:01Z&to=2026-04-30T00:00:01.4Z"));
    }

    [Fact]
    public async Task Without_every_the_whole_time_fits_on_one_page()
    {
        await FlyAsync(3000, TimeSpan.FromMilliseconds(200));
        using var auditor = await shared.Server.SignInAsync("auditor");

        var page = await auditor.GetAsync<ListTelemetry.Answer>($"{Path}?from=2026-04-30T00:00:00Z&to=2026-04-30T00:10:00Z");

        Assert.Null(page.NextCursor);
        Assert.Equal(0.6, page.EveryS);
        Assert.Equal(Enumerable.Range(0, 1000).Select(number => number * 3), page.Items.Select(Number));
    }

    [Fact]
    public async Task A_point_shows_what_the_vehicle_sent()
    {
        await FlyAsync(1, TimeSpan.Zero);
        using var machine = await shared.Server.TokenAsync("integration");

        var page = await machine.GetAsync<ListTelemetry.Answer>($"{Path}?from=2026-04-30T00:00:00Z&to=2026-04-30T01:00:00Z");

        Assert.Equal(new TelemetryView(Begin, 117.655, 24.513, 28, 0, null, 8.1, -1.2, 77, 0.4, true, true, "AUTO"), Assert.Single(page.Items));
    }

    [Fact]
    public async Task The_last_hour_is_what_is_meant_when_no_time_is_given()
    {
        Show();
        await shared.Server.Services.GetRequiredService<PointStore>().WriteAsync(
            [Points.At(_vehicle, TestServer.Begin.AddHours(-1).AddSeconds(-1), 1), Points.At(_vehicle, TestServer.Begin.AddHours(-1), 2), Points.At(_vehicle, TestServer.Begin, 3)],
            TestContext.Current.CancellationToken);
        using var pilot = await shared.Server.SignInAsync("pilot");
        Assert.Equal([2], await AllAsync(pilot, ""));
    }

    [Fact]
    public async Task A_look_at_a_track_is_in_the_audit_log()
    {
        Show();
        using var pilot = await shared.Server.SignInAsync("pilot");
        await AllAsync(pilot, "every=2&from=2026-04-30T00:00:00Z&to=2026-04-30T01:00:00Z");

        using var auditor = await shared.Server.SignInAsync("auditor");
        var entry = Assert.Single((await auditor.GetAsync<Page<AuditRecord>>($"/api/v1/audit/entries?subject=vehicle/{_vehicle}")).Items);

        Assert.Equal(("user:pilot", "vehicle.telemetryViewed"), (entry.Actor, entry.Action));
        Assert.Equal((Begin, 2), (entry.Details.GetProperty("from").GetDateTimeOffset(), entry.Details.GetProperty("everyS").GetInt32()));
    }

    [Theory]
    [InlineData("from=2026-04-30T02:00:00Z&to=2026-04-30T02:00:00Z", "from")]
    [InlineData("every=-1", "every")]
    [InlineData("every=NaN", "every")]
    [InlineData("every=86401", "every")]
    [InlineData("limit=0", "limit")]
    [InlineData("cursor=%25", "cursor")]
    [InlineData("cursor=Zm9v", "cursor")]
    [InlineData("cursor=MS4yLjk5OTk5OTk5OTk5OTk5OTk5OTk5", "cursor")]
    public async Task What_cannot_be_is_refused_by_name(string query, string place)
    {
        Show();
        using var pilot = await shared.Server.SignInAsync("pilot");
        using var answer = await pilot.GetAsync(new Uri($"{Path}?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        var problem = await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(place, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task What_is_no_number_or_no_time_is_refused()
    {
        Show();
        using var pilot = await shared.Server.SignInAsync("pilot");
        foreach (var query in new[] { "every=often", "from=yesterday", "limit=many" })
        {
            using var answer = await pilot.GetAsync(new Uri($"{Path}?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
            await answer.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        }
    }

    [Fact]
    public async Task An_unknown_vehicle_is_not_found_and_an_unknown_caller_is_turned_away()
    {
        using var pilot = await shared.Server.SignInAsync("pilot");
        await (await pilot.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken)).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        using var stranger = shared.Server.Anonymous();
        await (await stranger.GetAsync(new Uri(Path, UriKind.Relative), TestContext.Current.CancellationToken)).ReadProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
    }

    private string Path => $"/api/v1/vehicles/{_vehicle}/telemetry";

    private static int Number(TelemetryView point) => (int)Math.Round(point.AltitudeAboveHomeM * 1000);

    private void Show() => shared.Server.Services.GetRequiredService<VehicleBoard>().Show(new FleetVehicle(
        _vehicle.ToString(CultureInfo.InvariantCulture), $"UAV-{_vehicle}", new VehicleSnapshot { Key = new("test", 1), At = TestServer.Begin, Readiness = Readiness.NotHeard }, null, null, false, null, null));

    private async Task FlyAsync(int points, TimeSpan apart)
    {
        Show();
        await shared.Server.Services.GetRequiredService<PointStore>().WriteAsync(
            [.. Enumerable.Range(0, points).Select(number => Points.At(_vehicle, Begin + (number * apart), number))], TestContext.Current.CancellationToken);
    }

    private async Task<List<int>> AllAsync(HttpClient client, string query)
    {
        var numbers = new List<int>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync<ListTelemetry.Answer>($"{Path}?{query}&cursor={cursor}");
            numbers.AddRange(page.Items.Select(Number));
            cursor = page.NextCursor;
        }

        return numbers;
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : ListTelemetryTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : ListTelemetryTests(server);
}
