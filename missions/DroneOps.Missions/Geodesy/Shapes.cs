using DroneOps.Mavlink;
using NetTopologySuite;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Geodesy;

/// <summary>The way between our points and NetTopologySuite's geometries on a local plane (metres, x east, y north).</summary>
internal static class Shapes
{
    // The newer overlay falls back to snapping where doubles alone cannot place a crossing; the older one throws.
    public static readonly GeometryFactory Factory = new NtsGeometryServices(
        NtsGeometryServices.Instance.DefaultCoordinateSequenceFactory, new PrecisionModel(), 0, GeometryOverlay.NG, new CoordinateEqualityComparer())
        .CreateGeometryFactory();

    public static Coordinate Coordinate(PlanePoint point) => new(point.EastM, point.NorthM);

    public static PlanePoint Point(Coordinate coordinate) => new(coordinate.X, coordinate.Y);

    public static Coordinate Coordinate(LocalPlane plane, GeoPoint point) => Coordinate(plane.ToPlane(point));

    public static Polygon Polygon(LocalPlane plane, IReadOnlyList<GeoPoint> outer, IEnumerable<IReadOnlyList<GeoPoint>> holes) =>
        Factory.CreatePolygon(Closed(plane, outer), [.. holes.Select(hole => Closed(plane, hole))]);

    public static LineString Line(params ReadOnlySpan<PlanePoint> points)
    {
        var coordinates = new Coordinate[points.Length];
        for (var i = 0; i < points.Length; i++)
            coordinates[i] = Coordinate(points[i]);
        return Factory.CreateLineString(coordinates);
    }

    /// <summary>A regular polygon inscribed in the circle.</summary>
    public static Polygon Circle(PlanePoint centre, double radiusM, int sides)
    {
        var ring = new Coordinate[sides + 1];
        for (var i = 0; i < sides; i++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * i / sides);
            ring[i] = new(centre.EastM + (radiusM * sin), centre.NorthM + (radiusM * cos));
        }

        ring[sides] = ring[0].Copy();
        return Factory.CreatePolygon(ring);
    }

    /// <summary>The polygons of a geometry, whatever it is made of.</summary>
    public static IEnumerable<Polygon> Polygons(Geometry geometry)
    {
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            switch (geometry.GetGeometryN(i))
            {
                case Polygon { IsEmpty: false } polygon:
                    yield return polygon;
                    break;
                case GeometryCollection { IsEmpty: false } nested:
                    foreach (var inner in Polygons(nested))
                        yield return inner;
                    break;
            }
        }
    }

    /// <summary>The lines of a geometry, whatever it is made of.</summary>
    public static IEnumerable<LineString> Lines(Geometry geometry)
    {
        for (var i = 0; i < geometry.NumGeometries; i++)
        {
            switch (geometry.GetGeometryN(i))
            {
                case LineString { IsEmpty: false } line:
                    yield return line;
                    break;
                case GeometryCollection { IsEmpty: false } nested:
                    foreach (var inner in Lines(nested))
                        yield return inner;
                    break;
            }
        }
    }

    private static LinearRing Closed(LocalPlane plane, IReadOnlyList<GeoPoint> ring)
    {
        var coordinates = new Coordinate[ring.Count + 1];
        for (var i = 0; i < ring.Count; i++)
            coordinates[i] = Coordinate(plane, ring[i]);
        coordinates[ring.Count] = coordinates[0].Copy();
        return Factory.CreateLinearRing(coordinates);
    }
}
