using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace DroneOps.Missions.Items;

/// <summary>Zones as fence items.</summary>
/// <param name="Items">The items in order; number 0 is the first (a fence has no home).</param>
/// <param name="Notes">What the aircraft's fence cannot express, with the zone's id as the place. Codes: <c>fence.heights</c> (floor or
/// ceiling given up: the zone is fenced at every height), <c>fence.times</c> (the zone is fenced at all times),
/// <c>fence.holes</c> (a hole in a keep-out zone is closed), <c>fence.apart</c> (keep-in zones that do not touch: only the
/// one at the launch point is fenced), <c>fence.tooManyPoints</c> (left out: more than 255 points).</param>
public sealed record CompiledFence(IReadOnlyList<PlanItem> Items, IReadOnlyList<InputFault> Notes);

/// <summary>Compiles keep-in and keep-out zones to fence items for both autopilots. Pure.</summary>
/// <remarks>Both autopilots want the aircraft inside every inclusion at once, while our keep-in zones are alternatives; so they are
/// joined into one outline. A fence knows neither heights nor times: each zone is fenced whole, the careful side, except that
/// keep-out zones whose floor lies above <c>highestM</c> are left out.</remarks>
public static class FenceCompiler
{
    private const int MaxPoints = 255;

    /// <summary>Compiles the zones.</summary>
    /// <param name="zones">All zones; only keep-in and keep-out are looked at.</param>
    /// <param name="heights">The launch point; it decides which of several separate keep-in areas is fenced.</param>
    /// <param name="highestM">The greatest height that will be flown, the way home included, metres above home.</param>
    public static CompiledFence Compile(IEnumerable<GeoZone> zones, HeightFrame heights, double highestM)
    {
        var items = new List<PlanItem>();
        var notes = new List<InputFault>();
        GeoZone[] all = [.. zones];
        KeepIn([.. all.Where(static zone => zone.Effect == ZoneEffect.KeepIn)], heights, items, notes);
        foreach (var zone in all.Where(static zone => zone.Effect == ZoneEffect.KeepOut))
        {
            if (zone.Floor is { } floor && heights.AboveHomeM(floor, heights.Home.Position) > highestM)
                continue;
            NoteLosses(zone, notes);
            if (zone.Shape is CircleShape circle)
            {
                items.Add(PlanItem.At(MavCmd.NavFenceCircleExclusion, MavFrame.Global, circle.Centre, 0) with { Param1 = (float)circle.RadiusM });
            }
            else if (zone.Shape is PolygonShape polygon)
            {
                if (!polygon.Holes.IsEmpty)
                    notes.Add(new("fence.holes", zone.Id, "A hole in a keep-out zone is closed in the aircraft's fence."));
                Polygon(MavCmd.NavFencePolygonVertexExclusion, polygon.Outer, zone.Id, items, notes);
            }
        }

        return new(items, notes);
    }

    private static void KeepIn(GeoZone[] zones, HeightFrame heights, List<PlanItem> items, List<InputFault> notes)
    {
        if (zones.Length == 0)
            return;
        foreach (var zone in zones)
            NoteLosses(zone, notes);
        if (zones is [{ Shape: CircleShape circle }])
        {
            items.Add(PlanItem.At(MavCmd.NavFenceCircleInclusion, MavFrame.Global, circle.Centre, 0) with { Param1 = (float)circle.RadiusM });
            return;
        }

        var plane = new LocalPlane(heights.Home.Position);
        var joined = UnaryUnionOp.Union([.. zones.Select(zone => (Geometry)ZoneGeometry.InnerOutline(plane, zone.Shape, 64))]);
        Polygon[] parts = [.. Shapes.Polygons(joined)];
        var home = Shapes.Factory.CreatePoint(new Coordinate(0, 0));
        var part = parts.MinBy(candidate => candidate.Distance(home))!;
        if (parts.Length > 1)
            notes.Add(new("fence.apart", zones[0].Id, string.Create(CultureInfo.InvariantCulture, $"The keep-in zones form {parts.Length} separate areas; only the one at the launch point is fenced.")));

        Polygon(MavCmd.NavFencePolygonVertexInclusion, Points(plane, part.ExteriorRing), zones[0].Id, items, notes);
        foreach (var hole in part.InteriorRings)
            Polygon(MavCmd.NavFencePolygonVertexExclusion, Points(plane, hole), zones[0].Id, items, notes);
    }

    private static GeoPoint[] Points(LocalPlane plane, LineString ring) =>
        [.. ring.Coordinates.SkipLast(1).Select(at => plane.ToGeo(Shapes.Point(at)))];

    private static void Polygon(MavCmd command, IReadOnlyList<GeoPoint> ring, string zone, List<PlanItem> items, List<InputFault> notes)
    {
        if (ring.Count > MaxPoints)
        {
            notes.Add(new("fence.tooManyPoints", zone, $"The outline has {ring.Count} points; a fence polygon has at most {MaxPoints}. It is left out."));
            return;
        }

        foreach (var point in ring)
            items.Add(PlanItem.At(command, MavFrame.Global, point, 0) with { Param1 = ring.Count });
    }

    private static void NoteLosses(GeoZone zone, List<InputFault> notes)
    {
        if (zone.Floor is not null || zone.Ceiling is not null)
            notes.Add(new("fence.heights", zone.Id, "The aircraft's fence knows no floor or ceiling for a zone: it is fenced at every height."));
        if (!zone.Windows.IsDefaultOrEmpty)
            notes.Add(new("fence.times", zone.Id, "The aircraft's fence knows no times: the zone is fenced at all times."));
    }
}
