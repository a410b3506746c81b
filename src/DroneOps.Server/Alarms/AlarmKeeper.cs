using DroneOps.Server.Cluster;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Alarms;

/// <summary>Writes every alarm to the store as it changes, so that a restart keeps what stands and a report reaches back; and reads it at the
/// start. While the store is away the newest state of each waits here, so that alarms go on without it.</summary>
/// <remarks>Owner of the tables <c>alarms</c> and <c>held_alarms</c>: its own loop.</remarks>
internal sealed partial class AlarmKeeper(AlarmBook book, IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<AlarmKeeper> logger) : BellLoop(quiescence, time, AgainEvery, AgainEvery)
{
    /// <summary>Alarms that wait for a store at most; beyond it the newest are not kept for reports, and the log says so.</summary>
    public const int MostWaiting = 20_000;

    private const int Batch = 500;
    private static readonly TimeSpan AgainEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Dictionary<Guid, Alarm> _waiting = [];
    private bool _areHoldsWaiting;
    private long _leftOut;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            var rows = await db.Set<AlarmRecord>().AsNoTracking().Where(row => row.State != AlarmState.Normal).ToListAsync(cancellationToken);
            rows.AddRange(await db.Set<AlarmRecord>().AsNoTracking().Where(row => row.State == AlarmState.Normal).OrderByDescending(row => row.At).Take(AlarmBook.Kept / 2).ToListAsync(cancellationToken));
            var held = await db.Set<HeldAlarmRecord>().AsNoTracking().ToListAsync(cancellationToken);
            book.Restore(rows.Select(row => row.ToAlarm()), held.Select(row => row.Held));
        }

        book.Changed += OnChanged;
        book.HoldsChanged += OnHoldsChanged;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        book.Changed -= OnChanged;
        book.HoldsChanged -= OnHoldsChanged;
        await base.StopAsync(cancellationToken);
        await LookAsync(cancellationToken);
    }

    private void OnChanged(Alarm alarm)
    {
        lock (_gate)
        {
            if (_waiting.Count >= MostWaiting && !_waiting.ContainsKey(alarm.Id))
                _leftOut++;
            else
                _waiting[alarm.Id] = alarm;
        }

        Ring();
    }

    private void OnHoldsChanged()
    {
        lock (_gate)
            _areHoldsWaiting = true;
        Ring();
    }

    protected override void OnTime()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && !_areHoldsWaiting)
                return;
        }

        Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        Dictionary<Guid, Alarm> alarms;
        bool areHolds;
        lock (_gate)
        {
            (alarms, _waiting) = (_waiting, []);
            (areHolds, _areHoldsWaiting) = (_areHoldsWaiting, false);
        }

        try
        {
            foreach (var batch in alarms.Values.Chunk(Batch))
                await SaveAsync(batch, cancellation);
            if (areHolds)
                await SaveHoldsAsync(cancellation);
            if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var leftOut)
                LogLeftOut(leftOut);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            Wait(alarms, areHolds);
            LogNotSaved(error, alarms.Count);
        }
        catch (OperationCanceledException)
        {
            Wait(alarms, areHolds);
            throw;
        }
    }

    /// <summary>What could not be written waits on, unless there is something newer by now.</summary>
    private void Wait(Dictionary<Guid, Alarm> alarms, bool areHolds)
    {
        lock (_gate)
        {
            foreach (var (id, alarm) in alarms)
                _waiting.TryAdd(id, alarm);
            _areHoldsWaiting |= areHolds;
        }
    }

    private async Task SaveAsync(Alarm[] alarms, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        Guid[] ids = [.. alarms.Select(alarm => alarm.Id)];
        var rows = await db.Set<AlarmRecord>().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellation);
        foreach (var alarm in alarms)
        {
            if (rows.TryGetValue(alarm.Id, out var row))
                row.Take(alarm);
            else
                db.Add(AlarmRecord.Of(alarm));
        }

        await db.SaveChangesAsync(cancellation);
    }

    private async Task SaveHoldsAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.RemoveRange(await db.Set<HeldAlarmRecord>().ToListAsync(cancellation));
        db.AddRange(book.Held.Select(held => new HeldAlarmRecord { Id = Guid.CreateVersion7(held.At), Held = held }));
        await db.SaveChangesAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} alarms could not be saved now; they are tried again in five seconds")]
    private partial void LogNotSaved(Exception error, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} alarms are missing in the store: it was away for too long")]
    private partial void LogLeftOut(long count);
}
