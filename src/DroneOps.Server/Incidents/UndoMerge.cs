using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/{id}/unmerge</c>: two calls that were taken for one are two again. A drone stays with the incident that has it.</summary>
internal static class UndoMerge
{
    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/unmerge", HandleAsync).RequireAuthorization(Policies.Dispatch).HasETag().WithSummary("Undo a merge, with the reason");

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, HttpContext context, ClaimsPrincipal user, IncidentBook book, IOptions<IncidentsOptions> options, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > 500)
            return Problems.Invalid(new Fault("#/reason", "reason is 1 to 500 characters."));
        if (await book.FindAsync(id, cancellation) is not { } known)
            return Problems.NotFound("incident", id);
        if (ETags.Check(context, known) is { } stale)
            return stale;
        if (known.MergedInto is not { } link)
            return Problems.Conflict("not-merged", "The incident is not merged into another.");
        if (await book.UnmergeAsync(id, link.Into, user.Actor(), request.Reason.Trim(), TimeSpan.FromHours(options.Value.UnmergeWithinHours), cancellation) is not { } done)
            return Problems.NotFound("incident", link.Into);
        if (done.Refusal is { } refusal)
            return Problems.Conflict(refusal.Slug, refusal.Detail);
        var row = (await book.FindAsync(id, cancellation))!;
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Reason);
}
