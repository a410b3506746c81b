using System.ComponentModel.DataAnnotations;

namespace DroneOps.Server.Airspace;

/// <summary>What the console's map shows first and, where there is a network, which tiles lie under it.</summary>
internal sealed class MapOptions : IValidatableObject
{
    [Range(-180.0, 180.0)]
    public double CentreLongitudeDeg { get; set; } = 117.655;

    [Range(-85.0, 85.0)]
    public double CentreLatitudeDeg { get; set; } = 24.513;

    /// <summary>Web-map zoom level.</summary>
    [Range(1.0, 22.0)]
    public double Zoom { get; set; } = 15;

    /// <summary>Address of the tiles with {x}, {y}, {z}, or of a file; null draws the library's own base map.</summary>
    public string? TilesUrl { get; set; }

    /// <summary>A .pmtiles or .mbtiles file on this machine, served to the consoles; instead of an address.</summary>
    public string? TilesFile { get; set; }

    public TileKind TilesKind { get; set; } = TileKind.Xyz;

    /// <summary>The datum the tiles are drawn in; the console shifts its own drawing to fit.</summary>
    public TileDatum TilesDatum { get; set; } = TileDatum.Wgs84;

    /// <summary>Who must be named on the map.</summary>
    public string TilesAttribution { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TilesUrl is { Length: > 0 } url && !TileAddress.IsUsable(url))
        {
            yield return new ValidationResult("DroneOps:Map:TilesUrl is an http(s) address or a path of this server.", [nameof(TilesUrl)]);
        }

        if (TilesUrl is { Length: > 0 } && TilesFile is { Length: > 0 })
        {
            yield return new ValidationResult("Name either DroneOps:Map:TilesUrl or DroneOps:Map:TilesFile.", [nameof(TilesFile)]);
        }
    }
}

/// <summary>How tiles are addressed.</summary>
internal enum TileKind
{
    Xyz,
    Wmts,
    Pmtiles,
    Mbtiles,
}

/// <summary>The datum of a tile source.</summary>
internal enum TileDatum
{
    Wgs84,
    Cgcs2000,
    Gcj02,
}
