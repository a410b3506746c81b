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
        group.MapPost("/{id:guid}/dispatch", SendAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Send the best drone, or the one that is named; role second sends a second view, role relief one that takes over");
        group.MapPost("/{id:guid}/recall", RecallAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Bring the drones home, or the one that is named, and give them back");
    }

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> SendAsync(
        Guid id, Request? request, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation) =>
        request?.RoleFault is { } fault ? Problems.Invalid(fault)
            : await StaleAsync(id, context, book, cancellation) is { } stale ? stale
            : Answer(id, context, await desk.SendAsync(id, request?.VehicleId, request?.Wanted ?? DroneRole.Primary, user.Actor(), cancellation));

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> RecallAsync(
        Guid id, Recall? request, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation) =>
        await StaleAsync(id, context, book, cancellation) is { } stale ? stale : Answer(id, context, await desk.RecallAsync(id, request?.VehicleId, request?.HandBack ?? false, user.Actor(), cancellation));

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
    /// <param name="Role"><c>primary</c> unless said otherwise, <c>second</c>, <c>relief</c>.</param>
    internal sealed record Request(string? VehicleId, string? Role = null)
    {
        internal DroneRole Wanted => Role switch { "second" => DroneRole.Second, "relief" => DroneRole.Relief, _ => DroneRole.Primary };

        internal Fault? RoleFault => Role is null or "primary" or "second" or "relief" ? null : new Fault("#/role", "role is primary, second or relief.");
    }

    /// <summary>Which drone to bring home; all of them when it is left out.</summary>
    /// <param name="HandBack">Whether it may go on with the patrol that it left, where its energy allows it.</param>
    internal sealed record Recall(string? VehicleId, bool? HandBack);
}
