using DroneOps.Server.Airspace;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary>Changes incidents, one at a time each: audited before, written, told to whoever shows them.</summary>
internal sealed partial class IncidentBook(IDbContextFactory<FleetDb> databases, AirspaceBook airspace, AuditLog audit, IncidentChanges changes, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>One incident, or null.</summary>
    public async Task<IncidentRecord?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation);
    }

    /// <summary>Adds an incident.</summary>
    /// <returns>The row that carries its number: an earlier one when the number was posted before.</returns>
    public async Task<(IncidentRecord Incident, bool IsNew)> AddAsync(IncidentRecord incident, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (incident.ExternalNumber is { } number && await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.ExternalNumber == number, cancellation) is { } known)
                return (known, false);
            await audit.AppendAsync(new AuditEntry(incident.ReportedBy, "incident.reported", $"incident/{incident.Id}", new { incident.ExternalNumber, incident.Type, incident.Priority }), cancellation);
            db.Add(incident);
            await IncidentTimes.KeepAsync(db, incident, airspace.Current, time.GetUtcNow(), cancellation);
            await db.SaveChangesAsync(cancellation);
            changes.Publish(IncidentView.Of(incident));
            return (incident, true);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes an incident.</summary>
    /// <param name="change">Answers what to write into the audit log, or null when nothing is to change.</param>
    /// <returns>The incident, or null when there is none.</returns>
    public async Task<IncidentRecord?> ChangeAsync(Guid id, string actor, Func<IncidentRecord, DateTimeOffset, (string Action, object? Details)?> change, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            if (await db.Set<IncidentRecord>().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } incident)
                return null;
            if (change(incident, time.GetUtcNow()) is not { } done)
                return incident;
            await audit.AppendAsync(new AuditEntry(actor, done.Action, $"incident/{id}", done.Details), cancellation);
            IncidentOutcomes.Keep(db, incident, actor, time.GetUtcNow());
            await IncidentTimes.KeepAsync(db, incident, airspace.Current, time.GetUtcNow(), cancellation);
            await db.SaveChangesAsync(cancellation);
            changes.Publish(IncidentView.Of(incident));
            return incident;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
