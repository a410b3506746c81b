using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Alarms;

/// <summary>Deletes alarms whose time for reports is over: whole UTC days, one audit entry a day, and never one that still stands.</summary>
/// <remarks>Owner: its own loop, which looks once an hour. What fails is tried again the next hour.</remarks>
internal sealed partial class AlarmRetention(
    IDbContextFactory<FleetDb> databases, AuditLog audit, Quiescence quiescence, TimeProvider time, IOptions<AlarmsOptions> options, ILogger<AlarmRetention> logger) : BellLoop(quiescence, time, FirstAfter, Every)
{
    public const string Action = "alarm.deleted";

    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        var before = new DateTimeOffset(Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-options.Value.KeepDays);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var old = db.Set<AlarmRecord>().Where(row => row.At < before && row.State == AlarmState.Normal);
            var count = await old.CountAsync(cancellation);
            if (count == 0)
                return;
            await audit.AppendAsync(new AuditEntry(Actors.System, Action, "alarm", new { before, options.Value.KeepDays, count }), cancellation);
            await old.ExecuteDeleteAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotDeleted(error, before);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Alarms from before {Before:O} could not be deleted now")]
    private partial void LogNotDeleted(Exception error, DateTimeOffset before);
}
