using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.FieldLinks;

/// <summary><c>POST /field/session</c>: a phone opens its link.</summary>
internal static class RedeemLink
{
    private const int LongestToken = 100;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/session", HandleAsync).RequireRateLimiting(FieldLinksModule.AttemptLimit)
        .WithSummary("Open a link by its text: sets a cookie for /field that lapses soon");

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Request request, HttpContext context, FieldLinkBook links, FieldSessions sessions, CancellationToken cancellation)
    {
        if (request.Token is not { Length: > 0 and <= LongestToken } token || await links.UseAsync(token, context.Connection.RemoteIpAddress?.ToString(), cancellation) is not { } link)
            return FieldSessions.NoLink;
        sessions.Issue(context, link);
        return TypedResults.NoContent();
    }

    /// <summary>The request.</summary>
    internal sealed record Request(string? Token);
}
