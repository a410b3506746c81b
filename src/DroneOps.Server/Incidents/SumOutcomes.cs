using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /outcomes</c>: what came of the incidents of a period.</summary>
internal static class SumOutcomes
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary("Totals of the outcomes of a period");

    private static async Task<Ok<Answer>> HandleAsync(DateTimeOffset? from, DateTimeOffset? to, FleetDb db, CancellationToken cancellation)
    {
        var rows = db.Set<IncidentRecord>().AsNoTracking();
        if (from?.ToUniversalTime() is { } first)
            rows = rows.Where(row => row.ReportedAt >= first);
        if (to?.ToUniversalTime() is { } last)
            rows = rows.Where(row => row.ReportedAt < last);
        var all = await rows.Select(row => row.Outcomes).ToListAsync(cancellation);
        return TypedResults.Ok(new Answer(
            all.Count, all.Sum(o => o.EvidenceCollected), all.Sum(o => o.ArrestCases), all.Sum(o => o.ArrestSuspects), all.Sum(o => o.DisasterRelief), all.Sum(o => o.PersonsRescued)));
    }

    /// <summary>The totals.</summary>
    internal sealed record Answer(int Incidents, int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued);
}
