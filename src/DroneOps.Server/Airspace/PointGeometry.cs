using DroneOps.Mavlink;

namespace DroneOps.Server.Airspace;

/// <summary>A GeoJSON point (RFC 7946): WGS-84 degrees, longitude first.</summary>
internal sealed record PointGeometry(string? Type, double[]? Coordinates)
{
    /// <summary>A point as it is answered.</summary>
    public static PointGeometry Of(GeoPoint point) => new("Point", [point.LongitudeDeg, point.LatitudeDeg]);
}
