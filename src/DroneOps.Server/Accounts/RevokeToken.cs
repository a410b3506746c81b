using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Accounts;

/// <summary><c>DELETE /tokens/{id}</c>: the token opens nothing from now on; its row stays.</summary>
internal static class RevokeToken
{
    public static void Map(RouteGroupBuilder group) => group.MapDelete("/{id:guid}", HandleAsync).WithSummary("Revoke an API token");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, ClaimsPrincipal user, FleetDb db, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (await db.Set<ApiToken>().FindAsync([id], cancellation) is not { } token)
        {
            return Problems.NotFound("token", id);
        }

        if (token.RevokedAt is null)
        {
            await audit.AppendAsync(new AuditEntry(user.Actor(), "token.revoked", $"token/{token.Name}", new { token.Id }), cancellation);
            token.RevokedAt = time.GetUtcNow();
            await db.SaveChangesAsync(cancellation);
        }

        return TypedResults.NoContent();
    }
}
