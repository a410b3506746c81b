using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /library/tiles/...</c>: the configured file of map tiles, whole and by ranges (PMTiles) or tile by tile (MBTiles).</summary>
internal static class ShowTiles
{
    public const string Archive = "/library/tiles/archive.pmtiles";
    public const string Tile = "/library/tiles/{z}/{x}/{y}";

    // A new file is a new start of the server, and its address stays the same: ask again after a day.
    private const string Cached = "private, max-age=86400";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Archive, HandleArchive).WithTags("Map").Produces<Stream>(contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status401Unauthorized).WithSummary("The file of map tiles, by ranges");
        app.MapGet("/library/tiles/{z:int}/{x:int}/{y:int}", HandleTile).WithTags("Map").Produces<Stream>(contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status401Unauthorized).WithSummary("One map tile");
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> HandleArchive(TileSource source)
    {
        if (source.File is not { Kind: TileKind.Pmtiles } tiles)
            return Problems.NotFound("PMTiles file", "archive.pmtiles");
        var file = new FileInfo(tiles.Path);
        return TypedResults.PhysicalFile(
            tiles.Path, "application/octet-stream", lastModified: file.LastWriteTimeUtc, entityTag: new EntityTagHeaderValue($"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\""), enableRangeProcessing: true);
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> HandleTile(int z, int x, int y, TileSource source, HttpContext context)
    {
        if (source.File is not { Kind: TileKind.Mbtiles } tiles || tiles.Read(z, x, y) is not { } picture)
            return Problems.NotFound("map tile", $"{z}/{x}/{y}");
        context.Response.Headers.CacheControl = Cached;
        return TypedResults.File(picture, tiles.MediaType);
    }
}

/// <summary>The file of map tiles that is configured.</summary>
/// <param name="File">Null where there is none.</param>
internal sealed record TileSource(TileFile? File);
