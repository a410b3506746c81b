using System.Globalization;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Buffer;

namespace DroneOps.Missions.Patterns;

/// <summary>Covers a corridor with passes along it.</summary>
/// <remarks>n = ceil(width / swath) lines run beside the centreline at (i + ½)·width/n from one edge, flown there and back. Bends are
/// rounded on their outer side and cut short on their inner side, so a line never crosses itself. Zones cut the lines; the pieces are
/// joined by shortest ways in the order that takes the least time.</remarks>
public static class CorridorPasses
{
    private const int MaxPasses = 200;

    /// <summary>Plans the coverage of a corridor, or says why it cannot be. The codes are those of <see cref="Lawnmower.Plan"/>;
    /// at most 200 passes. The settings' angle is not used.</summary>
    /// <param name="name">The route's name.</param>
    /// <param name="corridor">The strip of ground.</param>
    /// <param name="settings">How it is to be covered.</param>
    /// <param name="zones">The zones that matter for the flight; only keep-in and keep-out are looked at.</param>
    public static Validated<CoveragePlan> Plan(string name, Corridor corridor, SweepSettings settings, IEnumerable<GeoZone> zones)
    {
        var faults = settings.Check();
        if (faults.Count > 0)
            return new(faults);

        var count = SweepStrips.CountFor(corridor.WidthM, settings.SwathM);
        if (count > MaxPasses)
        {
            return Validated<CoveragePlan>.Wrong("sweep.tooManyPasses", "swathM", string.Create(CultureInfo.InvariantCulture,
                $"A swath of {settings.SwathM} m over a corridor of {corridor.WidthM} m needs {count} passes; at most {MaxPasses} are planned."));
        }

        var plane = LocalPlane.Around(corridor.Centreline);
        var transit = new Transit(plane, zones, settings.MarginM);
        var centre = Shapes.Line([.. corridor.Centreline.Select(plane.ToPlane)]);
        var ground = transit.FreeGround(centre.Buffer(corridor.WidthM / 2, new BufferParameters(8, EndCapStyle.Flat, JoinStyle.Round, 5)));
        if (ground.Area < 1)
            return Validated<CoveragePlan>.Wrong("sweep.nothingToCover", "corridor", "Zones and their margin leave nothing of the corridor to cover.");

        var cells = Cells(centre, corridor.WidthM, count, transit);
        var order = new SweepOrder(transit, settings.SpeedMps, settings.AccelerationMps2);
        PlanePoint? start = settings.Start is { } from ? plane.ToPlane(from) : null;
        PlanePoint? end = settings.End is { } to ? plane.ToPlane(to) : null;
        var all = SweepRoute.WithEdges(ground, transit, cells, corridor.WidthM / count);
        if (all.Count == 0)
            return Validated<CoveragePlan>.Wrong("sweep.nothingToCover", "corridor", "Zones and their margin leave nothing of the corridor to cover.");
        var (passes, seconds) = order.Best(all, start, end);
        if (!double.IsFinite(seconds))
            return Validated<CoveragePlan>.Wrong("sweep.noWay", "corridor", "Parts of the corridor cannot be reached from each other without breaking a zone.");

        var angle = plane.ToPlane(corridor.Centreline[0]).BearingTo(plane.ToPlane(corridor.Centreline[^1])) % 180;
        return new(SweepRoute.Build(name, settings with { SwathM = corridor.WidthM / count }, transit, ground, new(count, angle, passes, seconds)));
    }

    // Lines that zones leave whole are one cell, flown there and back; cut ones are cells of their own.
    private static List<SweepCell> Cells(LineString centre, double width, int count, Transit transit)
    {
        var whole = new List<PlanePoint[]>();
        var cells = new List<SweepCell>();
        for (var i = 0; i < count; i++)
        {
            var line = Beside(centre, ((i + 0.5) * width / count) - (width / 2));
            LineString[] free = [.. Shapes.Lines(transit.FreePart(line)).Where(static piece => piece.Length >= 0.5)];
            if (free.Length == 1)
                whole.Add(Points(free[0], line));
            else
                cells.AddRange(free.Select(piece => new SweepCell([Points(piece, line)])));
        }

        if (whole.Count > 0)
            cells.Insert(0, new(whole));
        return cells;
    }

    private static LineString Beside(LineString centre, double offset)
    {
        if (Math.Abs(offset) < 1e-9)
            return centre;
        var beside = new OffsetCurve(centre, offset, new BufferParameters(4, EndCapStyle.Flat, JoinStyle.Round, 2)).GetCurve();
        var longest = Shapes.Lines(beside).MaxBy(static line => line.Length) ?? centre;

        // The offset may come back in either direction; passes all run the way the centreline does.
        var forward = longest.StartPoint.Distance(centre.StartPoint) + longest.EndPoint.Distance(centre.EndPoint);
        var backward = longest.EndPoint.Distance(centre.StartPoint) + longest.StartPoint.Distance(centre.EndPoint);
        return forward <= backward ? longest : (LineString)longest.Reverse();
    }

    private static PlanePoint[] Points(LineString piece, LineString line)
    {
        var indexed = new NetTopologySuite.LinearReferencing.LengthIndexedLine(line);
        var isBackward = indexed.Project(piece.StartPoint.Coordinate) > indexed.Project(piece.EndPoint.Coordinate);
        var points = piece.Coordinates.Select(Shapes.Point);
        return isBackward ? [.. points.Reverse()] : [.. points];
    }
}
