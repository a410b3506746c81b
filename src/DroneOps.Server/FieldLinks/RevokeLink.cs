using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>DELETE /incidents/{id}/links/{link}</c>: the link shows nothing any more, from now on and on every phone.</summary>
internal static class RevokeLink
{
    public static void Map(RouteGroupBuilder group) => group.MapDelete("/{id:guid}/links/{link:guid}", HandleAsync).RequireAuthorization(Policies.Dispatch)
        .WithSummary("Revoke a link: phones that have it open are told and see nothing more");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Guid id, Guid link, ClaimsPrincipal user, FieldLinkBook links, CancellationToken cancellation) =>
        await links.RevokeAsync(id, link, user.Actor(), cancellation) is null ? Problems.NotFound("link", link) : TypedResults.NoContent();
}
