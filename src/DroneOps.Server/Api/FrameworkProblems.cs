using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace DroneOps.Server.Api;

/// <summary>Answers that the framework makes by itself (no identity, no right, no such address) say what and why like our own.</summary>
internal static class FrameworkProblems
{
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem.Type?.StartsWith(Problems.Prefix, StringComparison.Ordinal) == true)
            return;
        var http = context.HttpContext;
        var status = problem.Status ?? http.Response.StatusCode;
        if (status == StatusCodes.Status400BadRequest && UnreadQuery.FaultsOf(http).ToList() is { Count: > 0 } faults)
        {
            var said = Problems.Invalid(faults).ProblemDetails;
            (problem.Type, problem.Title, problem.Detail, problem.Extensions["errors"]) = (said.Type, said.Title, said.Detail, faults);
            return;
        }

        problem.Type = Problems.TypeOf(status);
        (problem.Title, problem.Detail) = status switch
        {
            StatusCodes.Status401Unauthorized => ("Sign in first.", $"Send the cookie that POST {ApiGroups.Prefix}/session sets, or a token: Authorization: Bearer TOKEN."),
            StatusCodes.Status403Forbidden => ("Not allowed.", Right(http)),
            StatusCodes.Status404NotFound => ("There is no such thing.", $"There is nothing at {http.Request.Path}."),
            StatusCodes.Status405MethodNotAllowed => ("This cannot be done here.", $"{http.Request.Path} takes {http.Response.Headers.Allow}, not {http.Request.Method}."),
            StatusCodes.Status415UnsupportedMediaType => ("The request is refused.", $"The body's content type is not one that {http.Request.Path} reads; send application/json."),
            StatusCodes.Status429TooManyRequests => ("Too many requests.", "Too many tries from this address; wait before the next."),
            >= StatusCodes.Status500InternalServerError => ("This failed.", "The server could not do it; its log has the reason under this traceId."),
            _ => (problem.Title, problem.Detail),
        };
    }

    private static string Right(HttpContext http)
    {
        var has = string.Join(", ", http.User.FindAll(ClaimTypes.Role).Select(claim => claim.Value));
        var needs = http.GetEndpoint()?.Metadata.OfType<IAuthorizeData>().Select(wanted => Policies.Of(wanted.Policy ?? "")).Where(roles => roles.Count > 0).ToList() ?? [];
        return needs.Count == 0
            ? $"Your role ({has}) may not do this."
            : $"Your role ({has}) may not do this; it takes {string.Join(" or ", needs.Aggregate((all, next) => [.. all.Intersect(next)]))}.";
    }
}
