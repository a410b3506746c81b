using DroneOps.Server.Api;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /outcomes/report</c>: the numbers that a year is reported by, for any period: sorties, hours, and what came of them as far as two persons agree.</summary>
internal static class ReportOutcomes
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/report", HandleAsync)
        .WithSummary("Sorties, flight hours and outcomes of a period; each number is that of a list: of /sorties, or of /outcomes/records by kind and state");

    /// <summary>Counts a period.</summary>
    public static async Task<Answer> CountAsync(FleetDb db, QueryTime? from, QueryTime? to, CancellationToken cancellation)
    {
        var sorties = new ListSorties.Filter { From = from, To = to }.Apply(db.Set<SortieRecord>());
        var flown = await sorties.GroupBy(_ => 1).Select(all => new { Count = all.Count(), Seconds = all.Sum(sortie => sortie.AirborneS) }).SingleOrDefaultAsync(cancellation);
        var groups = await new OutcomeRecords.Filter { From = from, To = to }.Apply(db.Set<OutcomeRecord>()).GroupBy(row => new { row.Kind, row.State })
            .Select(group => new { group.Key.Kind, group.Key.State, Records = group.Count(), Count = group.Sum(row => row.Count), Suspects = group.Sum(row => row.Suspects) }).ToListAsync(cancellation);
        return new(from?.Utc, to?.Utc, flown?.Count ?? 0, Math.Round(flown?.Seconds ?? 0, 3), Of(OutcomeKind.EvidenceCollected), Of(OutcomeKind.ArrestSupport), Of(OutcomeKind.ArrestSupport, isSuspects: true), Of(OutcomeKind.DisasterRelief), Of(OutcomeKind.PersonsRescued));

        Figure Of(OutcomeKind kind, bool isSuspects = false)
        {
            return new(Sum(OutcomeState.Confirmed), Sum(OutcomeState.Entered), Sum(OutcomeState.Imported));

            int Sum(OutcomeState state) => groups.Where(group => group.Kind == kind && group.State == state).Sum(group => isSuspects ? group.Suspects : group.Count);
        }
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(QueryTime? from, QueryTime? to, FleetDb db, CancellationToken cancellation) =>
        from is { Utc: var first } && to is { Utc: var end } && end <= first ? Problems.Invalid(new Fault("to", "to is after from.")) : TypedResults.Ok(await CountAsync(db, from, to, cancellation));

    /// <summary>A count by how far it is to be believed.</summary>
    /// <param name="Confirmed">What two persons agree on: the number.</param>
    /// <param name="Awaiting">Entered, and not confirmed yet.</param>
    /// <param name="Imported">From the history of another system.</param>
    internal sealed record Figure(int Confirmed, int Awaiting, int Imported);

    /// <summary>The numbers of a period.</summary>
    internal sealed record Answer(
        DateTimeOffset? From, DateTimeOffset? To, int Sorties, double AirborneSeconds,
        Figure EvidenceCases, Figure ArrestCases, Figure Suspects, Figure DisasterMissions, Figure PersonsRescued);
}
