using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Flight;

/// <summary>What one leg takes: its straight line and the stay at its end.</summary>
/// <param name="Index">The leg's place in the route, from 0.</param>
/// <param name="StartS">Seconds from lift-off to its start.</param>
/// <param name="Line">The straight line, with its change of height.</param>
/// <param name="Stay">Dwell and circles at its end.</param>
/// <param name="GroundSpeedMps">The ground speed held on the line; less than asked for when the wind does not allow it.</param>
public readonly record struct LegEstimate(int Index, double StartS, FlightCost Line, FlightCost Stay, double GroundSpeedMps)
{
    /// <summary>Seconds from lift-off to its end.</summary>
    public double EndS => StartS + Line.Seconds + Stay.Seconds;
}

/// <summary>What a whole route takes from lift-off to touchdown, leg by leg.</summary>
/// <param name="Takeoff">The vertical climb.</param>
/// <param name="Legs">One for each leg of the route.</param>
/// <param name="WayHome">From the end of the last leg to touchdown: the return, or the landing below the last point, or nothing
/// when the route ends by holding.</param>
public sealed record RouteEstimate(FlightCost Takeoff, IReadOnlyList<LegEstimate> Legs, FlightCost WayHome)
{
    /// <summary>Everything together.</summary>
    public FlightCost Total { get; } = Legs.Aggregate(Takeoff, static (sum, leg) => sum + leg.Line + leg.Stay) + WayHome;

    /// <summary>Estimates a route. Legs are flown with ramps; corners at the speed at which
    /// <see cref="AirframeProfile.LateralMps2"/> keeps within <see cref="AirframeProfile.CornerM"/> of them, a stop wherever
    /// there is a stay; speeds are limited forwards and backwards so that every corner can be braked for. A height change takes
    /// at least its climb or descent time. Heights whose datum cannot be converted count as no change of height
    /// (<see cref="Checks.RouteCheck"/> reports them).</summary>
    /// <param name="route">The route.</param>
    /// <param name="heights">Launch point and ground.</param>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    public static RouteEstimate Of(Route route, HeightFrame heights, AirframeProfile profile, Wind wind)
    {
        var plane = new LocalPlane(heights.Home.Position);
        var count = route.Legs.Count;
        var path = new LegLine[count];
        var launch = plane.ToPlane(heights.Home.Position);
        var height = route.TakeoffHeightM ?? (count > 0 ? heights.AboveHomeM(route.Legs[0].Altitude, route.Legs[0].To) ?? 0 : 0);
        var takeoff = Motion.Climb(profile, wind, Math.Max(0, height));
        var at = launch;
        for (var i = 0; i < count; i++)
        {
            var leg = route.Legs[i];
            var to = plane.ToPlane(leg.To);
            var toHeight = heights.AboveHomeM(leg.Altitude, leg.To) ?? height;
            path[i] = LegLine.Of(profile, wind, at, to, toHeight - height, leg.SpeedMps ?? route.CruiseSpeedMps);
            height = toHeight;
            at = leg.Orbit is { } orbit ? OrbitGeometry.Of(plane, leg, orbit).Exit : to;
        }

        var corners = CornerSpeeds(route, path, profile);
        var legs = new LegEstimate[count];
        var clock = takeoff.Seconds;
        for (var i = 0; i < count; i++)
        {
            var leg = route.Legs[i];
            var line = path[i].Cost(profile, wind, corners[i], corners[i + 1]);
            var stay = Motion.Hover(profile, wind, leg.Dwell.TotalSeconds);
            if (leg.Orbit is { } orbit)
                stay += Motion.Circle(profile, wind, orbit.RadiusM, orbit.Turns, leg.SpeedMps ?? route.CruiseSpeedMps);
            legs[i] = new(i, clock, line, stay, path[i].GroundMps);
            clock = legs[i].EndS;
        }

        var wayHome = route.End switch
        {
            RouteEnd.ReturnToLaunch => Eta.Home(profile, wind, at.EastM, at.NorthM, height),
            RouteEnd.Land => Motion.Landing(profile, wind, height),
            _ => default,
        };
        return new(takeoff, legs, wayHome);
    }

    // corners[i] is the speed at the start of leg i; the last one is the end of the route.
    private static double[] CornerSpeeds(Route route, LegLine[] path, AirframeProfile profile)
    {
        var corners = new double[path.Length + 1];
        for (var i = 1; i < path.Length; i++)
        {
            var before = route.Legs[i - 1];
            var stops = before.Dwell > TimeSpan.Zero || before.Orbit is not null;
            corners[i] = stops ? 0 : CornerSpeed(path[i - 1], path[i], profile);
        }

        for (var i = 0; i < path.Length; i++)
            corners[i + 1] = Math.Min(corners[i + 1], Reach(corners[i], path[i].LengthM, profile));
        for (var i = path.Length - 1; i >= 0; i--)
            corners[i] = Math.Min(corners[i], Reach(corners[i + 1], path[i].LengthM, profile));
        return corners;
    }

    private static double Reach(double from, double distance, AirframeProfile profile) =>
        Math.Sqrt((from * from) + (2 * profile.AccelerationMps2 * distance));

    // The circle that touches both legs and passes the corner at the distance c has the radius c cos(θ/2) / (1 - cos(θ/2)), θ the
    // change of track.
    private static double CornerSpeed(LegLine before, LegLine after, AirframeProfile profile)
    {
        if (before.LengthM < 1e-6 || after.LengthM < 1e-6)
            return 0;
        var cosine = Math.Clamp((before.TrackEast * after.TrackEast) + (before.TrackNorth * after.TrackNorth), -1, 1);
        var half = Math.Sqrt((1 + cosine) / 2);
        var radius = half > 1 - 1e-12 ? double.PositiveInfinity : profile.CornerM * half / (1 - half);
        return Math.Min(Math.Min(before.GroundMps, after.GroundMps), Math.Sqrt(profile.LateralMps2 * radius));
    }

    private readonly record struct LegLine(double LengthM, double TrackEast, double TrackNorth, double UpM, double GroundMps)
    {
        public static LegLine Of(AirframeProfile profile, Wind wind, PlanePoint from, PlanePoint to, double upM, double speedMps)
        {
            var length = from.DistanceTo(to);
            if (length < 1e-6)
                return new(0, 0, 0, upM, 0);

            var (east, north) = ((to.EastM - from.EastM) / length, (to.NorthM - from.NorthM) / length);
            var ground = Motion.GroundSpeedMps(profile, speedMps, wind, east, north);

            // A slanted leg is flown no faster than its height can change.
            var vertical = upM > 0 ? upM / profile.ClimbMps : -upM / profile.DescentMps;
            if (vertical > 0)
                ground = Math.Min(ground, Math.Max(length / vertical, 0.1));
            return new(length, east, north, upM, ground);
        }

        public FlightCost Cost(AirframeProfile profile, Wind wind, double entryMps, double exitMps)
        {
            if (LengthM < 1e-6)
                return Motion.Climb(profile, wind, UpM);

            var run = Motion.Run(profile, wind, TrackEast * LengthM, TrackNorth * LengthM, GroundMps, entryMps, exitMps);
            var climbing = UpM > 0 ? profile.ClimbExtraW(1) * UpM / 3600 : 0;
            return run with { EnergyWh = run.EnergyWh + climbing };
        }
    }
}
