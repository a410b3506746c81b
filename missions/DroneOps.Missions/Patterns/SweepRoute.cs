using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;
using NetTopologySuite.Operation.Linemerge;
using NetTopologySuite.Operation.Union;

namespace DroneOps.Missions.Patterns;

/// <summary>Turns ordered passes into a route and measures it.</summary>
internal static class SweepRoute
{
    // Ground left over by straight passes that is worth flying along an edge for.
    private const double WorthwhileShare = 0.0002;

    internal readonly record struct Found(int Count, double AngleDeg, List<PlanePoint[]> Passes, double Seconds);

    /// <summary>The cells and, where straight passes leave ground uncovered beside zones, passes along those zones' edges.</summary>
    public static IReadOnlyList<SweepCell> WithEdges(Geometry ground, Transit transit, IReadOnlyList<SweepCell> cells, double swathM)
    {
        if (transit.IsOpen)
            return cells;

        var left = ground.Difference(Swaths(cells.SelectMany(static cell => cell.Passes), swathM));
        if (left.Area < WorthwhileShare * ground.Area)
            return cells;

        Geometry[] pieces = [.. Shapes.Polygons(left).Where(piece => piece.Area > 1e-3 * swathM * swathM).Select(piece => piece.Buffer(swathM / 2))];
        if (pieces.Length == 0)
            return cells;

        var merger = new LineMerger();
        foreach (var line in Shapes.Lines(transit.Edges().Intersection(UnaryUnionOp.Union(pieces))))
            merger.Add(line);
        var along = merger.GetMergedLineStrings().OfType<LineString>().Where(static line => line.Length >= 0.5)
            .Select(static line => new SweepCell([[.. line.Coordinates.Select(Shapes.Point)]]));
        return [.. cells, .. along];
    }

    /// <summary>Builds the route and its figures.</summary>
    public static CoveragePlan Build(string name, SweepSettings settings, Transit transit, Geometry ground, Found found)
    {
        var legs = new List<RouteLeg>();
        double length = 0, passLength = 0;
        PlanePoint? at = null;
        foreach (var pass in found.Passes)
        {
            if (at is { } from)
                length += Join(legs, settings, transit, from, pass[0]);
            else if (settings.Start is { } start)
                Join(legs, settings, transit, transit.Plane.ToPlane(start), pass[0]);
            if (legs.Count == 0)
                legs.Add(Leg(settings, transit, pass[0], CameraDuty.Transit));

            for (var i = 1; i < pass.Length; i++)
            {
                legs.Add(Leg(settings, transit, pass[i], CameraDuty.Scene));
                passLength += pass[i - 1].DistanceTo(pass[i]);
            }

            at = pass[^1];
        }

        // The way to the end is flown up to where the rest is straight and free: from there the vehicle's own return takes over.
        if (settings.End is { } end && transit.Way(at!.Value, transit.Plane.ToPlane(end)) is { Count: > 2 } wayHome)
            legs.AddRange(wayHome.Skip(1).SkipLast(1).Select(corner => Leg(settings, transit, corner, CameraDuty.Transit)));

        var covered = Swaths(found.Passes, settings.SwathM).Intersection(ground).Area;
        return new()
        {
            Route = new() { Name = name, Legs = legs, CruiseSpeedMps = settings.SpeedMps },
            PassCount = found.Count,
            AngleDeg = found.AngleDeg,
            CoveredFraction = Math.Min(1, covered / ground.Area),
            GroundM2 = ground.Area,
            LengthM = length + passLength,
            PassLengthM = passLength,
            Seconds = found.Seconds,
        };
    }

    internal static Geometry Swaths(IEnumerable<PlanePoint[]> passes, double swathM)
    {
        // A whole circle of cover at corners of a pass along an edge, a straight cut at its ends: what a line sensor sweeps.
        var parameters = new BufferParameters(8, EndCapStyle.Flat, JoinStyle.Round, 5);
        return UnaryUnionOp.Union([.. passes.Select(pass => Shapes.Line(pass).Buffer((swathM / 2) + 1e-6, parameters))]);
    }

    internal static double Join(List<RouteLeg> legs, SweepSettings settings, Transit transit, PlanePoint from, PlanePoint to)
    {
        if (from.DistanceTo(to) < 0.01)
            return 0;

        var way = transit.Way(from, to) ?? throw new InvalidOperationException("The order was made of joins that have ways.");
        double length = 0;
        for (var i = 1; i < way.Count; i++)
        {
            legs.Add(Leg(settings, transit, way[i], CameraDuty.Transit));
            length += way[i - 1].DistanceTo(way[i]);
        }

        return length;
    }

    internal static RouteLeg Leg(SweepSettings settings, Transit transit, PlanePoint to, CameraDuty camera) => new()
    {
        To = transit.Plane.ToGeo(to),
        Altitude = settings.Altitude,
        Camera = camera,
        CameraPitchDeg = camera == CameraDuty.Scene ? settings.CameraPitchDeg : null,
    };
}
