using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Accounts;

/// <summary><c>DELETE /session</c>: sign out.</summary>
internal static class CloseSession
{
    public static void Map(RouteGroupBuilder group) => group.MapDelete("", HandleAsync).WithSummary("Sign out");

    private static async Task<NoContent> HandleAsync(HttpContext context, ClaimsPrincipal user, AuditLog audit, CancellationToken cancellation)
    {
        await audit.AppendAsync(new AuditEntry(user.Actor(), "session.closed", $"account/{user.Identity?.Name}", null), cancellation);
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.NoContent();
    }
}
