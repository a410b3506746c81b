using Microsoft.Extensions.Options;

namespace DroneOps.Server.Api;

/// <summary>A browser names the page a request comes from. CORS does not cover WebSockets, so a foreign page could
/// open our feed with the user's cookie: refuse any upgrade and any unsafe verb that comes from another origin.
/// Programs send no Origin and carry a token.</summary>
internal sealed class OriginCheck(RequestDelegate next, IOptions<HttpOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || !(AntiforgeryCheck.IsUnsafe(request.Method) || IsUpgrade(context)) || IsOurs(request, origin))
        {
            return next(context);
        }

        return Problems.Forbidden("foreign-origin", $"Requests from pages of {origin} are not accepted.").ExecuteAsync(context);
    }

    private static bool IsUpgrade(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest || context.Request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(context.Request.Method);

    private bool IsOurs(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
