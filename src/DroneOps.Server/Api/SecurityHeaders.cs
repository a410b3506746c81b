namespace DroneOps.Server.Api;

/// <summary>The headers of every answer. The console is served from here alone, so the content policy can be "self";
/// a configured tile source adds its origin by registering a <see cref="ContentSources"/>.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IEnumerable<ContentSources> sources)
{
    private readonly string _policy = Policy(string.Join(' ', sources.Select(source => source.Images)).Trim());

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

    private static string Policy(string images) =>
        $"default-src 'self'; img-src 'self' data: blob: {images}; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self' {images}; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}

/// <summary>Origins outside our own that the console may load from.</summary>
/// <param name="Images">Space-separated origins for images and tiles; empty for none.</param>
internal sealed record ContentSources(string Images);
