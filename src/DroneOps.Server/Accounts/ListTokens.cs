using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Accounts;

/// <summary><c>GET /tokens</c>: by name, without their texts.</summary>
internal static class ListTokens
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary("API tokens by name");

    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
        {
            return Problems.Invalid(fault);
        }

        var after = page.After ?? "";
        var rows = await db.Set<ApiToken>().AsNoTracking()
            .Where(token => string.Compare(token.Name, after) > 0)
            .OrderBy(token => token.Name)
            .Take(page.Take + 1)
            .ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(rows, View.Of, token => token.Name));
    }

    /// <summary>A token without its text.</summary>
    internal sealed record View(Guid Id, string Name, string Role, bool Rtsp, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
    {
        public static View Of(ApiToken token) => new(token.Id, token.Name, token.Role, token.DigestKey is not null, token.CreatedBy, token.CreatedAt, token.ExpiresAt, token.RevokedAt);
    }
}
