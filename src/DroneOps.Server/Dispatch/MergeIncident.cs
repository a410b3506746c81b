using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>POST /incidents/{id}/merge</c>: this call is the same as another; its drones go over to it.</summary>
internal static class MergeIncident
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/merge", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag()
        .WithSummary("Merge an incident into another, with the reason; answers the surviving one");

    internal static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, DispatchDesk desk, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
            return Problems.Invalid(new Fault("#/reason", "reason is 1 to 500 characters."));
        if (request.Into is not { } into || into == id)
            return Problems.Invalid(new Fault("#/into", "into is the id of another incident."));
        if (await book.FindAsync(id, cancellation) is not { } known)
            return Problems.NotFound("incident", id);
        if (ETags.Check(context, known) is { } stale)
            return stale;
        var actor = user.Actor();
        if (await book.MergeAsync(id, into, actor, request.Reason.Trim(), cancellation) is not { } done)
            return Problems.Invalid(new Fault("#/into", $"There is no incident '{into}'."));
        if (done.Refusal is { } refusal)
            return Problems.Conflict(refusal.Slug, refusal.Detail);
        var survivor = done.Survivor;
        if (survivor.Merged.Find(call => call.Id == id)?.VehicleIds is { Count: > 0 } drones)
            survivor = await desk.HandOverAsync(drones, id, survivor, actor) ?? survivor;
        ETags.Set(context, survivor);
        return TypedResults.Ok(IncidentView.Of(survivor));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(Guid? Into, string? Reason);
}
