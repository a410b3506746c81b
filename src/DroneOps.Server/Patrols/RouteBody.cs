using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary>A circle at the end of a leg; the centre is longitude, latitude (WGS-84).</summary>
internal sealed record OrbitBody(double[]? Centre, double RadiusM, double Turns, bool Clockwise);

/// <summary>A leg; <c>to</c> is longitude, latitude (WGS-84), the altitude in metres in its datum.</summary>
internal sealed record LegBody(
    double[]? To, double AltitudeM, AltitudeDatum AltitudeDatum, double? SpeedMps, CameraDuty Camera, double? CameraPitchDeg, double DwellS, OrbitBody? Orbit);

/// <summary>A route as it is kept and as the API speaks it: the planner's route with GeoJSON positions.</summary>
internal sealed record RouteBody(IReadOnlyList<LegBody>? Legs, double CruiseSpeedMps, double? TakeoffHeightM, RouteEnd End)
{
    /// <summary>More legs than any pattern makes are a slip.</summary>
    public const int MaxLegs = 5000;

    private const double LongestDwellS = 24 * 3600;

    /// <summary>A planner's route.</summary>
    public static RouteBody Of(Route route) => new([.. route.Legs.Select(Of)], route.CruiseSpeedMps, route.TakeoffHeightM, route.End);

    /// <summary>The planner's route. Only after <see cref="Check"/> found nothing.</summary>
    public Route ToRoute(string name) => new()
    {
        Name = name,
        Legs = [.. Legs!.Select(ToLeg)],
        CruiseSpeedMps = CruiseSpeedMps,
        TakeoffHeightM = TakeoffHeightM,
        End = End,
    };

    /// <summary>What cannot be read; what may not be flown is the route check's matter.</summary>
    public IEnumerable<Fault> Check()
    {
        if (Legs is not { Count: > 0 and <= MaxLegs } legs)
        {
            yield return new Fault("#/route/legs", $"A route has 1 to {MaxLegs} legs.");
            yield break;
        }

        if (!Enum.IsDefined(End))
            yield return new Fault("#/route/end", "end is returnToLaunch, land or hold.");
        for (var i = 0; i < legs.Count; i++)
        {
            if (legs[i]?.To is not { Length: 2 } || legs[i].Orbit is { Centre: not { Length: 2 } })
                yield return new Fault($"#/route/legs/{i}", "A position is [longitude, latitude].");
            else if (legs[i].DwellS is not (>= 0 and <= LongestDwellS))
                yield return new Fault($"#/route/legs/{i}/dwellS", $"dwellS is 0 to {LongestDwellS}.");
        }
    }

    /// <summary>The line that is flown, circles included, from the launch point and back to it: longitude, latitude.</summary>
    public static double[][] Line(Route route, LaunchPoint home)
    {
        var points = new List<double[]> { Position(home.Position) };
        foreach (var leg in route.Legs)
        {
            points.Add(Position(leg.To));
            if (leg.Orbit is not { } orbit)
                continue;
            var entry = Geodesic.Inverse(orbit.Centre, leg.To).StartAzimuthDeg;
            const int Sides = 36;
            for (var side = 1; side <= Sides; side++)
                points.Add(Position(Geodesic.Direct(orbit.Centre, entry + ((orbit.Clockwise ? 360.0 : -360.0) * side / Sides), orbit.RadiusM)));
        }

        if (route.End == RouteEnd.ReturnToLaunch)
            points.Add(Position(home.Position));
        return [.. points];
    }

    private static LegBody Of(RouteLeg leg) => new(
        Position(leg.To), leg.Altitude.Metres, leg.Altitude.Datum, leg.SpeedMps, leg.Camera, leg.CameraPitchDeg, leg.Dwell.TotalSeconds,
        leg.Orbit is { } orbit ? new(Position(orbit.Centre), orbit.RadiusM, orbit.Turns, orbit.Clockwise) : null);

    private static RouteLeg ToLeg(LegBody leg) => new()
    {
        To = Point(leg.To!),
        Altitude = new Altitude(leg.AltitudeM, leg.AltitudeDatum),
        SpeedMps = leg.SpeedMps,
        Camera = leg.Camera,
        CameraPitchDeg = leg.CameraPitchDeg,
        Dwell = TimeSpan.FromSeconds(leg.DwellS),
        Orbit = leg.Orbit is { } orbit ? new(Point(orbit.Centre!), orbit.RadiusM, orbit.Turns, orbit.Clockwise) : null,
    };

    private static double[] Position(GeoPoint point) => [Math.Round(point.LongitudeDeg, 8), Math.Round(point.LatitudeDeg, 8)];

    private static GeoPoint Point(double[] position) => new(position[1], position[0]);
}
