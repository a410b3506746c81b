using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties;

/// <summary>Where a sortie flew, as the store holds it.</summary>
internal static class FlownLine
{
    /// <summary>The line through the corners, longitude first; a point where there is one, and an empty one where there is none.</summary>
    public static Geometry Of(params Coordinate[] corners) => corners.Length switch
    {
        0 => Point.Empty,
        1 => new Point(corners[0]),
        _ => new LineString(corners),
    };
}
