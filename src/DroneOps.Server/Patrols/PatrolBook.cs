using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary>Keeps occurrences: audited before, written, told to whoever shows them; one change at a time.</summary>
internal sealed class PatrolBook(IDbContextFactory<FleetDb> databases, AuditLog audit, PatrolChanges changes, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _changes;

    /// <summary>Counts what changed in patrols and occurrences: while it stands, a look at the tables finds nothing new.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>A patrol was made, changed or deleted.</summary>
    public void NoteChange() => Interlocked.Increment(ref _changes);

    /// <summary>All patrols.</summary>
    public async Task<List<PatrolRecord>> PatrolsAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<PatrolRecord>().AsNoTracking().OrderBy(patrol => patrol.Id).ToListAsync(cancellation);
    }

    /// <summary>The occurrences that are not over, in the order of their times.</summary>
    public async Task<List<OccurrenceRecord>> OpenAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<OccurrenceRecord>().AsNoTracking()
            .Where(row => row.State == OccurrenceState.Planned || row.State == OccurrenceState.Starting || row.State == OccurrenceState.Flying)
            .OrderBy(row => row.PlannedAt).ToListAsync(cancellation);
    }

    /// <summary>The time of a patrol's last occurrence, or null.</summary>
    public async Task<DateTimeOffset?> LastAsync(Guid patrol, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<OccurrenceRecord>().Where(row => row.PatrolId == patrol).OrderByDescending(row => row.PlannedAt).Select(row => (DateTimeOffset?)row.PlannedAt).FirstOrDefaultAsync(cancellation);
    }

    /// <summary>Plans an occurrence; one that is there already stays as it is.</summary>
    /// <param name="id">Null for one that is started by hand.</param>
    public async Task<OccurrenceRecord> PlanAsync(PatrolRecord patrol, string? id, DateTimeOffset at, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (id is not null && await db.Set<OccurrenceRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } known)
                return known;
            var row = new OccurrenceRecord
            {
                Id = id ?? Guid.CreateVersion7(time.GetUtcNow()).ToString(),
                PatrolId = patrol.Id,
                PatrolName = patrol.Name,
                PlannedAt = at,
                State = OccurrenceState.Planned,
                RequestedBy = actor,
            };
            await audit.AppendAsync(new AuditEntry(actor, "patrol.planned", $"patrol/{patrol.Id}", new { occurrence = row.Id, at }), cancellation);
            db.Add(row);
            await db.SaveChangesAsync(cancellation);
            NoteChange();
            changes.Publish(OccurrenceView.Of(row));
            return row;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Moves an occurrence on, unless it is over.</summary>
    /// <returns>False when it is over already, there already, or not at all.</returns>
    public Task<bool> MoveAsync(string id, OccurrenceState state, string? reason, Action<OccurrenceRecord>? change, CancellationToken cancellation) => ChangeAsync(id, async (_, row) =>
    {
        if (row.IsOver || row.State == state)
            return false;
        row.State = state;
        row.Reason = reason;
        if (row.IsOver)
            row.EndedAt = time.GetUtcNow();
        change?.Invoke(row);
        await audit.AppendAsync(new AuditEntry(Api.Actors.System, $"patrol.{state.ToString().ToLowerInvariant()}", $"patrol/{row.PatrolId}", new { occurrence = id, row.VehicleId, reason }), cancellation);
        return true;
    }, cancellation);

    /// <summary>Notes what one that is due waits for, so that the pilot need not wait until it is missed to read why, or why one that was interrupted is not
    /// flown on. A remark, not a change of state: it is not in the audit log.</summary>
    /// <param name="seen">The occurrence; when it stands elsewhere by now, nothing is noted.</param>
    public async Task NoteAsync(OccurrenceRecord seen, string reason, CancellationToken cancellation)
    {
        if (seen.Reason == reason)
            return;
        await ChangeAsync(seen.Id, (_, row) =>
        {
            if (row.State != seen.State)
                return Task.FromResult(false);
            row.Reason = reason;
            return Task.FromResult(true);
        }, cancellation);
    }

    /// <summary>An occurrence begins, or one that was interrupted is flown on, unless as many of its patrol are under way as may be. Counted and written
    /// in one step: while one begins, another may be flown on.</summary>
    /// <param name="from">Where it stands: planned or interrupted.</param>
    /// <param name="most">How many may be under way with it.</param>
    /// <returns>False when it is not under way now.</returns>
    public Task<bool> StartAsync(string id, OccurrenceState from, int most, Action<OccurrenceRecord>? change, CancellationToken cancellation) => ChangeAsync(id, async (db, row) =>
    {
        if (row.State != from || await UnderWayAsync(db, row.PatrolId, cancellation) >= most)
            return false;
        row.State = OccurrenceState.Starting;
        row.Reason = null;
        row.EndedAt = null;
        change?.Invoke(row);
        var action = from == OccurrenceState.Interrupted ? "patrol.resumed" : "patrol.starting";
        await audit.AppendAsync(new AuditEntry(Api.Actors.System, action, $"patrol/{row.PatrolId}", new { occurrence = id, row.VehicleId }), cancellation);
        return true;
    }, cancellation);

    /// <summary>One occurrence, or null.</summary>
    public async Task<OccurrenceRecord?> FindOccurrenceAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<OccurrenceRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>Changes an occurrence, one change after the other, and tells of it once it is written.</summary>
    /// <param name="change">False when nothing is to be changed.</param>
    /// <returns>False when nothing was.</returns>
    private async Task<bool> ChangeAsync(string id, Func<FleetDb, OccurrenceRecord, Task<bool>> change, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<OccurrenceRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } row || !await change(db, row))
                return false;
            await db.SaveChangesAsync(cancellation);
            NoteChange();
            changes.Publish(OccurrenceView.Of(row));
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static Task<int> UnderWayAsync(FleetDb db, Guid patrol, CancellationToken cancellation) =>
        db.Set<OccurrenceRecord>().CountAsync(row => row.PatrolId == patrol && (row.State == OccurrenceState.Starting || row.State == OccurrenceState.Flying), cancellation);

    public void Dispose() => _gate.Dispose();
}
