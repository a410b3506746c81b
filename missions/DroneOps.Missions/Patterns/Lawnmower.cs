using System.Globalization;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;

namespace DroneOps.Missions.Patterns;

/// <summary>Covers an area with parallel passes.</summary>
/// <remarks>
/// <para>The ground (the area without its holes and without keep-out zones and their margin) is cut into equal strips no wider than
/// the swath; each strip gets the straight pass that reaches as far as its ground does, cut where zones stand in the way. Passes side
/// by side form cells that are flown back and forth; cells and the ways to fly them are put into the order that takes the least
/// time, joined by shortest ways around zones. What straight passes cannot reach beside a slanted zone edge is covered by
/// passes along that edge.</para>
/// <para>Without a given angle every direction of the convex hull's edges is tried (the least width, and so the fewest
/// passes of a convex area, is across one of them: rotating calipers), and for other areas also the directions of their own edges; the
/// plan that takes the least time is kept.</para>
/// </remarks>
public static class Lawnmower
{
    private const int MaxPasses = 3000;
    private const int MaxDirections = 10;

    /// <summary>Plans the coverage of an area, or says why it cannot be. Codes: <c>sweep.swath</c> and the other settings,
    /// <c>sweep.tooManyPasses</c> (3000), <c>sweep.nothingToCover</c> (zones leave no ground), <c>sweep.noWay</c> (parts
    /// cannot be reached from each other without breaking a zone).</summary>
    /// <param name="name">The route's name.</param>
    /// <param name="area">The ground.</param>
    /// <param name="settings">How it is to be covered.</param>
    /// <param name="zones">The zones that matter for the flight; only keep-in and keep-out are looked at.</param>
    public static Validated<CoveragePlan> Plan(string name, Area area, SweepSettings settings, IEnumerable<GeoZone> zones)
    {
        var faults = settings.Check();
        if (faults.Count > 0)
            return new(faults);

        var plane = LocalPlane.Around(area.Outer);
        var transit = new Transit(plane, zones, settings.MarginM);
        var drawn = Shapes.Polygon(plane, area.Outer, area.Holes.Select(static hole => (IReadOnlyList<Mavlink.GeoPoint>)hole));
        var ground = transit.FreeGround(drawn);
        if (ground.Area < 1)
            return Validated<CoveragePlan>.Wrong("sweep.nothingToCover", "area", "Zones and their margin leave nothing of the area to cover.");

        var hull = ground.ConvexHull();
        var isConvex = hull.Area - ground.Area < 1e-6 * hull.Area;
        var leastWidth = Directions(hull).Min(angle => SweepStrips.WidthAcross(hull, angle));
        if (SweepStrips.CountFor(leastWidth, settings.SwathM) > MaxPasses)
        {
            return Validated<CoveragePlan>.Wrong("sweep.tooManyPasses", "swathM", string.Create(CultureInfo.InvariantCulture,
                $"A swath of {settings.SwathM} m over {leastWidth:F0} m of ground needs more than {MaxPasses} passes."));
        }

        var best = Best(ground, transit, settings, Candidates(ground, hull, settings, isConvex));
        if (best is not { } found)
            return Validated<CoveragePlan>.Wrong("sweep.noWay", "area", "Parts of the area cannot be reached from each other without breaking a zone.");

        var plan = SweepRoute.Build(name, settings, transit, ground, found);
        return new(plan with { LeastPassCount = isConvex ? SweepStrips.CountFor(leastWidth, settings.SwathM) : null });
    }

    private static SweepRoute.Found? Best(Geometry ground, Transit transit, SweepSettings settings, IEnumerable<double> angles)
    {
        PlanePoint? start = settings.Start is { } from ? transit.Plane.ToPlane(from) : null;
        PlanePoint? end = settings.End is { } to ? transit.Plane.ToPlane(to) : null;
        SweepRoute.Found? best = null;
        foreach (var angle in angles)
        {
            // Short gaps cost less to fly over than to turn at; whether long ones do is found by trying.
            foreach (var jump in new[] { 2 * settings.SwathM, double.PositiveInfinity })
            {
                var strips = SweepStrips.Cut(ground, transit, angle, settings.SwathM, jump);
                if (strips.Cells.Count == 0)
                    continue;
                var order = new SweepOrder(transit, settings.SpeedMps, settings.AccelerationMps2);
                var cells = SweepRoute.WithEdges(ground, transit, strips.Cells, settings.SwathM);
                var (passes, seconds) = order.Best(cells, start, end);
                if (double.IsFinite(seconds) && (best is null || seconds < best.Value.Seconds))
                    best = new(strips.Count, angle, passes, seconds);
                if (ground is Polygon { NumInteriorRings: 0 } && strips.Cells.Count == 1)
                    break;
            }
        }

        return best;
    }

    private static IEnumerable<double> Candidates(Geometry ground, Geometry hull, SweepSettings settings, bool isConvex)
    {
        if (settings.AngleDeg is { } given)
            return [Half(given)];

        var ranked = Directions(hull).Select(angle => (Angle: angle, Width: SweepStrips.WidthAcross(hull, angle)))
            .OrderBy(static candidate => candidate.Width).ToList();

        // For convex ground more passes never pay: only directions that need the fewest are tried.
        var fewest = SweepStrips.CountFor(ranked[0].Width, settings.SwathM);
        if (isConvex)
            return ranked.TakeWhile(candidate => SweepStrips.CountFor(candidate.Width, settings.SwathM) == fewest).Take(3).Select(static candidate => candidate.Angle);

        var own = Shapes.Polygons(ground).SelectMany(LongEdges).OrderByDescending(static edge => edge.Length).Select(static edge => edge.Angle);
        return ranked.Select(static candidate => candidate.Angle).Take(MaxDirections / 2).Concat(own).DistinctBy(static angle => Math.Round(angle, 1)).Take(MaxDirections);
    }

    private static IEnumerable<double> Directions(Geometry hull) => hull is Polygon polygon
        ? LongEdges(polygon).Select(static edge => edge.Angle).Distinct()
        : [0];

    private static IEnumerable<(double Angle, double Length)> LongEdges(Polygon polygon)
    {
        foreach (var ring in polygon.InteriorRings.Append(polygon.ExteriorRing))
        {
            var points = ring.Coordinates;
            for (var i = 1; i < points.Length; i++)
                yield return (Half(Shapes.Point(points[i - 1]).BearingTo(Shapes.Point(points[i]))), points[i - 1].Distance(points[i]));
        }
    }

    // A pass has no direction: 0..180.
    private static double Half(double angleDeg) => ((angleDeg % 180) + 180) % 180;
}
