using DroneOps.Server.Audit;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

internal sealed partial class IncidentBook
{
    // A chain grows only while its end is open, so it is short; this ends a circle that somebody has drawn into the database by hand.
    private const int LongestChain = 20;

    /// <summary>The incident that a merged one has become; itself when it was not merged.</summary>
    public async Task<IncidentRecord> SurvivorAsync(IncidentRecord incident, CancellationToken cancellation)
    {
        for (var step = 0; step < LongestChain && incident.MergedInto is { } link && await FindAsync(link.Into, cancellation) is { } next; step++)
            incident = next;
        return incident;
    }

    /// <summary>Merges an incident into another.</summary>
    /// <returns>The survivor, or why not; null when one of them is not there.</returns>
    public Task<(IncidentRecord Survivor, MergeRefusal? Refusal)?> MergeAsync(Guid from, Guid into, string actor, string reason, CancellationToken cancellation) =>
        ChangeBothAsync(from, into, actor, "incident.merged", "incident.absorbed", reason, IncidentMerge.Refuse, (one, other, _, now) => IncidentMerge.Apply(one, other, actor, reason, now), cancellation);

    /// <summary>Undoes a merge.</summary>
    /// <returns>The survivor, or why not; null when one of them is not there.</returns>
    public Task<(IncidentRecord Survivor, MergeRefusal? Refusal)?> UnmergeAsync(Guid from, Guid into, string actor, string reason, TimeSpan within, CancellationToken cancellation) =>
        ChangeBothAsync(
            from, into, actor, "incident.unmerged", "incident.released", reason,
            (one, other) => one.MergedInto?.Into == other.Id ? IncidentMerge.RefuseUndo(one, other, within, time.GetUtcNow()) : new("not-merged", "The incident is not merged into another."),
            (one, other, rest, _) => IncidentMerge.Undo(one, other, rest), cancellation);

    private async Task<(IncidentRecord Survivor, MergeRefusal? Refusal)?> ChangeBothAsync(
        Guid from, Guid into, string actor, string fromAction, string intoAction, string reason, Func<IncidentRecord, IncidentRecord, MergeRefusal?> refuse,
        Action<IncidentRecord, IncidentRecord, IReadOnlyList<IncidentRecord>, DateTimeOffset> apply, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            var both = await db.Set<IncidentRecord>().Where(row => row.Id == from || row.Id == into).ToListAsync(cancellation);
            if (both.Find(row => row.Id == from) is not { } one || both.Find(row => row.Id == into) is not { } other)
                return null;
            if (refuse(one, other) is { } refusal)
                return (other, refusal);
            var restIds = other.Merged.Select(call => call.Id).Where(id => id != from).ToList();
            var rest = await db.Set<IncidentRecord>().AsNoTracking().Where(row => restIds.Contains(row.Id)).ToListAsync(cancellation);
            await audit.AppendAsync(new AuditEntry(actor, fromAction, $"incident/{from}", new { into, reason }), cancellation);
            await audit.AppendAsync(new AuditEntry(actor, intoAction, $"incident/{into}", new { from, reason }), cancellation);
            var now = time.GetUtcNow();
            apply(one, other, rest, now);
            await IncidentTimes.KeepAsync(db, one, airspace.Current, now, cancellation);
            await IncidentTimes.KeepAsync(db, other, airspace.Current, now, cancellation);
            await db.SaveChangesAsync(cancellation);
            changes.Publish(IncidentView.Of(one));
            changes.Publish(IncidentView.Of(other));
            return (other, null);
        }
        finally
        {
            _gate.Release();
        }
    }
}
