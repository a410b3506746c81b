using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/dispatch</c> and <c>/recall</c>.</summary>
internal static class DispatchIncident
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id:guid}/dispatch", async (Guid id, Request? request, ClaimsPrincipal user, DispatchDesk desk, CancellationToken cancellation) =>
                Answer(id, await desk.SendAsync(id, request?.VehicleId, user.Actor(), cancellation)))
            .RequireAuthorization(Policies.Dispatch).WithSummary("Send the best drone, or the one that is named");
        group.MapPost("/{id:guid}/recall", async (Guid id, ClaimsPrincipal user, DispatchDesk desk, CancellationToken cancellation) =>
                Answer(id, await desk.RecallAsync(id, user.Actor(), cancellation)))
            .RequireAuthorization(Policies.Dispatch).WithSummary("Bring the drone home and give it back");
    }

    private static Results<Ok<IncidentView>, ProblemHttpResult> Answer(Guid id, DispatchResult result) => result switch
    {
        DispatchResult.Sent sent => TypedResults.Ok(IncidentView.Of(sent.Incident)),
        DispatchResult.Refused refused => Problems.Conflict(refused.Slug, refused.Detail),
        _ => Problems.NotFound("incident", id),
    };

    /// <summary>The request; may be left out.</summary>
    internal sealed record Request(string? VehicleId);
}
