using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/dispatch</c> and <c>/recall</c>.</summary>
internal static class DispatchIncident
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id:guid}/dispatch", SendAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Send the best drone, or the one that is named");
        group.MapPost("/{id:guid}/recall", RecallAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Bring the drone home and give it back");
    }

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> SendAsync(
        Guid id, Request? request, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation) =>
        await StaleAsync(id, context, book, cancellation) is { } stale ? stale : Answer(id, context, await desk.SendAsync(id, request?.VehicleId, user.Actor(), cancellation));

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> RecallAsync(
        Guid id, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation) =>
        await StaleAsync(id, context, book, cancellation) is { } stale ? stale : Answer(id, context, await desk.RecallAsync(id, user.Actor(), cancellation));

    private static async Task<ProblemHttpResult?> StaleAsync(Guid id, HttpContext context, IncidentBook book, CancellationToken cancellation) =>
        await book.FindAsync(id, cancellation) is { } known ? ETags.Check(context, known) : null;

    private static Results<Ok<IncidentView>, ProblemHttpResult> Answer(Guid id, HttpContext context, DispatchResult result)
    {
        switch (result)
        {
            case DispatchResult.Sent sent:
                ETags.Set(context, sent.Incident);
                return TypedResults.Ok(IncidentView.Of(sent.Incident));
            case DispatchResult.Refused refused:
                return Problems.Conflict(refused.Slug, refused.Detail);
            case DispatchResult.NoSuchVehicle unknown:
                return Problems.Invalid(new Fault("#/vehicleId", $"There is no vehicle '{unknown.VehicleId}'."));
            default:
                return Problems.NotFound("incident", id);
        }
    }

    /// <summary>The request; may be left out.</summary>
    internal sealed record Request(string? VehicleId);
}
