using System.Buffers.Binary;
using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Response;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Benchmarks;

/// <summary>How long the report of a year's incidents takes: read from the store, counted by all groups.</summary>
internal sealed class ResponseBenchmark : ISystemBenchmark
{
    private const int Incidents = 100_000;
    private const int Passes = 11;
    private const double TargetMs = 300;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "response";

    public string Summary => "the response report over 100,000 incidents, SQLite and PostgreSQL [sqlite|postgres]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var isGood = true;
        if (arguments.Count == 0 || arguments.Contains("sqlite"))
            isGood &= await OnSqliteAsync(cancellationToken) <= TargetMs;
        if (arguments.Count == 0 || arguments.Contains("postgres"))
            isGood &= await OnPostgresAsync(cancellationToken) <= TargetMs;
        return isGood ? 0 : 1;
    }

    private static async Task<double> OnSqliteAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("droneops-bench-").FullName;
        try
        {
            return await MeasureAsync("SQLite", new Stores(new StorageOptions { DataFolder = folder }), cancellation);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> OnPostgresAsync(CancellationToken cancellation)
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await postgres.ExecuteAsync("postgres", "CREATE DATABASE fleet");
        return await MeasureAsync("PostgreSQL", new Stores(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = postgres.ConnectionString("fleet") }), cancellation);
    }

    /// <returns>Milliseconds of the median pass.</returns>
    private static async Task<double> MeasureAsync(string name, Stores stores, CancellationToken cancellation)
    {
        await FillAsync(stores, cancellation);
        var filter = new IncidentFilter { From = new QueryTime(Begin), To = new QueryTime(Begin.AddDays(365)) };
        var passes = new double[Passes];
        var groups = 0;
        for (var pass = 0; pass < Passes; pass++)
        {
            await using var db = stores.CreateDbContext();
            var began = TimeProvider.System.GetTimestamp();
            var report = await ShowReport.ReadAsync(db, filter, cancellation);
            passes[pass] = TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
            groups = report.Groups.Count;
            if (report.Total.Incidents != Incidents)
                throw new InvalidOperationException($"{report.Total.Incidents} incidents were counted.");
        }

        var first = passes[0];
        Array.Sort(passes);
        Say($"{name}: {Incidents:N0} incidents, {groups} groups: median {passes[Passes / 2]:F0} ms, best {passes[0]:F0} ms, worst {passes[^1]:F0} ms; the first, cold, {first:F0} ms");
        return passes[Passes / 2];
    }

    private static async Task FillAsync(Stores stores, CancellationToken cancellation)
    {
        await using (var db = stores.CreateDbContext())
            await db.Database.MigrateAsync(cancellation);
        var random = new Random(110);
        foreach (var chunk in Enumerable.Range(0, Incidents).Chunk(10_000))
        {
            await using var db = stores.CreateDbContext();
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            foreach (var number in chunk)
                db.Add(Any(number, random));
            await db.SaveChangesAsync(cancellation);
        }
    }

    private static IncidentTimes Any(int number, Random random)
    {
        var at = Begin.AddMinutes(number * 365.0 * 24 * 60 / Incidents);
        var axis = new byte[Enum.GetValues<IncidentStage>().Length * sizeof(long)];
        var ms = at.ToUnixTimeMilliseconds();
        foreach (var stage in Enum.GetValues<IncidentStage>())
        {
            // One step in ten is missing; steps are up to a minute apart.
            var isReached = stage == IncidentStage.CallReceived || random.Next(10) > 0;
            BinaryPrimitives.WriteInt64LittleEndian(axis.AsSpan((int)stage * sizeof(long)), isReached ? ms : IncidentTimes.NotReached);
            ms += random.Next(60_000);
        }

        return new IncidentTimes
        {
            Id = Guid.CreateVersion7(at),
            ReportedAt = at,
            ChangedAt = at,
            Day = IncidentTimes.DayNumber(CityTime.DayOf(at)),
            Hour = CityTime.HourOf(at),
            Type = $"type-{random.Next(10)}",
            Priority = random.Next(1, 5),
            Longitude = 117.65,
            Latitude = 24.51,
            GridId = $"grid-{random.Next(48)}",
            KeySiteId = random.Next(3) == 0 ? $"site-{random.Next(76)}" : null,
            Axis = axis,
        };
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed class Stores(StorageOptions options) : IDbContextFactory<FleetDb>
    {
        public FleetDb CreateDbContext() => StorageModule.Open(options);
    }
}
