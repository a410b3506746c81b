using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Response;

/// <summary>Counts each day of the city once it is over, and again when an incident of it changes later.</summary>
/// <remarks>Owner: its own loop. It asks the store which days have changed since they were counted, so a day that ended while the service was
/// stopped is counted at the next start, and on several nodes the last count wins with the same figures.</remarks>
internal sealed partial class DayKeeper(IncidentChanges changes, IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<DayKeeper> logger) : BellLoop(quiescence, time, TimeSpan.Zero, LookEvery)
{
    /// <summary>Corrections come in bursts; one count is for all of a minute.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    private DateOnly _lookedOn;
    private int _isLate = 1;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
    }

    private void OnChanged(IncidentView incident)
    {
        if (CityTime.DayOf(incident.ReportedAt) < CityTime.DayOf(Time.GetUtcNow()))
            Interlocked.Exchange(ref _isLate, 1);
    }

    protected override void OnTime()
    {
        if (Volatile.Read(ref _isLate) == 1 || _lookedOn != CityTime.DayOf(Time.GetUtcNow()))
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        Interlocked.Exchange(ref _isLate, 0);
        try
        {
            var today = CityTime.DayOf(Time.GetUtcNow());
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var before = IncidentTimes.DayNumber(today);
            var changed = await db.Set<IncidentTimes>().Where(row => row.Day < before).GroupBy(row => row.Day).Select(day => new { Day = day.Key, At = day.Max(row => row.ChangedAt) }).ToListAsync(cancellation);
            var counted = await db.Set<ResponseDay>().Select(row => new { row.Day, row.CountedAt }).ToDictionaryAsync(row => row.Day, row => row.CountedAt, cancellation);
            foreach (var day in changed.Where(day => !counted.TryGetValue(day.Day, out var at) || at <= day.At))
                await CountAsync(db, day.Day, cancellation);
            _lookedOn = today;
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // Another node may have counted the same day at the same time; the next look finds what is left.
            Interlocked.Exchange(ref _isLate, 1);
            LogNotCounted(error);
        }
    }

    private async Task CountAsync(FleetDb db, int day, CancellationToken cancellation)
    {
        // Before the read: what changes meanwhile is newer than the count.
        var now = Time.GetUtcNow();
        var rows = await db.Set<IncidentTimes>().AsNoTracking().Where(row => row.Day == day)
            .Select(row => new Measured(row.Type, row.Priority, row.Hour, row.GridId, row.KeySiteId, row.Axis)).ToListAsync(cancellation);
        var figures = Tally.Of(rows).Total;
        if (await db.Set<ResponseDay>().SingleOrDefaultAsync(row => row.Day == day, cancellation) is { } known)
            (known.CountedAt, known.Figures) = (now, figures);
        else
            db.Add(new ResponseDay { Day = day, CountedAt = now, Figures = figures });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The response figures of a day could not be counted; the next look is in a minute")]
    private partial void LogNotCounted(Exception error);
}
