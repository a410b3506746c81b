namespace DroneOps.Server.Api;

/// <summary>The headers of every answer. The console is served from here alone, so the content policy can be "self";
/// a configured tile source adds its origin through <see cref="ContentSources"/>.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, ContentSources sources)
{
    private readonly string _policy =
        $"default-src 'self'; img-src 'self' data: blob: {sources.Images}; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self' {sources.Images}; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(self)";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            headers.CacheControl = "no-store";
        }

        return next(context);
    }
}

/// <summary>Origins outside our own that the console may load from.</summary>
/// <param name="Images">Space-separated origins for images and tiles; empty for none.</param>
internal sealed record ContentSources(string Images);
