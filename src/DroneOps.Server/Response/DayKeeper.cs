using System.Collections.Concurrent;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Response;

/// <summary>Counts each day of the city once it is over, and again when an incident of it changes later.</summary>
/// <remarks>Owner: its own loop. A day of which it is told is counted again whatever the clocks say, since it is told after the commit. What nobody
/// tells (another node's change, or one whose service died between the commit and the telling) it asks the store for: which days have changed since
/// they were counted, so a day that ended while the service was stopped is counted at the next start, and on several nodes the last count wins with
/// the same figures.</remarks>
internal sealed partial class DayKeeper(IncidentChanges changes, IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<DayKeeper> logger) : BellLoop(quiescence, time, TimeSpan.Zero, LookEvery)
{
    /// <summary>Corrections come in bursts; one count is for all of a minute.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <summary>A change bears the time from before its commit, so a count that is newer by less than a save may take can have missed it. A save is one
    /// transaction of a few commands, each given up after 30 s on PostgreSQL and, behind another writer, after 10 s on SQLite; nodes' clocks are
    /// seconds apart.</summary>
    private static readonly TimeSpan LongestSave = TimeSpan.FromMinutes(5);

    /// <summary>How often it was told of a day since that was last counted.</summary>
    private readonly ConcurrentDictionary<int, int> _told = new();

    private DateOnly _lookedOn;
    private int _isLate = 1;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Changed += OnChanged;
        changes.Imported += OnImported;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        changes.Imported -= OnImported;
        await base.StopAsync(cancellationToken);
    }

    private void OnChanged(IncidentView incident) => OnTold(incident.ReportedAt);

    private void OnImported(IReadOnlyCollection<IncidentRecord> pieces)
    {
        foreach (var piece in pieces)
            OnTold(piece.ReportedAt);
    }

    private void OnTold(DateTimeOffset reportedAt)
    {
        var day = CityTime.DayOf(reportedAt);
        if (day >= CityTime.DayOf(Time.GetUtcNow()))
            return;
        _told.AddOrUpdate(IncidentTimes.DayNumber(day), 1, (_, times) => times + 1);
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
            var now = Time.GetUtcNow();
            var today = CityTime.DayOf(now);
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var before = IncidentTimes.DayNumber(today);
            var changed = await db.Set<IncidentTimes>().Where(row => row.Day < before).GroupBy(row => row.Day).Select(day => new { Day = day.Key, At = day.Max(row => row.ChangedAt) }).ToListAsync(cancellation);
            var counted = await db.Set<ResponseDay>().Select(row => new { row.Day, row.CountedAt }).ToDictionaryAsync(row => row.Day, row => row.CountedAt, cancellation);
            foreach (var day in changed.Where(day => _told.ContainsKey(day.Day) || !counted.TryGetValue(day.Day, out var at) || IsOld(at, day.At, now)))
                await CountAsync(db, day.Day, cancellation);
            if (changed.Exists(day => !IsSettled(day.At, now)))
                Interlocked.Exchange(ref _isLate, 1);
            _lookedOn = today;
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // Another node may have counted the same day at the same time; the next look finds what is left.
            Interlocked.Exchange(ref _isLate, 1);
            LogNotCounted(error);
        }
    }

    /// <summary>Whether a count may lack a change: one from before it that it can have missed is counted once more when all that was on its way is there.</summary>
    private static bool IsOld(DateTimeOffset countedAt, DateTimeOffset changedAt, DateTimeOffset now) =>
        countedAt <= changedAt || (IsSettled(changedAt, now) && !IsSettled(changedAt, countedAt));

    private static bool IsSettled(DateTimeOffset changedAt, DateTimeOffset by) => changedAt < by - LongestSave;

    private async Task CountAsync(FleetDb db, int day, CancellationToken cancellation)
    {
        // Before the read: what changes meanwhile is newer than the count, or told after it.
        var now = Time.GetUtcNow();
        var told = _told.GetValueOrDefault(day);
        var rows = await db.Set<IncidentTimes>().AsNoTracking().Where(row => row.Day == day)
            .Select(row => new Measured(row.Type, row.Priority, row.Hour, row.GridId, row.KeySiteId, row.Axis)).ToListAsync(cancellation);
        var figures = Tally.Of(rows).Total;
        if (await db.Set<ResponseDay>().SingleOrDefaultAsync(row => row.Day == day, cancellation) is { } known)
            (known.CountedAt, known.Figures) = (now, figures);
        else
            db.Add(new ResponseDay { Day = day, CountedAt = now, Figures = figures });
        await db.SaveChangesAsync(cancellation);
        db.ChangeTracker.Clear();
        _told.TryRemove(new(day, told));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The response figures of a day could not be counted; the next look is in a minute")]
    private partial void LogNotCounted(Exception error);
}
