using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /outcomes</c>: the incidents and the outcomes that count, by period and kind: those that two persons agree on and those of imported history.</summary>
internal static class SumOutcomes
{
    private static readonly Dictionary<string, string> Periods = new() { ["day"] = "yyyy-MM-dd", ["month"] = "yyyy-MM", ["year"] = "yyyy" };

    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary($"Totals of the incidents and of the outcomes that are confirmed or imported, and those of each period; groupBy={string.Join('|', Periods.Keys)}");

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
        var all = await rows.Select(row => new Part(row.ReportedAt, null, 0, 0)).ToListAsync(cancellation);
        all.AddRange(await new OutcomeRecords.Filter { From = from, To = to }.Apply(db.Set<OutcomeRecord>().AsNoTracking())
            .Where(row => row.State == OutcomeState.Confirmed || row.State == OutcomeState.Imported)
            .Select(row => new Part(row.OccurredAt, row.Kind, row.Count, row.Suspects)).ToListAsync(cancellation));
        var periods = all.GroupBy(part => part.At.ToOffset(CityTime.Offset).ToString(form, CultureInfo.InvariantCulture)).Select(group => Sum.Of(group.Key, [.. group]));
        var shown = page.OrLimit(PageRequest.MaxLimit).OfAll(periods, sum => sum.Period!, newestFirst: false);
        var total = Sum.Of(null, all);
        return TypedResults.Ok(new Answer(
            total.Incidents, total.EvidenceCollected, total.ArrestCases, total.ArrestSuspects, total.DisasterRelief, total.PersonsRescued, shown.Items, shown.NextCursor));
    }

    /// <summary>What an outcome adds; an incident where it has no kind.</summary>
    internal sealed record Part(DateTimeOffset At, OutcomeKind? Kind, int Count, int Suspects);

    /// <summary>The totals, and those of each period.</summary>
    internal sealed record Answer(
        int Incidents, int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued, IReadOnlyList<Sum> Items, string? NextCursor);

    /// <summary>The totals of a period, such as 2026-05.</summary>
    internal sealed record Sum(string? Period, int Incidents, int EvidenceCollected, int ArrestCases, int ArrestSuspects, int DisasterRelief, int PersonsRescued)
    {
        public static Sum Of(string? period, List<Part> parts)
        {
            return new(
                period, parts.Count(part => part.Kind is null), Count(OutcomeKind.EvidenceCollected), Count(OutcomeKind.ArrestSupport), parts.Sum(part => part.Suspects),
                Count(OutcomeKind.DisasterRelief), Count(OutcomeKind.PersonsRescued));

            int Count(OutcomeKind kind) => parts.Where(part => part.Kind == kind).Sum(part => part.Count);
        }
    }
}
