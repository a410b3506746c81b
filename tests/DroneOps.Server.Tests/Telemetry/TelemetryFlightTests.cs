using System.Collections.Concurrent;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Tests.Telemetry;

/// <summary>From a vehicle's own bytes to the points that are asked for.</summary>
public abstract class TelemetryFlightTests(Store store)
{
    [Fact]
    public async Task A_flight_ends_with_its_points_queryable()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        await TakeOffAsync(rig);
        await LandAsync(rig);
        var sortie = await SortieAsync(rig);
        using var auditor = await rig.Server.SignInAsync("auditor");

        var points = await PointsAsync(auditor, sortie.ArmedAt!.Value.AddSeconds(-5), sortie.DisarmedAt!.Value.AddSeconds(12));

        Assert.Equal(points.OrderBy(point => point.At), points);
        Assert.False(points[0].Armed || points[^1].Armed);
        Assert.Equal((false, false), (points[0].InAir, points[^1].InAir));
        var flown = points.FindAll(point => point.At > sortie.TakeoffAt && point.At < sortie.LandedAt);
        Assert.All(flown, point => Assert.Equal((true, true), (point.Armed, point.InAir)));
        Assert.Equal(["GUIDED", "LAND"], flown.Select(point => point.Mode).Distinct());
        Assert.Equal(sortie.MaxAltitudeAboveHomeM!.Value, flown.Max(point => point.AltitudeAboveHomeM), 0.001);
        Assert.All(flown, point => Assert.InRange(point.BatteryPercent!.Value, 50, 100));

        // Every point of the sortie's track, which has one a second, is one of them.
        var all = points.ToDictionary(point => point.At);
        foreach (var track in await TrackAsync(rig, sortie.Id))
        {
            var point = all[track.At];
            Assert.Equal((track.Lon, track.Lat), (point.Lon, point.Lat));
            Assert.Equal(track.SpeedMps, point.GroundSpeedMps, 0.0051);
        }
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_loses_nothing_that_fits_the_buffer()
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Telemetry:ParkedEveryS", "0"));
        using var sent = new Sent(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));

        await rig.Server.TakeAwayAsync("telemetry_points");
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.True(rig.Get<TelemetryWriter>().FailingSince < rig.Server.Time.GetUtcNow().AddSeconds(-20));
        Assert.Equal("degraded", await HealthAsync(rig));
        await rig.Server.BringBackAsync("telemetry_points");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.Null(rig.Get<TelemetryWriter>().FailingSince);
        Assert.Equal("healthy", await HealthAsync(rig));
        using var auditor = await rig.Server.SignInAsync("auditor");
        var points = await PointsAsync(auditor, sent.Times[0], rig.Server.Time.GetUtcNow());
        Assert.Equal(sent.Times[..points.Count], points.Select(point => point.At));
        Assert.InRange(sent.Times[^1] - points[^1].At, TimeSpan.Zero, TimeSpan.FromSeconds(1));

        await rig.Server.StopAsync();
        var log = await LogAsync(rig);
        Assert.Single(log, line => line.Contains("telemetry points could not be written", StringComparison.Ordinal));
        Assert.Single(log, line => line.Contains("Telemetry is written again", StringComparison.Ordinal) && line.Contains("and 0 points were lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_in_flight_keeps_every_point_that_was_heard()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var sent = new Sent(rig);
        await TakeOffAsync(rig);
        await rig.AdvanceAsync(TimeSpan.FromMilliseconds(1500));

        await rig.Server.RestartAsync();

        using var auditor = await rig.Server.SignInAsync("auditor");
        var points = await PointsAsync(auditor, sent.Times[0], rig.Server.Time.GetUtcNow().AddSeconds(1));
        Assert.Equal(sent.Times[^20..], points[^20..].Select(point => point.At));
    }

    [Fact]
    public async Task A_vehicle_that_stands_in_its_dock_is_not_written_down_all_the_time()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        var begin = rig.Server.Time.GetUtcNow();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(41));

        using var auditor = await rig.Server.SignInAsync("auditor");
        Assert.InRange((await PointsAsync(auditor, begin, begin.AddSeconds(40))).Count, 3, 5);
    }

    private static async Task TakeOffAsync(FlightRig rig)
    {
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Takeoff(Altitude.Relative(10))));
        await rig.UntilAsync(() => rig.Copters[0].Height > 9);
    }

    private static async Task LandAsync(FlightRig rig)
    {
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.Land()));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(12));
    }

    /// <summary>Every point, by all pages.</summary>
    private static async Task<List<TelemetryView>> PointsAsync(HttpClient client, DateTimeOffset from, DateTimeOffset to)
    {
        var points = new List<TelemetryView>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetAsync<ListTelemetry.Answer>($"/api/v1/vehicles/1/telemetry?every=0&limit=150&from={from.UtcDateTime:O}&to={to.UtcDateTime:O}&cursor={cursor}");
            points.AddRange(page.Items);
            cursor = page.NextCursor;
        }

        return points;
    }

    private static async Task<string?> HealthAsync(FlightRig rig)
    {
        using var client = rig.Server.Anonymous();
        var health = await client.GetAsync<JsonElement>("/healthz/ready");
        return health.GetProperty("checks").GetProperty("telemetry").GetProperty("status").GetString();
    }

    private static async Task<string[]> LogAsync(FlightRig rig) =>
        await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(rig.Server.DataFolder, "logs"))), TestContext.Current.CancellationToken);

    private static async Task<SortieRecord> SortieAsync(FlightRig rig)
    {
        await using var db = await rig.Server.OpenDatabaseAsync();
        return await db.Set<SortieRecord>().AsNoTracking().SingleAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<List<TrackPoint>> TrackAsync(FlightRig rig, Guid sortie)
    {
        await using var db = await rig.Server.OpenDatabaseAsync();
        var pieces = await db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == sortie).OrderBy(piece => piece.Number).ToListAsync(TestContext.Current.CancellationToken);
        return [.. pieces.SelectMany(piece => piece.Points)];
    }

    public sealed class OnSqlite() : TelemetryFlightTests(Store.Sqlite);

    public sealed class OnPostgres() : TelemetryFlightTests(Store.Postgres);

    /// <summary>When the vehicle's positions arrived: what must be there in the end.</summary>
    private sealed class Sent : IDisposable
    {
        private readonly ConcurrentQueue<DateTimeOffset> _times = new();
        private readonly FleetSubscription _subscription;

        public Sent(FlightRig rig)
        {
            _subscription = rig.Get<FleetEvents>().Subscribe("test");
            _ = _subscription.ReadAsync(
                (happened, _) =>
                {
                    if (happened is FleetEvent.Observed { Fact: VehicleFact.PositionFixed { At: var at } })
                        _times.Enqueue(at);
                    return ValueTask.CompletedTask;
                },
                CancellationToken.None);
        }

        public DateTimeOffset[] Times => [.. _times];

        public void Dispose() => _subscription.Dispose();
    }
}
