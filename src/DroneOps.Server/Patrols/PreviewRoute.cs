using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Patrols;

/// <summary><c>POST /routes/preview</c>: what a pattern would be, and what is wrong with flying it; nothing is kept.</summary>
internal static class PreviewRoute
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/preview", Handle).RequireAuthorization(Policies.Plan).WithSummary("Plan a pattern and check it");

    private static Results<Ok<Answer>, ProblemHttpResult> Handle(PatternRequest request, RoutePlanner planner)
    {
        var faults = new List<Fault>();
        if (planner.Plan("preview", request, faults) is not { } planned)
            return Problems.Invalid(faults);
        return TypedResults.Ok(new Answer(
            RouteBody.Of(planned.Route), LineView.Of(RouteBody.Line(planned.Route, planned.Home)), planned.LengthM, planned.DurationS, planned.EnergyPercent,
            [.. planned.Report.Findings.Select(FindingView.Of)]));
    }

    /// <summary>The plan; hand <c>route</c> to <c>POST /routes</c> to keep it.</summary>
    internal sealed record Answer(RouteBody Route, LineView Geometry, double LengthM, double DurationS, double EnergyPercent, IReadOnlyList<FindingView> Findings);
}
