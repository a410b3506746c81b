using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Airspace;

/// <summary><c>GET /map/config</c>: where the console's map begins and what lies under it.</summary>
internal static class ShowMapConfig
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/config", Handle).WithSummary("Where the map begins and which tiles it shows");

    /// <summary>The origin that the console must be allowed to load tiles from.</summary>
    public static ContentSources Sources(MapOptions options) =>
        new(string.Join(' ', TileAddress.Origins(options.TilesUrl ?? "")));

    private static Ok<View> Handle(IOptions<MapOptions> options, TileSource source)
    {
        var map = options.Value;
        var tiles = source.File is { } file ? new Tiles(file.Kind, file.Kind == TileKind.Pmtiles ? ShowTiles.Archive : ShowTiles.Tile, map.TilesAttribution, map.TilesDatum)
            : map.TilesUrl is { Length: > 0 } url ? new Tiles(map.TilesKind, url, map.TilesAttribution, map.TilesDatum)
            : null;
        return TypedResults.Ok(new View([map.CentreLongitudeDeg, map.CentreLatitudeDeg], map.Zoom, tiles));
    }

    /// <summary>The answer.</summary>
    /// <param name="Centre">Longitude, latitude, WGS-84.</param>
    internal sealed record View(IReadOnlyList<double> Centre, double Zoom, Tiles? Tiles);

    /// <summary>A tile source.</summary>
    internal sealed record Tiles(TileKind Kind, string Url, string Attribution, TileDatum Datum);
}
