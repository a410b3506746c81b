using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Operation.Buffer;
using NetTopologySuite.Operation.Distance;
using NetTopologySuite.Operation.Union;
using NetTopologySuite.Simplify;

namespace DroneOps.Missions.Patterns;

/// <summary>The free ground plan between zones and the shortest ways through it: keep-out zones grown by a margin, keep-in zones
/// shrunk by it. Ways are exact shortest paths of the visibility graph (A*). Heights and times of zones are not looked at: give
/// it the zones that matter for the flight (<see cref="Checks.RouteCheck.ZonesAt"/>). Immutable outside; safe to share.</summary>
public sealed partial class Transit
{
    // What is cut or routed keeps this much more than the margin, so that tests against the margin itself never meet rounding.
    private const double SlackM = 0.1;

    // A drawn circle of hundred corners is flown around with twenty: outlines are grown by this much and straightened by as much.
    private const double StraightenM = 1.5;
    private const int CircleSides = 16;

    private readonly Geometry _blockedSoft;
    private readonly IPreparedGeometry? _blockedTest;
    private readonly Geometry? _boundsSoft;
    private readonly IPreparedGeometry? _boundsTest;
    private readonly PlanePoint[] _corners;
    private readonly byte[] _seen;

    /// <summary>Lays out the free space.</summary>
    /// <param name="plane">The plane it is laid out on.</param>
    /// <param name="zones">The zones that matter; only keep-in and keep-out are looked at.</param>
    /// <param name="marginM">The distance kept from their edges, metres: position error, turn overshoot and safety together.</param>
    public Transit(LocalPlane plane, IEnumerable<GeoZone> zones, double marginM)
    {
        Plane = plane;
        MarginM = marginM;
        var keepOut = new List<Geometry>();
        var keepIn = new List<Geometry>();
        foreach (var zone in zones)
        {
            if (zone.Effect == ZoneEffect.KeepOut)
                keepOut.Add(ZoneGeometry.Outline(plane, zone.Shape, CircleSides));
            else if (zone.Effect == ZoneEffect.KeepIn)
                keepIn.Add(ZoneGeometry.InnerOutline(plane, zone.Shape, CircleSides));
        }

        var blocked = Grown(keepOut, marginM);
        _blockedSoft = Straightened(Grown(keepOut, marginM + SlackM + StraightenM));
        if (!blocked.IsEmpty)
            _blockedTest = PreparedGeometryFactory.Prepare(blocked);
        if (keepIn.Count > 0)
        {
            var inside = UnaryUnionOp.Union(keepIn);
            _boundsSoft = Straightened(Buffered(inside, -marginM - SlackM - StraightenM));
            _boundsTest = PreparedGeometryFactory.Prepare(Buffered(inside, -marginM));
        }

        _corners = [.. Corners().Where(corner => IsFree(corner))];
        _seen = new byte[_corners.Length * _corners.Length];
    }

    /// <summary>The plane it is laid out on.</summary>
    public LocalPlane Plane { get; }

    /// <summary>The distance kept from zones, metres.</summary>
    public double MarginM { get; }

    internal bool IsOpen => _blockedTest is null && _boundsTest is null;

    /// <summary>Whether a point keeps the margin from every zone.</summary>
    public bool IsFree(GeoPoint point) => IsFree(Plane.ToPlane(point));

    /// <summary>Whether the straight line between two points keeps the margin from every zone.</summary>
    public bool IsFree(GeoPoint from, GeoPoint to) => IsFree(Plane.ToPlane(from), Plane.ToPlane(to));

    /// <summary>The shortest way between two points that keeps the margin, both of them included; null when there is none. A point that
    /// itself lies within the margin or a zone is left (or reached) by the shortest line; the check of the route will say so.</summary>
    public IReadOnlyList<GeoPoint>? Way(GeoPoint from, GeoPoint to)
    {
        if (Way(Plane.ToPlane(from), Plane.ToPlane(to)) is not { } way)
            return null;
        // To the plane and back a point moves by a rounding: the ends are those that were given, so that nobody takes one for a corner.
        var points = way.ConvertAll(Plane.ToGeo);
        (points[0], points[^1]) = (from, to);
        return points;
    }

    /// <summary>The corners of the shortest way between two points, neither of them included; empty for a straight line, null when there is no way.</summary>
    public GeoPoint[]? Corners(GeoPoint from, GeoPoint to) => Way(from, to) is { } way ? [.. way.Skip(1).SkipLast(1)] : null;

    internal bool IsFree(PlanePoint point)
    {
        if (IsOpen)
            return true;
        var geometry = Shapes.Factory.CreatePoint(Shapes.Coordinate(point));
        return _blockedTest?.Intersects(geometry) != true && _boundsTest?.Covers(geometry) != false;
    }

    internal bool IsFree(PlanePoint from, PlanePoint to)
    {
        if (IsOpen)
            return true;
        var line = Shapes.Line(from, to);
        return _blockedTest?.Intersects(line) != true && _boundsTest?.Covers(line) != false;
    }

    /// <summary>Whether a whole disc may be flown.</summary>
    internal bool IsFree(PlanePoint centre, double radiusM)
    {
        if (IsOpen || radiusM <= 0)
            return IsFree(centre);
        var disc = Shapes.Circle(centre, radiusM, CircleSides);
        return _blockedTest?.Intersects(disc) != true && _boundsTest?.Covers(disc) != false;
    }

    /// <summary>The part of a line that may be flown.</summary>
    internal Geometry FreePart(Geometry line)
    {
        if (_blockedSoft.Intersects(line))
            line = line.Difference(_blockedSoft);
        if (_boundsSoft is not null)
            line = line.Intersection(_boundsSoft);
        return line;
    }

    /// <summary>The part of some ground that may be flown over.</summary>
    internal Geometry FreeGround(Geometry ground)
    {
        if (_blockedSoft.Intersects(ground))
            ground = ground.Difference(_blockedSoft);
        return _boundsSoft is null ? ground : ground.Intersection(_boundsSoft);
    }

    /// <summary>The edges of the free space, along which one may just fly.</summary>
    internal Geometry Edges()
    {
        var edges = _blockedSoft.Boundary;
        return _boundsSoft is null ? edges : edges.Union(_boundsSoft.Boundary);
    }

    private static Geometry Grown(List<Geometry> zones, double marginM) => zones.Count == 0
        ? Shapes.Factory.CreatePolygon()
        : UnaryUnionOp.Union(zones.ConvertAll(zone => Buffered(zone, marginM)));

    // Mitred corners lie outside the round ones, so the margin is kept with few corners.
    private static Geometry Buffered(Geometry geometry, double distanceM) =>
        geometry.Buffer(distanceM, new BufferParameters(8, EndCapStyle.Flat, JoinStyle.Mitre, 2));

    private static Geometry Straightened(Geometry geometry) => TopologyPreservingSimplifier.Simplify(geometry, StraightenM);

    private PlanePoint? Escape(PlanePoint from)
    {
        if (IsFree(from))
            return from;

        var point = Shapes.Factory.CreatePoint(Shapes.Coordinate(from));
        foreach (var edges in new[] { _blockedSoft.Boundary, _boundsSoft?.Boundary })
        {
            if (edges is null || edges.IsEmpty)
                continue;
            var nearest = Shapes.Point(DistanceOp.NearestPoints(edges, point)[0]);
            if (IsFree(nearest))
                return nearest;
        }

        return null;
    }
}
