using System.Globalization;
using DroneOps.Server.Storage;
using DroneOps.Server.Telemetry;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Benchmarks;

/// <summary>How many telemetry points a second each store takes into its indexed table, in the writer's own batches and by the writer's own
/// way, and how long the replay of a flight then waits for its points.</summary>
internal sealed class TelemetryBenchmark : ISystemBenchmark
{
    private const int Vehicles = 200;
    private const int Passes = 5;
    private const int PointsInPass = 500_000;
    private const double PostgresTarget = 250_000;
    private const double SqliteTarget = 100_000;
    private static readonly DateTimeOffset Begin = new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan PointEvery = TimeSpan.FromMilliseconds(250);

    public string Name => "telemetry";

    public string Summary => "telemetry points written per second into the indexed table, SQLite and PostgreSQL, and read back thinned [sqlite|postgres]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var isGood = true;
        if (arguments.Count == 0 || arguments.Contains("sqlite"))
            isGood &= await OnSqliteAsync(cancellationToken) >= SqliteTarget;
        if (arguments.Count == 0 || arguments.Contains("postgres"))
            isGood &= await OnPostgresAsync(cancellationToken) >= PostgresTarget;
        return isGood ? 0 : 1;
    }

    private static async Task<double> OnSqliteAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("droneops-bench-").FullName;
        try
        {
            var stores = new Stores(new StorageOptions { DataFolder = folder });
            return await MeasureAsync("SQLite", stores, new SqlitePoints(stores), cancellation);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> OnPostgresAsync(CancellationToken cancellation)
    {
        await using var postgres = await PrivatePostgres.StartAsync("shared_buffers=1GB", "max_wal_size=8GB");
        await postgres.ExecuteAsync("postgres", "CREATE DATABASE fleet");
        var stores = new Stores(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = postgres.ConnectionString("fleet") });
        return await MeasureAsync("PostgreSQL", stores, new PostgresPoints(stores), cancellation);
    }

    /// <returns>Points a second of the best pass.</returns>
    private static async Task<double> MeasureAsync(string name, Stores stores, PointStore points, CancellationToken cancellation)
    {
        await using (var db = stores.CreateDbContext())
            await db.Database.MigrateAsync(cancellation);
        var batchLength = new TelemetryOptions().BatchLength;
        var rates = new double[Passes];
        for (var pass = 0; pass < Passes; pass++)
        {
            TelemetryPoint[][] batches = [.. Enumerable.Range(pass * PointsInPass, PointsInPass).Select(Point).Chunk(batchLength)];
            var (began, cpu) = (TimeProvider.System.GetTimestamp(), CpuClock.OfProcess());
            foreach (var batch in batches)
                await points.WriteAsync(batch, cancellation);
            var took = TimeProvider.System.GetElapsedTime(began);
            rates[pass] = PointsInPass / took.TotalSeconds;
            Say($"{name}: pass {pass + 1}, {rates[pass],9:N0} points/s; this process used {(CpuClock.OfProcess() - cpu) / took:P0} of a core");
        }

        Array.Sort(rates);
        Say($"{name}: {Passes * PointsInPass:N0} points of {Vehicles} vehicles in batches of {batchLength:N0}: best {rates[^1]:N0} points/s, median {rates[Passes / 2]:N0} points/s");
        await ReadAsync(name, points, cancellation);
        return rates[^1];
    }

    private static async Task ReadAsync(string name, PointStore points, CancellationToken cancellation)
    {
        var times = new List<double>();
        var read = 0;
        var span = TimeSpan.FromMinutes(30);
        for (var vehicle = 1; vehicle <= Vehicles; vehicle++)
        {
            var began = TimeProvider.System.GetTimestamp();
            read = (await points.ReadAsync(vehicle, Begin, Begin + span, span / 1000, 1001, cancellation)).Count;
            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        times.Sort();
        Say($"{name}: {read:N0} points of one vehicle's half hour: median {times[Vehicles / 2]:0.0} ms, p95 {times[Vehicles * 95 / 100]:0.0} ms");
    }

    /// <summary>The points in the order of their arrival: each vehicle four times a second, one after the other.</summary>
    private static TelemetryPoint Point(int number)
    {
        var (round, vehicle) = Math.DivRem(number, Vehicles);
        return new()
        {
            At = Begin + (round * PointEvery) + TimeSpan.FromMicroseconds(vehicle * 37),
            Vehicle = vehicle + 1,
            LonE7 = 1_176_550_000 + (round * 7 % 90_000),
            LatE7 = 245_130_000 + (round * 5 % 90_000),
            AltitudeAmslMm = 71_000 + (round % 900),
            AltitudeAboveHomeMm = 43_000 + (round % 900),
            HeadingCdeg = round * 10 % 36_000,
            GroundSpeedCms = (short)(700 + (round % 100)),
            ClimbCms = (short)(round % 40),
            BatteryPercent = (short)(100 - (round / 100 % 80)),
            LinkLossPermille = 4,
            Armed = true,
            InAir = true,
            Mode = "AUTO",
        };
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Stores(StorageOptions options) : IDbContextFactory<FleetDb>
    {
        public FleetDb CreateDbContext() => StorageModule.Open(options);
    }
}
