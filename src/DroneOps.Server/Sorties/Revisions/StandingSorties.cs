using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties.Revisions;

/// <summary>Which records stand now for those that somebody named once. A record that is merged or split is in no list and no sum any more, but what was said of it is still
/// said of its flight.</summary>
internal static class StandingSorties
{
    /// <summary>The records that stand in the place of each, in the order of their take-offs; for one that stands, itself.</summary>
    public static async Task<Dictionary<Guid, List<Guid>>> OfAsync(IEnumerable<Guid> named, FleetDb db, CancellationToken cancellation)
    {
        List<Guid> asked = [.. named.Distinct()];
        var takeoffs = new Dictionary<Guid, DateTimeOffset>();
        var made = new Dictionary<Guid, List<Guid>>();
        for (var open = asked; open.Count > 0;)
        {
            var ids = open;
            var rows = await db.Set<SortieRecord>().IgnoreQueryFilters().Where(sortie => ids.Contains(sortie.Id)).Select(sortie => new { sortie.Id, sortie.TakeoffAt, sortie.ReplacedBy }).ToListAsync(cancellation);
            List<Guid> by = [.. rows.Where(row => row.ReplacedBy is not null).Select(row => row.ReplacedBy!.Value).Distinct()];
            var parts = by.Count == 0 ? [] : await db.Set<RevisionPart>().AsNoTracking().Where(part => part.IsMade && by.Contains(part.RevisionId)).ToListAsync(cancellation);
            var byRevision = parts.ToLookup(part => part.RevisionId, part => part.SortieId);
            foreach (var row in rows)
            {
                takeoffs[row.Id] = row.TakeoffAt;
                if (row.ReplacedBy is { } revision)
                    made[row.Id] = [.. byRevision[revision]];
            }

            open = [.. parts.Select(part => part.SortieId).Distinct().Where(id => !takeoffs.ContainsKey(id))];
        }

        return asked.ToDictionary(id => id, id => Standing(id).Distinct().OrderBy(standing => takeoffs.GetValueOrDefault(standing)).ToList());

        // It ends: what a revision lets stand again is not replaced by an earlier one any more.
        IEnumerable<Guid> Standing(Guid id) => made.TryGetValue(id, out var parts) ? parts.SelectMany(Standing) : [id];
    }

    /// <summary>Every record, itself among them, that a sortie stands for: by one of these it may have been named.</summary>
    public static async Task<List<Guid>> NamesOfAsync(Guid sortie, FleetDb db, CancellationToken cancellation)
    {
        var bound = (await SortieRevision.BoundToAsync([sortie], db, cancellation)).SelectMany(revision => revision.Parts).Select(part => part.SortieId);
        return [.. (await OfAsync(bound, db, cancellation)).Where(record => record.Value.Contains(sortie)).Select(record => record.Key).Append(sortie).Distinct()];
    }
}
