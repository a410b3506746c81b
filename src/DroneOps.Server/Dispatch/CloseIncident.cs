using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/close</c>: with what came of it; a drone that still works it goes on with the patrol that it left, or home.</summary>
internal static class CloseIncident
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/close", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Close an incident with its outcome counts");

    internal static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation)
    {
        var counts = request.Outcomes ?? OutcomeCounts.None;
        int[] all = [counts.EvidenceCollected, counts.ArrestCases, counts.ArrestSuspects, counts.DisasterRelief, counts.PersonsRescued];
        if (all.Any(count => count is < 0 or > 100_000))
            return Problems.Invalid(new Fault("#/outcomes", "Outcome counts are 0 to 100000."));
        if (request.Note?.Length > 2000)
            return Problems.Invalid(new Fault("#/note", "note is at most 2000 characters."));
        if (await book.FindAsync(id, cancellation) is not { } known)
            return Problems.NotFound("incident", id);
        if (ETags.Check(context, known) is { } stale)
            return stale;
        if (known.VehicleId is not null && await desk.RecallAsync(id, null, mayGoOn: true, user.Actor(), cancellation) is DispatchResult.Refused refused)
            return Problems.Conflict(refused.Slug, refused.Detail);
        var row = await book.ChangeAsync(id, user.Actor(), (incident, now) =>
        {
            if (incident.State == IncidentState.Closed)
                return null;
            incident.State = IncidentState.Closed;
            incident.Outcomes = counts;
            incident.Note = request.Note;
            TimeAxis.Reach(incident, IncidentStage.Closed, now, "event", user.Actor());
            return ("incident.closed", new { counts });
        }, cancellation);
        if (row is null)
            return Problems.NotFound("incident", id);
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(OutcomeCounts? Outcomes, string? Note);
}
