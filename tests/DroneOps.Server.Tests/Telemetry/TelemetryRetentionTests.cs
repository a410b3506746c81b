using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Oversight;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Telemetry;

/// <summary>Points whose time is over: a retention of the test's own, on the shared server's database. What other tests keep there is younger.</summary>
public abstract class TelemetryRetentionTests(SharedServer shared)
{
    private static readonly DateTimeOffset Limit = TestServer.Begin.AddDays(-365);

    private readonly int _one = Points.NewVehicle();
    private readonly int _other = Points.NewVehicle();
    private readonly FakeTimeProvider _time = new(TestServer.Begin.AddHours(13));
    private readonly Quiescence _quiescence = new();

    [Fact]
    public async Task Points_are_deleted_by_whole_days_and_the_audit_log_says_so_once()
    {
        const int Old = (2 * TelemetryRetention.Step) + 1;
        await WriteAsync(
            [
                .. Enumerable.Range(0, Old).Select(number => Points.At(_one, Limit.AddDays(-3).AddMilliseconds(number), number)),
                Points.At(_one, Limit.AddMicroseconds(-1), 0), Points.At(_one, Limit, 0), Points.At(_other, Limit.AddDays(-300), 0), Points.At(_other, Limit.AddDays(1), 0),
            ]);
        using var retention = await StartAsync();

        await PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal([(_one, Limit), (_other, Limit.AddDays(1))], await KeptAsync());
        await PassAsync(TimeSpan.FromHours(10));
        Assert.Equal(2, (await KeptAsync()).Count);

        var entry = Assert.Single(await EntriesAsync());
        Assert.Equal(("system", Old + 2), (entry.Actor, entry.Details.GetProperty("points").GetInt32()));
        Assert.Equal([_one, _other], entry.Details.GetProperty("vehicles").EnumerateArray().Select(vehicle => vehicle.GetInt32()));
        Assert.Equal(Limit, entry.Details.GetProperty("before").GetDateTimeOffset());

        using var auditor = await shared.Server.SignInAsync(Roles.Auditor);
        var listed = (await auditor.GetAsync<Page<ListDeletions.Deletion>>($"/api/v1/oversight/deletions?limit=1000&to={Rfc3339.Text(shared.Server.Time.GetUtcNow().AddMinutes(1))}")).Items;
        Assert.Equal(("telemetry", Old + 2), (listed.Single(deletion => deletion.Entry == entry.Sequence).Store, listed.Single(deletion => deletion.Entry == entry.Sequence).Details.GetProperty("points").GetInt32()));

        await PassAsync(TimeSpan.FromHours(1));
        Assert.Equal([(_other, Limit.AddDays(1))], await KeptAsync());
        Assert.Equal(2, (await EntriesAsync()).Count);
    }

    [Fact]
    public async Task A_deletion_that_fails_is_made_up_for_an_hour_later()
    {
        await WriteAsync([Points.At(_one, Limit.AddDays(-1), 0)]);
        using var retention = await StartAsync();
        await shared.Server.TakeAwayAsync("telemetry_points");
        await PassAsync(TimeSpan.FromMinutes(1));
        await shared.Server.BringBackAsync("telemetry_points");
        Assert.Single(await KeptAsync());

        await PassAsync(TimeSpan.FromHours(1));

        Assert.Empty(await KeptAsync());
    }

    private async Task<TelemetryRetention> StartAsync()
    {
        var retention = ActivatorUtilities.CreateInstance<TelemetryRetention>(shared.Server.Services, _quiescence, _time, Options.Create(new TelemetryOptions()));
        await retention.StartAsync(TestContext.Current.CancellationToken);
        return retention;
    }

    private Task PassAsync(TimeSpan span)
    {
        _time.Advance(span);
        return _quiescence.WhenIdleAsync();
    }

    private Task WriteAsync(TelemetryPoint[] points) => shared.Server.Services.GetRequiredService<PointStore>().WriteAsync(points, TestContext.Current.CancellationToken);

    private async Task<List<AuditRecord>> EntriesAsync()
    {
        using var auditor = await shared.Server.SignInAsync("auditor");
        var page = await auditor.GetAsync<Page<AuditRecord>>("/api/v1/audit/entries?action=telemetry.deleted");
        return [.. page.Items.Where(entry => entry.Details.GetProperty("vehicles").EnumerateArray().Any(vehicle => vehicle.GetInt32() == _one))];
    }

    private async Task<List<(int Vehicle, DateTimeOffset At)>> KeptAsync()
    {
        await using var db = await shared.Server.OpenDatabaseAsync();
        var kept = await db.Set<TelemetryPoint>().AsNoTracking().Where(point => point.Vehicle == _one || point.Vehicle == _other)
            .OrderBy(point => point.Vehicle).ThenBy(point => point.At).ToListAsync(TestContext.Current.CancellationToken);
        return [.. kept.Select(point => (point.Vehicle, point.At))];
    }

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : TelemetryRetentionTests(server);

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : TelemetryRetentionTests(server);
}
