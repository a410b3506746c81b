using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace DroneOps.Server.Api;

/// <summary>The console's pages, as the build put them into wwwroot. They hold no secrets and are open to everybody; what
/// they ask for is not.</summary>
internal static class ConsoleFiles
{
    private const string Page = "index.html";

    /// <summary>Text of the pages and of the base map is sent compressed. Answers of the API are not: they may mix a
    /// secret with what an attacker chose, and their size would tell (BREACH).</summary>
    private static readonly string[] Compressed = ["text/html", "text/css", "text/javascript", "image/svg+xml", "application/geo+json"];

    public static void AddConsoleFiles(this WebApplicationBuilder builder)
    {
        builder.Services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = Compressed;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });

        // A browser keeps what it was sent, so each file is compressed once for it: ten milliseconds more for a quarter less is
        // worth it on a line from a police station or a car.
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        builder.Services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Optimal);
    }

    public static void UseConsoleFiles(this WebApplication app)
    {
        app.UseResponseCompression();
        app.UseStaticFiles(Options);
    }

    /// <summary>The console's own addresses (/incidents/7) are files to nobody but its router. What programs call must not get a page.</summary>
    public static void MapConsoleFiles(this WebApplication app)
    {
        // The empty path has a line of its own: a constraint on a value that is not there never holds.
        app.MapFallbackToFile("/", Page, Options).AllowAnonymous();
        app.MapFallbackToFile("{*path:regex(^(?!api/|library/|openapi/|healthz/|feed|field/|metrics).*$):nonfile}", Page, Options).AllowAnonymous();
    }

    private static StaticFileOptions Options => new()
    {
        // Vite puts a hash of the content into the names under assets: such a file never changes. Everything else is asked for again.
        OnPrepareResponse = served => served.Context.Response.Headers.CacheControl =
            served.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache",
    };
}
