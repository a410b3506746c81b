using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/close</c>: with what came of it; a drone that still works it is brought home.</summary>
internal static class CloseIncident
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/close", HandleAsync).RequireAuthorization(Policies.Dispatch).WithSummary("Close an incident with its outcome counts");

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation)
    {
        var counts = request.Outcomes ?? OutcomeCounts.None;
        int[] all = [counts.EvidenceCollected, counts.ArrestCases, counts.ArrestSuspects, counts.DisasterRelief, counts.PersonsRescued];
        if (all.Any(count => count is < 0 or > 100_000))
            return Problems.Invalid(new Fault("#/outcomes", "Outcome counts are 0 to 100000."));
        if (await desk.FindAsync(id, cancellation) is { VehicleId: not null } && await desk.RecallAsync(id, user.Actor(), cancellation) is DispatchResult.Refused refused)
            return Problems.Conflict(refused.Slug, refused.Detail);
        var row = await book.ChangeAsync(id, user.Actor(), (incident, now) =>
        {
            if (incident.State == IncidentState.Closed)
                return null;
            incident.State = IncidentState.Closed;
            incident.Outcomes = counts;
            incident.Note = request.Note;
            IncidentBook.Reach(incident, IncidentStage.Closed, now, "event", user.Actor());
            return ("incident.closed", new { counts });
        }, cancellation);
        return row is null ? Problems.NotFound("incident", id) : TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(OutcomeCounts? Outcomes, string? Note);
}
