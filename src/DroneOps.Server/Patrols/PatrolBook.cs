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
    public async Task<bool> MoveAsync(string id, OccurrenceState state, string? reason, Action<OccurrenceRecord>? change, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<OccurrenceRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { IsOver: false } row || row.State == state)
                return false;
            row.State = state;
            row.Reason = reason;
            if (row.IsOver)
                row.EndedAt = time.GetUtcNow();
            change?.Invoke(row);
            await audit.AppendAsync(new AuditEntry(Api.Actors.System, $"patrol.{state.ToString().ToLowerInvariant()}", $"patrol/{row.PatrolId}", new { occurrence = id, row.VehicleId, reason }), cancellation);
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

    /// <summary>Notes what one that is due waits for, so that the pilot need not wait until it is missed to read why. A remark, not a change of state:
    /// it is not in the audit log.</summary>
    public async Task NoteWaitAsync(OccurrenceRecord due, string reason, CancellationToken cancellation)
    {
        if (due.Reason == reason)
            return;
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<OccurrenceRecord>().SingleOrDefaultAsync(row => row.Id == due.Id, cancellation) is not { State: OccurrenceState.Planned } row)
                return;
            row.Reason = reason;
            await db.SaveChangesAsync(cancellation);
            NoteChange();
            changes.Publish(OccurrenceView.Of(row));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>One occurrence, or null.</summary>
    public async Task<OccurrenceRecord?> FindOccurrenceAsync(string id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<OccurrenceRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>An interrupted occurrence is flown on.</summary>
    public async Task ResumeAsync(string id, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<OccurrenceRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { State: OccurrenceState.Interrupted } row)
                return;
            row.State = OccurrenceState.Starting;
            row.Reason = null;
            row.EndedAt = null;
            await audit.AppendAsync(new AuditEntry(Api.Actors.System, "patrol.resumed", $"patrol/{row.PatrolId}", new { occurrence = id, row.VehicleId }), cancellation);
            await db.SaveChangesAsync(cancellation);
            NoteChange();
            changes.Publish(OccurrenceView.Of(row));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
