using System.Globalization;
using System.Text.Json;
using DroneOps.Missions.Geodesy;
using DroneOps.Mavlink;
using DroneOps.Server.Api;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;
using Npgsql;
using NpgsqlTypes;

namespace DroneOps.Benchmarks;

/// <summary>How long the question "which sorties passed within 200 m of this address between these dates" takes over the legs of 20,000 tracks of 50 million points.</summary>
/// <remarks>The points themselves are made, thinned into legs as the flight log does, and not kept: a search reads them for the ten-second pieces that one page
/// shows, one for each sortie, and those of the sorties on the pages are written.</remarks>
internal sealed class SearchBenchmark : ISystemBenchmark
{
    private const int PointsInASortie = 2_500;
    private const int PointsInAPiece = 50;
    private const int Questions = 200;
    private const double TargetMs = 300;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly LocalPlane City = new(new GeoPoint(24.51, 117.66));

    public string Name => "search";

    public string Summary => "which sorties passed an address, over 20,000 sorties and 50 million track points, PostgreSQL [SORTIES]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var sorties = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 20_000;
        await using var postgres = await PrivatePostgres.StartAsync();
        await postgres.ExecuteAsync("postgres", "CREATE DATABASE fleet");
        var options = new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = postgres.ConnectionString("fleet") };
        var began = TimeProvider.System.GetTimestamp();
        var corners = await FillAsync(options, sorties, cancellationToken);
        Say($"{sorties:N0} sorties, {(long)sorties * PointsInASortie:N0} points, {sorties * PointsInASortie / PointsInAPiece:N0} legs of {corners / (sorties * (double)PointsInASortie / PointsInAPiece):F1} corners; filled in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:F0} s");
        return await AskAsync(options, sorties, cancellationToken) <= TargetMs ? 0 : 1;
    }

    private static async Task<long> FillAsync(StorageOptions options, int sorties, CancellationToken cancellation)
    {
        await using (var db = StorageModule.Open(options))
        {
            await db.Database.MigrateAsync(cancellation);
            await db.Database.ExecuteSqlRawAsync("ALTER TABLE track_legs DROP CONSTRAINT fk_track_legs_sortie_tracks_sortie_id_number; DROP INDEX ix_track_legs_shape;", cancellation);
        }

        var random = new Random(110);
        var corners = 0L;
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        builder.UseNetTopologySuite();
        await using var source = builder.Build();
        foreach (var chunk in Enumerable.Range(0, sorties).Chunk(500))
        {
            await using var db = StorageModule.Open(options);
            db.ChangeTracker.AutoDetectChangesEnabled = false;
            List<(Guid Id, List<TrackPoint> Points)> flown = [];
            foreach (var number in chunk)
            {
                var points = Fly(Begin.AddMinutes(number * 365.0 * 24 * 60 / sorties), random);
                var row = RowOf(number, points);
                db.Add(row);
                flown.Add((row.Id, points));
            }

            await db.SaveChangesAsync(cancellation);
            corners += await CopyAsync(source, flown, cancellation);
        }

        await using (var db = StorageModule.Open(options))
        {
            db.Database.SetCommandTimeout(600);
            await db.Database.ExecuteSqlRawAsync("CREATE INDEX ix_track_legs_shape ON track_legs USING gist (shape); ANALYZE;", cancellation);
        }

        return corners;
    }

    private static async Task<long> CopyAsync(NpgsqlDataSource source, List<(Guid Id, List<TrackPoint> Points)> flown, CancellationToken cancellation)
    {
        var corners = 0L;
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using (var pieces = await connection.BeginBinaryImportAsync("COPY sortie_tracks (sortie_id, number, points) FROM STDIN (FORMAT BINARY)", cancellation))
        {
            // The piece that a page shows is read whole; the others would be the 50 million points again, as text.
            foreach (var (id, points) in flown.Take(flown.Count / 10))
            {
                foreach (var (piece, number) in points.Chunk(PointsInAPiece).Select((piece, number) => (piece, number)))
                {
                    await pieces.StartRowAsync(cancellation);
                    await pieces.WriteAsync(id, NpgsqlDbType.Uuid, cancellation);
                    await pieces.WriteAsync(number, NpgsqlDbType.Integer, cancellation);
                    await pieces.WriteAsync(JsonSerializer.Serialize(piece, Json), NpgsqlDbType.Text, cancellation);
                }
            }

            await pieces.CompleteAsync(cancellation);
        }

        await using var legs = await connection.BeginBinaryImportAsync(
            "COPY track_legs (sortie_id, number, \"from\", \"to\", highest_above_home_m, version, west, south, east, north, shape) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var (id, points) in flown)
        {
            foreach (var (piece, number) in points.Chunk(PointsInAPiece).Select((piece, number) => (piece, number)))
            {
                var leg = TrackLeg.Of([.. piece])!;
                corners += leg.Shape.NumPoints;
                await legs.StartRowAsync(cancellation);
                await legs.WriteAsync(id, NpgsqlDbType.Uuid, cancellation);
                await legs.WriteAsync(number, NpgsqlDbType.Integer, cancellation);
                await legs.WriteAsync(leg.From.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await legs.WriteAsync(leg.To.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                await legs.WriteAsync(leg.HighestAboveHomeM, NpgsqlDbType.Double, cancellation);
                await legs.WriteAsync(1L, NpgsqlDbType.Bigint, cancellation);
                foreach (var edge in new[] { leg.West, leg.South, leg.East, leg.North })
                    await legs.WriteAsync(edge, NpgsqlDbType.Double, cancellation);
                await legs.WriteAsync(leg.Shape, NpgsqlDbType.Geometry, cancellation);
            }
        }

        await legs.CompleteAsync(cancellation);
        return corners;
    }

    /// <summary>A patrol from one of the docks: legs of a few hundred metres with turns, five points a second for eight minutes, with a metre of noise.</summary>
    private static List<TrackPoint> Fly(DateTimeOffset takeoff, Random random)
    {
        var points = new List<TrackPoint>(PointsInASortie);
        var dock = random.Next(13);
        var (east, north) = (((dock % 4) - 1.5) * 2_500, ((dock / 4) - 1.5) * 2_500);
        var course = random.NextDouble() * 2 * Math.PI;
        var turnIn = 0;
        for (var i = 0; i < PointsInASortie; i++)
        {
            if (turnIn-- <= 0)
                (course, turnIn) = (course + (random.NextDouble() * 2) - 1, 100 + random.Next(200));
            (east, north) = (east + (2 * Math.Sin(course)), north + (2 * Math.Cos(course)));
            var at = City.ToGeo(new PlanePoint(east + random.NextDouble(), north + random.NextDouble()));
            points.Add(new(takeoff.AddMilliseconds(200 * i), at.LongitudeDeg, at.LatitudeDeg, 100, 80, 10));
        }

        return points;
    }

    private static SortieRecord RowOf(int number, List<TrackPoint> points) => new()
    {
        Id = Guid.CreateVersion7(points[0].At),
        VehicleId = $"{number % 13}",
        VehicleName = $"UAV-{number % 13:00}",
        HardwareId = null,
        Firmware = "4.6.1",
        SystemId = 1,
        Pilot = $"user:pilot-{number % 40}",
        Purpose = number % 3 == 0 ? "incident" : "patrol",
        AuthorisedBy = "user:admin",
        TaskKind = null,
        TaskId = null,
        TaskLabel = number % 3 == 0 ? $"警情 {number}" : "江滨夜巡",
        DockId = null,
        TakeoffAt = points[0].At,
        TakeoffSource = ClockSource.LandedState,
        LandedAt = points[^1].At,
        LastHeardAt = points[^1].At,
        AirborneS = 500,
        ArmedS = 510,
        MaxAltitudeAboveHomeM = 60 + (number % 60),
        IsClosed = true,
        Shape = new LineString([.. points.Where((_, index) => index % 10 == 0).Select(point => new Coordinate(point.Lon, point.Lat))]),
    };

    private static async Task<double> AskAsync(StorageOptions options, int sorties, CancellationToken cancellation)
    {
        var random = new Random(7);
        var worst = 0.0;
        foreach (var (kind, days, terms) in new[] { ("a month", 30, None), ("the year", 366, None), ("the year, with words and heights", 366, None with { Q = "夜巡 uav", MinHeightM = 100 }) })
        {
            var times = new List<double>(Questions);
            var (found, most) = (0L, 0);
            for (var question = 0; question < Questions; question++)
            {
                var place = City.ToGeo(new PlanePoint((random.NextDouble() - 0.5) * 10_000, (random.NextDouble() - 0.5) * 10_000));
                var from = Begin.AddDays(random.NextDouble() * (366 - days));
                var filter = new ListSorties.Filter
                {
                    From = new QueryTime(from),
                    To = new QueryTime(from.AddDays(days)),
                    Near = string.Create(CultureInfo.InvariantCulture, $"{place.LongitudeDeg},{place.LatitudeDeg}"),
                    WithinM = 200,
                };
                await using var db = StorageModule.Open(options);
                var began = TimeProvider.System.GetTimestamp();
                var rows = await ListSorties.FindAsync(filter, terms, new PageRequest { Limit = 100 }, db, cancellation);
                times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
                found += rows!.Items.Count;
                most = Math.Max(most, rows.Items.Count);
            }

            times.Sort();
            var p95 = times[(int)Math.Ceiling(0.95 * Questions) - 1];
            worst = Math.Max(worst, p95);
            Say($"within 200 m of any place, in {kind}: p50 {times[Questions / 2]:F0} ms, p95 {p95:F0} ms, longest {times[^1]:F0} ms; {found / (double)Questions:F1} sorties on the first page, at most {most}, of {sorties:N0}");
        }

        return worst;
    }

    private static SortieTerms None { get; } = new();

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
