using DroneOps.Server.Storage;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Telemetry;

public abstract class PointStoreTests(SharedServer shared)
{
    /// <summary>The height that the database refuses, once it was told to.</summary>
    private const int Refused = -77_777;

    private readonly int _vehicle = Points.NewVehicle();

    /// <summary>Makes the database refuse a row with the height <see cref="Refused"/>.</summary>
    protected abstract FormattableString Refusal { get; }

    private PointStore Store => shared.Server.Services.GetRequiredService<PointStore>();

    [Fact]
    public async Task A_point_comes_back_as_it_was_written()
    {
        var full = Points.At(_vehicle, Second(0).AddMicroseconds(123_457), 40_000);
        var empty = new TelemetryPoint
        {
            At = Second(1),
            Vehicle = _vehicle,
            LonE7 = -1_800_000_000,
            LatE7 = -900_000_000,
            AltitudeAmslMm = int.MinValue,
            AltitudeAboveHomeMm = int.MaxValue,
            HeadingCdeg = 35_999,
            GroundSpeedCms = short.MaxValue,
            ClimbCms = short.MinValue,
            BatteryPercent = null,
            LinkLossPermille = null,
            Armed = false,
            InAir = null,
            Mode = null,
        };

        await Store.WriteAsync([empty, full], TestContext.Current.CancellationToken);

        Assert.Equivalent(new[] { full, empty }, await ReadAsync(TimeSpan.Zero, 10), strict: true);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(10_000)]
    public async Task A_batch_that_is_there_in_part_is_completed_and_nothing_is_there_twice(int count)
    {
        TelemetryPoint[] all = [.. Enumerable.Range(0, count).Select(second => Points.At(_vehicle, Second(second), second))];
        await Store.WriteAsync(all[(count / 5)..(count * 3 / 5)], TestContext.Current.CancellationToken);

        await Store.WriteAsync([.. all, Points.At(_vehicle, Second(count - 1), 9999)], TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, count), (await ReadAsync(TimeSpan.Zero, 2 * count)).Select(point => point.AltitudeAboveHomeMm));
    }

    [Fact]
    public async Task Of_a_batch_that_the_database_refuses_nothing_is_written()
    {
        await using (var db = await shared.Server.OpenDatabaseAsync())
            await db.Database.ExecuteSqlAsync(Refusal, TestContext.Current.CancellationToken);
        TelemetryPoint[] batch = [.. Enumerable.Range(0, 50).Select(second => Points.At(_vehicle, Second(second), second == 40 ? Refused : second))];

        var error = await Assert.ThrowsAnyAsync<Exception>(() => Store.WriteAsync(batch, TestContext.Current.CancellationToken));

        Assert.True(Outage.Is(error));
        Assert.Empty(await ReadAsync(TimeSpan.Zero, 100));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(60)]
    [InlineData(4000)]
    public async Task Thinned_the_points_are_the_first_ones_that_are_far_enough_apart(double everyS)
    {
        var random = new Random(11);
        var at = Second(0);
        var all = new List<TelemetryPoint>();
        for (var number = 0; number < 2000; number++, at = at.AddMicroseconds(random.Next(50) == 0 ? 90_000_000 : random.Next(1, 1_500_000)))
            all.Add(Points.At(_vehicle, at, number));
        await Store.WriteAsync([.. all.OrderBy(_ => random.Next())], TestContext.Current.CancellationToken);
        await Store.WriteAsync([Points.At(Points.NewVehicle(), Second(1), -1)], TestContext.Current.CancellationToken);

        var found = await ReadAsync(TimeSpan.FromSeconds(everyS), 500);

        var expected = new List<int>();
        var due = DateTimeOffset.MinValue;
        foreach (var point in all)
        {
            if (point.At < due || expected.Count == 500)
                continue;
            expected.Add(point.AltitudeAboveHomeMm);
            due = point.At.AddSeconds(everyS);
        }

        Assert.Equal(expected, found.Select(point => point.AltitudeAboveHomeMm));
    }

    private static DateTimeOffset Second(double second) => TestServer.Begin.AddSeconds(second);

    private Task<List<TelemetryPoint>> ReadAsync(TimeSpan every, int most) =>
        Store.ReadAsync(_vehicle, Second(0), Second(100_000), every, most, TestContext.Current.CancellationToken);

    [Collection(On.Sqlite)]
    public sealed class OnSqlite(SqliteServer server) : PointStoreTests(server)
    {
        protected override FormattableString Refusal =>
            $"CREATE TRIGGER refusal BEFORE INSERT ON telemetry_points WHEN NEW.altitude_above_home_mm = -77777 BEGIN SELECT RAISE(ABORT, 'refused'); END";

        [Fact]
        public async Task The_points_lie_in_the_keys_own_tree()
        {
            await using var db = await server.Server.OpenDatabaseAsync();
            var definition = await db.Database.SqlQuery<string>($"SELECT sql AS Value FROM sqlite_master WHERE name = 'telemetry_points'").SingleAsync(TestContext.Current.CancellationToken);
            Assert.EndsWith(") WITHOUT ROWID", definition, StringComparison.Ordinal);
        }
    }

    [Collection(On.Postgres)]
    public sealed class OnPostgres(PostgresServer server) : PointStoreTests(server)
    {
        protected override FormattableString Refusal => $"ALTER TABLE telemetry_points ADD CONSTRAINT refusal CHECK (altitude_above_home_mm <> -77777)";
    }
}
