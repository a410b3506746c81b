using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Union;

namespace DroneOps.Missions.Zones;

/// <summary>Keeps cameras off inside no-record zones: cuts the recording legs of a route where they enter and leave such zones.</summary>
public static class NoRecordSplit
{
    private const int CircleSides = 64;

    /// <summary>The same way to fly, with the parts of recording legs inside no-record zones (grown by a margin) turned into legs that must
    /// not record. A stay or circle whose place is inside one does not record either. Heights of zones are not looked at: what a
    /// camera sees does not end at a ceiling.</summary>
    /// <param name="route">The route.</param>
    /// <param name="launch">Where the first leg starts.</param>
    /// <param name="zones">All zones; only no-record ones are looked at.</param>
    /// <param name="marginM">How far outside a zone recording stops, metres.</param>
    public static Route Apply(Route route, LaunchPoint launch, IEnumerable<GeoZone> zones, double marginM)
    {
        var plane = new LocalPlane(launch.Position);
        Geometry[] outlines = [.. zones.Where(static zone => zone.Effect == ZoneEffect.NoRecord)
            .Select(zone => ZoneGeometry.Outline(plane, zone.Shape, CircleSides).Buffer(marginM))];
        if (outlines.Length == 0)
            return route;

        var hidden = UnaryUnionOp.Union(outlines);
        var legs = new List<RouteLeg>();
        var at = plane.ToPlane(launch.Position);
        var altitude = route.Legs.Count > 0 ? route.Legs[0].Altitude : default;
        foreach (var leg in route.Legs)
        {
            if (leg.Camera == CameraDuty.Scene)
                Split(legs, plane, hidden, at, altitude, leg);
            else
                legs.Add(leg);
            altitude = leg.Altitude;
            at = leg.Orbit is { } orbit ? OrbitGeometry.Of(plane, leg, orbit).Exit : plane.ToPlane(leg.To);
        }

        return route with { Legs = legs };
    }

    private static void Split(List<RouteLeg> legs, LocalPlane plane, Geometry hidden, PlanePoint from, Mavlink.Altitude fromAltitude, RouteLeg leg)
    {
        var to = plane.ToPlane(leg.To);
        var length = from.DistanceTo(to);
        var cuts = new List<double>();
        if (length > 0.01 && hidden.Intersects(Shapes.Line(from, to)))
        {
            foreach (var inside in Shapes.Lines(Shapes.Line(from, to).Intersection(hidden)))
            {
                cuts.Add(from.DistanceTo(Shapes.Point(inside.StartPoint.Coordinate)) / length);
                cuts.Add(from.DistanceTo(Shapes.Point(inside.EndPoint.Coordinate)) / length);
            }
        }

        cuts.RemoveAll(share => share * length < 0.01 || (1 - share) * length < 0.01);
        cuts.Sort();
        var before = 0.0;
        foreach (var share in cuts)
        {
            // Two datums cannot be mixed along a line: a leg that changes datum keeps its own height at the cuts.
            var height = fromAltitude.Datum == leg.Altitude.Datum
                ? leg.Altitude with { Metres = fromAltitude.Metres + (share * (leg.Altitude.Metres - fromAltitude.Metres)) }
                : leg.Altitude;
            legs.Add(Duty(leg, IsHidden(hidden, from.Towards(to, (before + share) / 2))) with
            {
                To = plane.ToGeo(from.Towards(to, share)),
                Altitude = height,
                Dwell = TimeSpan.Zero,
                Orbit = null,
            });
            before = share;
        }

        Stay(legs, plane, hidden, leg, lineIsHidden: IsHidden(hidden, from.Towards(to, (before + 1) / 2)));
    }

    // The end of the line and the stay there may differ: a circle may reach into a zone that the line does not.
    private static void Stay(List<RouteLeg> legs, LocalPlane plane, Geometry hidden, RouteLeg leg, bool lineIsHidden)
    {
        var stays = leg.Orbit is not null || leg.Dwell > TimeSpan.Zero;
        var stayIsHidden = leg.Orbit is { } orbit
            ? hidden.Intersects(Shapes.Circle(plane.ToPlane(orbit.Centre), orbit.RadiusM / Math.Cos(Math.PI / CircleSides), CircleSides).ExteriorRing)
            : IsHidden(hidden, plane.ToPlane(leg.To));
        if (!stays || stayIsHidden == lineIsHidden)
        {
            legs.Add(Duty(leg, lineIsHidden));
            return;
        }

        legs.Add(Duty(leg, lineIsHidden) with { Orbit = null, Dwell = TimeSpan.Zero });
        legs.Add(Duty(leg, stayIsHidden));
    }

    private static bool IsHidden(Geometry hidden, PlanePoint at) => hidden.Intersects(Shapes.Factory.CreatePoint(Shapes.Coordinate(at)));

    private static RouteLeg Duty(RouteLeg leg, bool isHidden) => isHidden ? leg with { Camera = CameraDuty.NoRecord, CameraPitchDeg = null } : leg;
}
