using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Accounts;

/// <summary><c>GET /session</c>: who am I; also renews the antiforgery token.</summary>
internal static class ShowSession
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", Handle)
        .WithSummary("The signed-in user, with a fresh antiforgery token");

    private static Ok<SessionView> Handle(HttpContext context, Sessions sessions) => TypedResults.Ok(sessions.View(context));
}
