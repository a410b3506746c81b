using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties.Revisions;

/// <summary>A revision as the API shows it.</summary>
/// <param name="By">Who.</param>
/// <param name="SplitAt">Where a record was divided.</param>
/// <param name="UndoneBy">The revision that undid it; null while it holds.</param>
/// <param name="AuditEntry">The number of its entry in the audit log.</param>
internal sealed record RevisionView(
    Guid Id, RevisionKind Kind, DateTimeOffset At, string By, string Reason, DateTimeOffset? SplitAt, Guid? Undoes, Guid? UndoneBy, long AuditEntry, IReadOnlyList<RevisionView.Part> Replaced, IReadOnlyList<RevisionView.Part> Made)
{
    /// <summary>One revision, with the records that it is about.</summary>
    public static RevisionView Of(SortieRevision revision, IEnumerable<SortieRecord> records, Guid? undoneBy = null)
    {
        var byId = records.ToDictionary(row => row.Id);
        return new(revision.Id, revision.Kind, revision.At, revision.Actor, revision.Reason, revision.SplitAt, revision.Undoes, undoneBy, revision.AuditEntry, PartsOf(revision.Replaced), PartsOf(revision.Made));

        List<Part> PartsOf(IEnumerable<Guid> ids) => [.. ids.Select(id => byId[id]).OrderBy(row => row.TakeoffAt).Select(row => new Part(row.Id, row.TakeoffAt, row.LandedAt, row.AirborneS, row.ArmedS))];
    }

    /// <summary>All revisions that a sortie is bound together by, oldest first.</summary>
    public static async Task<List<RevisionView>> AllOfAsync(Guid sortie, FleetDb db, CancellationToken cancellation)
    {
        var revisions = await SortieRevision.BoundToAsync([sortie], db, cancellation);
        if (revisions.Count == 0)
            return [];
        List<Guid> ids = [.. revisions.SelectMany(revision => revision.Parts).Select(part => part.SortieId).Distinct()];
        var records = await db.WithoutShape<SortieRecord>().IgnoreQueryFilters().Where(row => ids.Contains(row.Id)).ToListAsync(cancellation);
        var undone = revisions.Where(revision => revision.Undoes is not null).ToDictionary(revision => revision.Undoes!.Value, revision => revision.Id);
        return revisions.ConvertAll(revision => Of(revision, records, undone.TryGetValue(revision.Id, out var by) ? by : null));
    }

    /// <summary>A record as it stood.</summary>
    internal sealed record Part(Guid Id, DateTimeOffset TakeoffAt, DateTimeOffset? LandedAt, double AirborneS, double ArmedS);
}
