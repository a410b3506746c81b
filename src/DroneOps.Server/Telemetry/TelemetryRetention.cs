using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Telemetry;

/// <summary>Deletes points whose time is over: whole UTC days, so there is one deletion and one audit entry a day, in steps small enough
/// that nobody who writes meanwhile has to wait for long.</summary>
/// <remarks>Owner: its own loop, which looks once an hour. What fails is tried again the next hour.</remarks>
internal sealed partial class TelemetryRetention(
    IDbContextFactory<FleetDb> databases, AuditLog audit, Quiescence quiescence, TimeProvider time, IOptions<TelemetryOptions> options, ILogger<TelemetryRetention> logger)
    : BellLoop(quiescence, time, FirstAfter, Every)
{
    public const string Action = "telemetry.deleted";

    /// <summary>Points that one statement deletes.</summary>
    public const int Step = 5_000;

    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        var before = new DateTimeOffset(Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-options.Value.KeepDays);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var old = await FindAsync(db, before, cancellation);
            if (old.Count == 0)
                return;
            var points = old.Sum(vehicle => vehicle.Points);
            await audit.AppendAsync(
                new AuditEntry(Actors.System, Action, "telemetry", new { before, options.Value.KeepDays, points, vehicles = old.Select(vehicle => vehicle.Vehicle) }), cancellation);
            foreach (var (vehicle, _) in old)
                await DeleteAsync(db, vehicle, before, cancellation);
            LogDeleted(points, before);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotDeleted(error, before);
        }
    }

    /// <summary>The vehicles that have points from before a time, and how many. Goes from vehicle to vehicle by the key.</summary>
    private static async Task<List<(int Vehicle, long Points)>> FindAsync(FleetDb db, DateTimeOffset before, CancellationToken cancellation)
    {
        var found = new List<(int, long)>();
        var points = db.Set<TelemetryPoint>().AsNoTracking();
        int? vehicle = int.MinValue;
        while ((vehicle = await points.Where(point => point.Vehicle > vehicle).OrderBy(point => point.Vehicle).Select(point => (int?)point.Vehicle).FirstOrDefaultAsync(cancellation)) is { } next)
        {
            if (await points.LongCountAsync(point => point.Vehicle == next && point.At < before, cancellation) is > 0 and var count)
                found.Add((next, count));
        }

        return found;
    }

    private static async Task DeleteAsync(FleetDb db, int vehicle, DateTimeOffset before, CancellationToken cancellation)
    {
        DateTimeOffset upTo;
        do
        {
            var old = db.Set<TelemetryPoint>().Where(point => point.Vehicle == vehicle && point.At < before);
            upTo = await old.OrderBy(point => point.At).Skip(Step).Select(point => (DateTimeOffset?)point.At).FirstOrDefaultAsync(cancellation) ?? before;
            await old.Where(point => point.At < upTo).ExecuteDeleteAsync(cancellation);
        }
        while (upTo < before);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Points} telemetry points from before {Before:O} were deleted")]
    private partial void LogDeleted(long points, DateTimeOffset before);

    [LoggerMessage(Level = LogLevel.Error, Message = "Telemetry points from before {Before:O} could not be deleted now")]
    private partial void LogNotDeleted(Exception error, DateTimeOffset before);
}
