using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/close</c>: with what came of it; a drone that still works it goes on with the patrol that it left, or home.</summary>
/// <remarks>One that is closed already stays as it is: a request that says the same or nothing of it is answered as if it had closed it, and one that
/// says something else is refused, so that nobody takes for kept what was not.</remarks>
internal static class CloseIncident
{
    /// <summary>How often drones are brought home that were sent between the bringing home and the closing.</summary>
    private const int Tries = 3;

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
        var row = known;
        for (var tries = 1; ; tries++)
        {
            if (row.VehicleId is not null && await desk.RecallAsync(id, null, mayGoOn: true, user.Actor(), cancellation) is DispatchResult.Refused { Slug: not "no-drone" } refused)
                return Problems.Conflict(refused.Slug, refused.Detail);
            if (await book.ChangeAsync(id, user.Actor(), (incident, now) => Close(incident, counts, request.Note, user.Actor(), now), cancellation) is not { } present)
                return Problems.NotFound("incident", id);
            row = present;
            if (row.State == IncidentState.Closed)
                break;
            if (tries == Tries)
                return Problems.Conflict("already-dispatched", $"Vehicle {row.VehicleId} works this incident; recall it first.");
        }

        if (!SaysWhatStands(row, counts, request.Note))
            return Problems.Conflict("incident-closed", await RefusalAsync(row, book, cancellation));
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    private static (string Action, object? Details)? Close(IncidentRecord incident, OutcomeCounts counts, string? note, string actor, DateTimeOffset now)
    {
        // A drone that came meanwhile would fly for an incident that nobody looks at any more.
        if (incident.State == IncidentState.Closed || incident.VehicleId is not null)
            return null;
        incident.State = IncidentState.Closed;
        incident.Outcomes = counts;
        incident.Note = note;
        TimeAxis.Reach(incident, IncidentStage.Closed, now, "event", actor);
        return ("incident.closed", new { counts });
    }

    private static bool SaysWhatStands(IncidentRecord closed, OutcomeCounts counts, string? note) =>
        (counts == OutcomeCounts.None || counts == closed.Outcomes) && (string.IsNullOrWhiteSpace(note) || note == closed.Note);

    private static async Task<string> RefusalAsync(IncidentRecord closed, IncidentBook book, CancellationToken cancellation)
    {
        if (closed.MergedInto is null)
            return "The incident is closed already; what else came of it is entered as an outcome.";
        var survivor = await book.SurvivorAsync(closed, cancellation);
        return $"The incident was merged into {survivor.ExternalNumber ?? survivor.Id.ToString()}; close that one.";
    }

    /// <summary>The request.</summary>
    internal sealed record Request(OutcomeCounts? Outcomes, string? Note);
}
