using DroneOps.Server.Audit;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

internal sealed partial class IncidentBook
{
    /// <summary>Enters a piece of history; numbers that the book has are left as they are. Only who counts is told: it is over, and a feed of a
    /// hundred thousand closed incidents would drown the open one.</summary>
    /// <param name="pieces">Each with a number of its own.</param>
    /// <param name="isDryRun">Whether nothing is written.</param>
    /// <returns>The rows that were known before, by number.</returns>
    public async Task<IReadOnlyDictionary<string, IncidentRecord>> ImportAsync(IReadOnlyCollection<IncidentRecord> pieces, string actor, bool isDryRun, CancellationToken cancellation)
    {
        if (pieces.Count == 0)
            return new Dictionary<string, IncidentRecord>();
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            List<string?> numbers = [.. pieces.Select(row => row.ExternalNumber)];
            var known = await db.Set<IncidentRecord>().AsNoTracking().Where(row => numbers.Contains(row.ExternalNumber)).ToDictionaryAsync(row => row.ExternalNumber!, StringComparer.Ordinal, cancellation);
            List<IncidentRecord> news = [.. pieces.Where(row => !known.ContainsKey(row.ExternalNumber!))];
            if (isDryRun || news.Count == 0)
                return known;
            await audit.AppendAsync(new AuditEntry(actor, "incident.imported", "incidents", new { news.Count, numbers = news.Select(row => row.ExternalNumber) }), cancellation);
            db.AddRange(news);
            var (drawn, now) = (airspace.Current, time.GetUtcNow());
            db.AddRange(news.Select(row => IncidentTimes.Of(row, drawn, now)));
            db.AddRange(news.SelectMany(row => IncidentOutcomes.Of(row, actor, now)));
            await db.SaveChangesAsync(cancellation);
            changes.PublishImport(news);
            return known;
        }
        finally
        {
            _gate.Release();
        }
    }
}
