using DroneOps.Server.Api;
using Microsoft.Net.Http.Headers;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /library/basemap/{layer}.geojson</c>: the library's own base map, for consoles without a network.</summary>
internal static class ShowBaseMap
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/library/basemap/{layer:regex(^[a-z-]+$)}.geojson", Handle)
        .WithTags("Map")
        .WithSummary("A layer of the library's base map")
        .Produces<string>(contentType: "application/geo+json")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static IResult Handle(string layer, LibraryFolder library, HttpContext context)
    {
        var file = new FileInfo(Path.Combine(library.Path, "basemap", layer + ".geojson"));
        if (!file.Exists)
        {
            return Problems.NotFound("base map layer", layer);
        }

        context.Response.Headers.CacheControl = "private, max-age=3600";
        var tag = new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\"");
        return TypedResults.PhysicalFile(file.FullName, "application/geo+json", lastModified: file.LastWriteTimeUtc, entityTag: tag);
    }
}

/// <summary>Where the library lies.</summary>
/// <param name="Path">Absolute.</param>
internal sealed record LibraryFolder(string Path);
