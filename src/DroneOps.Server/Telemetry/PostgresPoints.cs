using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace DroneOps.Server.Telemetry;

/// <summary>Points in PostgreSQL, by binary COPY. A COPY is one statement: all of it is committed, or nothing. A large batch goes by two of them, because each
/// is the work of one process of the database.</summary>
internal sealed class PostgresPoints(IDbContextFactory<FleetDb> databases) : PointStore(databases)
{
    private const string Staging = "telemetry_points_again";

    /// <summary>Fewer points are written sooner by one connection than a second one is opened.</summary>
    private const int WorthTwo = 4_000;

    protected override async Task WriteOrderedAsync(FleetDb db, TelemetryPoint[] ordered, CancellationToken cancellation)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        if (ordered.Length < WorthTwo)
        {
            await WritePartAsync(connection, ordered, cancellation);
            return;
        }

        // In two halves of the key's order, which meet on one page of the index and nowhere else.
        await using var second = await Databases.CreateDbContextAsync(cancellation);
        await second.Database.OpenConnectionAsync(cancellation);
        var half = ordered.Length / 2;
        await Task.WhenAll(
            WritePartAsync(connection, ordered.AsMemory(0, half), cancellation),
            WritePartAsync((NpgsqlConnection)second.Database.GetDbConnection(), ordered.AsMemory(half), cancellation));
    }

    private static async Task WritePartAsync(NpgsqlConnection connection, ReadOnlyMemory<TelemetryPoint> ordered, CancellationToken cancellation)
    {
        try
        {
            await CopyAsync(connection, TelemetryPoint.Table.Name, ordered, cancellation);
        }
        catch (PostgresException known) when (known.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await MergeAsync(connection, ordered, cancellation);
        }
    }

    protected override FormattableString Thinned(int vehicle, DateTimeOffset from, DateTimeOffset to, TimeSpan every, int most)
    {
        var (first, end) = (from.ToUniversalTime(), to.ToUniversalTime());
        return $"""
            WITH RECURSIVE kept (at, number) AS (
                SELECT (SELECT at FROM telemetry_points WHERE vehicle = {vehicle} AND at >= {first} AND at < {end} ORDER BY at LIMIT 1), 1
                UNION ALL
                SELECT (SELECT next.at FROM telemetry_points AS next WHERE next.vehicle = {vehicle} AND next.at >= kept.at + {every} AND next.at < {end} ORDER BY next.at LIMIT 1), number + 1
                FROM kept WHERE kept.at IS NOT NULL AND number < {most})
            SELECT point.* FROM kept JOIN telemetry_points AS point ON point.vehicle = {vehicle} AND point.at = kept.at ORDER BY point.at
            """;
    }

    /// <summary>COPY knows no "unless it is there": a batch that is there in part, since its first attempt broke on the way back, goes
    /// through a table of its own.</summary>
    private static async Task MergeAsync(NpgsqlConnection connection, ReadOnlyMemory<TelemetryPoint> ordered, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var create = new NpgsqlCommand($"CREATE TEMPORARY TABLE {Staging} (LIKE {TelemetryPoint.Table.Name}) ON COMMIT DROP", connection))
            await create.ExecuteNonQueryAsync(cancellation);
        await CopyAsync(connection, Staging, ordered, cancellation);
        await using (var merge = new NpgsqlCommand($"INSERT INTO {TelemetryPoint.Table.Name} SELECT * FROM {Staging} ON CONFLICT DO NOTHING", connection))
            await merge.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string table, ReadOnlyMemory<TelemetryPoint> ordered, CancellationToken cancellation)
    {
        await using var rows = await connection.BeginBinaryImportAsync($"COPY {table} ({Columns}) FROM STDIN (FORMAT BINARY)", cancellation);
        for (var number = 0; number < ordered.Length; number++)
            Write(rows, ordered.Span[number]);
        await rows.CompleteAsync(cancellation);
    }

    private static void Write(NpgsqlBinaryImporter rows, TelemetryPoint point)
    {
        rows.StartRow();
        rows.Write(point.Vehicle, NpgsqlDbType.Integer);
        rows.Write(point.At.UtcDateTime, NpgsqlDbType.TimestampTz);
        rows.Write(point.LonE7, NpgsqlDbType.Integer);
        rows.Write(point.LatE7, NpgsqlDbType.Integer);
        rows.Write(point.AltitudeAmslMm, NpgsqlDbType.Integer);
        rows.Write(point.AltitudeAboveHomeMm, NpgsqlDbType.Integer);
        Write(rows, point.HeadingCdeg, NpgsqlDbType.Integer);
        rows.Write(point.GroundSpeedCms, NpgsqlDbType.Smallint);
        rows.Write(point.ClimbCms, NpgsqlDbType.Smallint);
        Write(rows, point.BatteryPercent, NpgsqlDbType.Smallint);
        Write(rows, point.LinkLossPermille, NpgsqlDbType.Smallint);
        rows.Write(point.Armed, NpgsqlDbType.Boolean);
        Write(rows, point.InAir, NpgsqlDbType.Boolean);
        if (point.Mode is { } mode)
            rows.Write(mode, NpgsqlDbType.Text);
        else
            rows.WriteNull();
    }

    private static void Write<T>(NpgsqlBinaryImporter rows, T? value, NpgsqlDbType type)
        where T : struct
    {
        if (value is { } known)
            rows.Write(known, type);
        else
            rows.WriteNull();
    }
}
