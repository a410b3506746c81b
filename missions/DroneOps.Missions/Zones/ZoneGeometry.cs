using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Zones;

/// <summary>Zone outlines as polygons on a plane.</summary>
internal static class ZoneGeometry
{
    /// <summary>An outline that contains the zone: a circle becomes the polygon around it.</summary>
    public static Polygon Outline(LocalPlane plane, ZoneShape shape, int circleSides) => Outline(plane, shape, circleSides, contains: true);

    /// <summary>An outline inside the zone: a circle becomes the polygon within it.</summary>
    public static Polygon InnerOutline(LocalPlane plane, ZoneShape shape, int circleSides) => Outline(plane, shape, circleSides, contains: false);

    private static Polygon Outline(LocalPlane plane, ZoneShape shape, int circleSides, bool contains)
    {
        switch (shape)
        {
            case PolygonShape polygon:
                return Shapes.Polygon(plane, polygon.Outer, polygon.Holes.Select(static hole => (IReadOnlyList<Mavlink.GeoPoint>)hole));
            case CircleShape circle:
                var radius = contains ? circle.RadiusM / Math.Cos(Math.PI / circleSides) : circle.RadiusM;
                return Shapes.Circle(plane.ToPlane(circle.Centre), radius, circleSides);
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of zone shape.");
        }
    }
}
