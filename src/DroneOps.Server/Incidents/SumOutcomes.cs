using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /outcomes</c>: what came of the incidents, by period and kind.</summary>
internal static class SumOutcomes
{
    private static readonly Dictionary<string, string> Periods = new() { ["day"] = "yyyy-MM-dd", ["month"] = "yyyy-MM", ["year"] = "yyyy" };

    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary($"Totals of the outcomes and those of each period; groupBy={string.Join('|', Periods.Keys)}");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        string? groupBy, QueryTime? from, QueryTime? to, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Periods.GetValueOrDefault(groupBy ?? "month") is not { } form)
            return Problems.Invalid(new Fault("groupBy", $"groupBy is one of {string.Join(", ", Periods.Keys)}."));
        var rows = db.Set<IncidentRecord>().AsNoTracking();
        if (from is { Utc: var first })
            rows = rows.Where(row => row.ReportedAt >= first);
        if (to is { Utc: var last })
            rows = rows.Where(row => row.ReportedAt < last);
        var all = await rows.Select(row => new Reported(row.ReportedAt, row.Outcomes)).ToListAsync(cancellation);
        var periods = all.GroupBy(incident => incident.At.ToOffset(CityTime.Offset).ToString(form, CultureInfo.InvariantCulture)).Select(group => Sum.Of(group.Key, group));
        var shown = page.OrLimit(PageRequest.MaxLimit).OfAll(periods, sum => sum.Period!, newestFirst: false);
        var total = Sum.Of(null, all);
        return TypedResults.Ok(new Answer(
            total.Incidents, total.EvidenceCollected, total.ArrestCases, total.ArrestSuspects, total.DisasterRelief, total.PersonsRescued, shown.Items, shown.NextCursor));
    }

    /// <summary>What an incident adds.</summary>
    internal sealed record Reported(DateTimeOffset At, OutcomeCounts Outcomes);

    /// <summary>The totals, and those of each period.</summary>
    internal sealed record Answer(
        int Incidents, int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued, IReadOnlyList<Sum> Items, string? NextCursor);

    /// <summary>The totals of a period, such as 2026-05.</summary>
    internal sealed record Sum(string? Period, int Incidents, int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued)
    {
        private static Sum Zero(string? period) => new(period, 0, 0, 0, 0, 0, 0);

        public static Sum Of(string? period, IEnumerable<Reported> incidents) => incidents.Aggregate(Zero(period), (sum, incident) => new(
            period, sum.Incidents + 1, sum.EvidenceCollected + incident.Outcomes.EvidenceCollected, sum.ArrestCases + incident.Outcomes.ArrestCases,
            sum.ArrestSuspects + incident.Outcomes.ArrestSuspects, sum.DisasterRelief + incident.Outcomes.DisasterRelief, sum.PersonsRescued + incident.Outcomes.PersonsRescued));
    }
}
