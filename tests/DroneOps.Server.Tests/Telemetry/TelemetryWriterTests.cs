using System.Net;
using DroneOps.Server.Cluster;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Telemetry;

/// <summary>What a writer does with points: one of the test's own, on the shared server's database.</summary>
public abstract class TelemetryWriterTests(SharedServer shared)
{
    private readonly int _vehicle = Points.NewVehicle();
    private readonly FakeTimeProvider _time = new(TestServer.Begin);
    private readonly Quiescence _quiescence = new();
    private readonly TelemetryOptions _options = new() { BufferLength = 1000, BatchLength = 100 };
    private readonly PointBuffer _buffer = new(1000);

    [Fact]
    public async Task A_flood_drops_the_oldest_points_and_counts_them()
    {
        using var writer = await StartAsync();
        await shared.Server.TakeAwayAsync("telemetry_points");
        await OfferAsync(writer, 0, 1500);
        Assert.Equal((1000, 500), (_buffer.Count, _buffer.Dropped));
        Assert.Equal(TestServer.Begin, writer.FailingSince);

        await shared.Server.BringBackAsync("telemetry_points");
        await PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Enumerable.Range(500, 1000), await NumbersAsync());
        Assert.Equal((0, 500), (_buffer.Count, _buffer.Dropped));
        Assert.Null(writer.FailingSince);
    }

    [Fact]
    public async Task Points_are_written_each_second_and_a_full_batch_does_not_wait_for_it()
    {
        using var writer = await StartAsync();
        await OfferAsync(writer, 0, 99);
        Assert.Empty(await NumbersAsync());
        await OfferAsync(writer, 99, 1);
        Assert.Equal(100, (await NumbersAsync()).Count);
        await OfferAsync(writer, 100, 1);
        Assert.Equal(100, (await NumbersAsync()).Count);
        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(101, (await NumbersAsync()).Count);
    }

    [Fact]
    public async Task A_database_that_is_away_is_asked_once_a_second_and_not_with_every_point()
    {
        using var writer = await StartAsync();
        await shared.Server.TakeAwayAsync("telemetry_points");
        await OfferAsync(writer, 0, 100);
        await shared.Server.BringBackAsync("telemetry_points");

        await OfferAsync(writer, 100, 100);
        Assert.Empty(await NumbersAsync());

        await PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 200), await NumbersAsync());
    }

    [Fact]
    public async Task A_stop_writes_what_waits()
    {
        using var writer = await StartAsync();
        await OfferAsync(writer, 0, 42);
        await writer.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 42), await NumbersAsync());
    }

    [Fact]
    public async Task A_stop_while_the_database_is_away_ends_all_the_same()
    {
        using var writer = await StartAsync();
        await shared.Server.TakeAwayAsync("telemetry_points");
        await OfferAsync(writer, 0, 42);
        await writer.StopAsync(TestContext.Current.CancellationToken);
        await shared.Server.BringBackAsync("telemetry_points");
        Assert.Equal(42, _buffer.Count);
    }

    [Fact]
    public async Task The_metrics_tell_how_the_writing_goes()
    {
        using var writer = await StartAsync();
        await OfferAsync(writer, 0, 100);

        using var client = shared.Server.Anonymous();
        using var answer = await client.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        var lines = (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n');

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var name in new[] { "points_written_total", "points_dropped_total", "points_waiting", "batch_seconds_count" })
            Assert.Contains(lines, line => line.StartsWith($"fleet_telemetry_{name}{{", StringComparison.Ordinal));
    }

    private async Task<TelemetryWriter> StartAsync()
    {
        var writer = ActivatorUtilities.CreateInstance<TelemetryWriter>(shared.Server.Services, _buffer, _quiescence, _time, Options.Create(_options));
        await writer.StartAsync(TestContext.Current.CancellationToken);
        return writer;
    }

    private Task OfferAsync(TelemetryWriter writer, int from, int count)
    {
        for (var number = from; number < from + count; number++)
            writer.Offer(Points.At(_vehicle, TestServer.Begin.AddMilliseconds(number), number));
        return _quiescence.WhenIdleAsync();
    }

    private Task PassAsync(TimeSpan span)
    {
        _time.Advance(span);
        return _quiescence.WhenIdleAsync();
    }

    private async Task<List<int>> NumbersAsync()
    {
        await using var db = await shared.Server.OpenDatabaseAsync();
        return await db.Set<TelemetryPoint>().Where(point => point.Vehicle == _vehicle).OrderBy(point => point.At).Select(point => point.AltitudeAboveHomeMm).ToListAsync(TestContext.Current.CancellationToken);
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : TelemetryWriterTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : TelemetryWriterTests(server);
}
