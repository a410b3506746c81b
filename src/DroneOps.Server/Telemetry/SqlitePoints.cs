using DroneOps.Server.Storage;
using DroneOps.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SQLitePCL;

namespace DroneOps.Server.Telemetry;

/// <summary>Points in the embedded store: one prepared insert, one transaction a batch, bound without ADO.NET's parameters, which alone
/// would cost as much as the rest.</summary>
internal sealed class SqlitePoints(IDbContextFactory<FleetDb> databases) : PointStore(databases)
{
    private const string Insert = $"INSERT INTO {TelemetryPoint.Table.Name} ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (vehicle, at) DO NOTHING";

    // Once a second and for ever: a commit that waits for the disk would wear it out.
    protected override Task WriteOrderedAsync(FleetDb db, TelemetryPoint[] ordered, CancellationToken cancellation)
    {
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        return RelaxedCommits.RunAsync(connection, () => InsertAsync(connection, ordered, cancellation));
    }

    protected override FormattableString Thinned(int vehicle, DateTimeOffset from, DateTimeOffset to, TimeSpan every, int most)
    {
        var (first, end, step) = (Microseconds(from), Microseconds(to), (long)every.TotalMicroseconds);
        return $"""
            WITH RECURSIVE kept (at, number) AS (
                SELECT (SELECT at FROM telemetry_points WHERE vehicle = {vehicle} AND at >= {first} AND at < {end} ORDER BY at LIMIT 1), 1
                UNION ALL
                SELECT (SELECT next.at FROM telemetry_points AS next WHERE next.vehicle = {vehicle} AND next.at >= kept.at + {step} AND next.at < {end} ORDER BY next.at LIMIT 1), number + 1
                FROM kept WHERE kept.at IS NOT NULL AND number < {most})
            SELECT point.* FROM kept JOIN telemetry_points AS point ON point.vehicle = {vehicle} AND point.at = kept.at ORDER BY point.at
            """;
    }

    private static async Task InsertAsync(SqliteConnection connection, TelemetryPoint[] ordered, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        Check(raw.sqlite3_prepare_v2(connection.Handle!, Insert, out var statement), connection);
        using (statement)
        {
            foreach (var point in ordered)
            {
                Bind(statement, point);
                Check(raw.sqlite3_step(statement), connection);
                Check(raw.sqlite3_reset(statement), connection);
            }
        }

        await transaction.CommitAsync(cancellation);
    }

    private static void Bind(sqlite3_stmt statement, TelemetryPoint point)
    {
        raw.sqlite3_bind_int(statement, 1, point.Vehicle);
        raw.sqlite3_bind_int64(statement, 2, Microseconds(point.At));
        raw.sqlite3_bind_int(statement, 3, point.LonE7);
        raw.sqlite3_bind_int(statement, 4, point.LatE7);
        raw.sqlite3_bind_int(statement, 5, point.AltitudeAmslMm);
        raw.sqlite3_bind_int(statement, 6, point.AltitudeAboveHomeMm);
        Bind(statement, 7, point.HeadingCdeg);
        raw.sqlite3_bind_int(statement, 8, point.GroundSpeedCms);
        raw.sqlite3_bind_int(statement, 9, point.ClimbCms);
        Bind(statement, 10, point.BatteryPercent);
        Bind(statement, 11, point.LinkLossPermille);
        raw.sqlite3_bind_int(statement, 12, point.Armed ? 1 : 0);
        Bind(statement, 13, point.InAir is { } isInAir ? isInAir ? 1 : 0 : null);
        if (point.Mode is { } mode)
            raw.sqlite3_bind_text(statement, 14, mode);
        else
            raw.sqlite3_bind_null(statement, 14);
    }

    private static void Bind(sqlite3_stmt statement, int index, int? value)
    {
        if (value is { } known)
            raw.sqlite3_bind_int(statement, index, known);
        else
            raw.sqlite3_bind_null(statement, index);
    }

    private static void Check(int result, SqliteConnection connection)
    {
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
    }

    private static long Microseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
