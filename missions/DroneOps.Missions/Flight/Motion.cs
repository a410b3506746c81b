namespace DroneOps.Missions.Flight;

/// <summary>Time and energy of elementary motions: a straight run with ramps, a climb, a hover, a circle. Pure, no allocation.</summary>
public static class Motion
{
    private const double SecondsPerHour = 3600;

    /// <summary>The time of a straight run from rest to rest: a trapezoid of speed, or a triangle when the run is too short to
    /// reach it. t(d) = 2 sqrt(d/a) if d &lt; v²/a, else d/v + v/a.</summary>
    /// <param name="distanceM">d, metres.</param>
    /// <param name="speedMps">v, metres per second.</param>
    /// <param name="accelerationMps2">a, m/s².</param>
    /// <returns>Seconds; infinity when the speed is 0 and there is a way to go.</returns>
    public static double RunSeconds(double distanceM, double speedMps, double accelerationMps2) =>
        RunSeconds(distanceM, speedMps, accelerationMps2, 0, 0);

    /// <summary>The time of a straight run entered and left at given speeds, which must be reachable within the distance.</summary>
    /// <param name="distanceM">Metres.</param>
    /// <param name="speedMps">The speed in its middle, metres per second.</param>
    /// <param name="accelerationMps2">Acceleration and braking, m/s².</param>
    /// <param name="entryMps">Speed at its start, at most <paramref name="speedMps"/>.</param>
    /// <param name="exitMps">Speed at its end, at most <paramref name="speedMps"/>.</param>
    /// <returns>Seconds.</returns>
    public static double RunSeconds(double distanceM, double speedMps, double accelerationMps2, double entryMps, double exitMps)
    {
        if (distanceM <= 0)
            return 0;
        if (speedMps <= 0)
            return double.PositiveInfinity;

        var ramps = ((2 * speedMps * speedMps) - (entryMps * entryMps) - (exitMps * exitMps)) / (2 * accelerationMps2);
        if (distanceM >= ramps)
            return ((distanceM - ramps) / speedMps) + (((2 * speedMps) - entryMps - exitMps) / accelerationMps2);

        var peak = Math.Sqrt((accelerationMps2 * distanceM) + (((entryMps * entryMps) + (exitMps * exitMps)) / 2));
        return ((2 * peak) - entryMps - exitMps) / accelerationMps2;
    }

    /// <summary>The time of the last metres of a run that ends at rest.</summary>
    /// <param name="distanceM">How many metres before the end, metres.</param>
    /// <param name="speedMps">The speed before braking, metres per second.</param>
    /// <param name="accelerationMps2">Braking, m/s².</param>
    /// <returns>Seconds.</returns>
    public static double BrakingSeconds(double distanceM, double speedMps, double accelerationMps2)
    {
        if (distanceM <= 0 || speedMps <= 0)
            return 0;
        var whole = speedMps * speedMps / (2 * accelerationMps2);
        return distanceM <= whole ? Math.Sqrt(2 * distanceM / accelerationMps2) : (speedMps / accelerationMps2) + ((distanceM - whole) / speedMps);
    }

    /// <summary>The ground speed flown on a straight track: the one asked for, or less where the wind does not let the
    /// airframe's highest airspeed reach it.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wantedMps">The ground speed asked for, metres per second.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="trackEast">East part of the track's unit vector.</param>
    /// <param name="trackNorth">North part of the track's unit vector.</param>
    /// <returns>Metres per second; 0 when the track cannot be held.</returns>
    public static double GroundSpeedMps(AirframeProfile profile, double wantedMps, Wind wind, double trackEast, double trackNorth) =>
        Math.Min(wantedMps, wind.GroundSpeedMps(profile.MaxAirspeedMps, trackEast, trackNorth));

    /// <summary>A straight level run with its energy; the ramps are charged by Simpson's rule over the airspeed.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="eastM">East part of the run, metres.</param>
    /// <param name="northM">North part of the run, metres.</param>
    /// <param name="speedMps">The ground speed asked for, metres per second.</param>
    /// <param name="entryMps">Ground speed at its start.</param>
    /// <param name="exitMps">Ground speed at its end.</param>
    public static FlightCost Run(
        AirframeProfile profile, Wind wind, double eastM, double northM, double speedMps, double entryMps = 0, double exitMps = 0)
    {
        var distance = Math.Sqrt((eastM * eastM) + (northM * northM));
        if (distance < 1e-9)
            return default;

        var (trackEast, trackNorth) = (eastM / distance, northM / distance);
        var ground = GroundSpeedMps(profile, speedMps, wind, trackEast, trackNorth);
        if (ground <= 0)
            return new(double.PositiveInfinity, double.PositiveInfinity, distance);

        var entry = Math.Min(entryMps, ground);
        var exit = Math.Min(exitMps, ground);
        var seconds = RunSeconds(distance, ground, profile.AccelerationMps2, entry, exit);
        var ramps = ((2 * ground * ground) - (entry * entry) - (exit * exit)) / (2 * profile.AccelerationMps2);
        var steady = Math.Max(0, distance - ramps) / ground;
        var top = distance >= ramps ? ground : Math.Sqrt((profile.AccelerationMps2 * distance) + (((entry * entry) + (exit * exit)) / 2));
        double Watts(double speed) => profile.Power.WattsAt(wind.AirspeedMps(speed * trackEast, speed * trackNorth)) + profile.AvionicsW;

        var topW = Watts(top);
        var low = (entry + exit) / 2;
        var rampW = (Watts(low) + (4 * Watts((low + top) / 2)) + topW) / 6;
        return new(seconds, ((steady * topW) + ((seconds - steady) * rampW)) / SecondsPerHour, distance);
    }

    /// <summary>A vertical climb or descent.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind it holds its place in.</param>
    /// <param name="upM">Metres up; negative is down.</param>
    public static FlightCost Climb(AirframeProfile profile, Wind wind, double upM)
    {
        var seconds = upM >= 0 ? upM / profile.ClimbMps : -upM / profile.DescentMps;
        var watts = profile.HoverW(wind) + (upM > 0 ? profile.ClimbExtraW(profile.ClimbMps) : 0);
        return new(seconds, seconds * watts / SecondsPerHour, 0);
    }

    /// <summary>Staying in one place.</summary>
    public static FlightCost Hover(AirframeProfile profile, Wind wind, double seconds) =>
        new(seconds, seconds * profile.HoverW(wind) / SecondsPerHour, 0);

    /// <summary>The vertical landing from a height above home: the descent, then its slow last part.</summary>
    public static FlightCost Landing(AirframeProfile profile, Wind wind, double heightM)
    {
        var slow = Math.Clamp(heightM, 0, profile.LandingHeightM);
        var fast = Math.Max(0, heightM - slow);
        return Climb(profile, wind, -fast) + Hover(profile, wind, slow / profile.LandingMps);
    }

    /// <summary>The speed at which a circle can be flown: the one asked for, or the lateral acceleration's sqrt(a r).</summary>
    public static double OrbitSpeedMps(AirframeProfile profile, double wantedMps, double radiusM) =>
        Math.Min(wantedMps, Math.Sqrt(profile.LateralMps2 * Math.Max(0, radiusM)));

    /// <summary>Circles at a steady speed. The wind turns with the circle, so the power is the mean over eight headings.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="radiusM">Radius, metres.</param>
    /// <param name="turns">How many times round.</param>
    /// <param name="speedMps">The ground speed asked for, metres per second.</param>
    public static FlightCost Circle(AirframeProfile profile, Wind wind, double radiusM, double turns, double speedMps)
    {
        var distance = 2 * Math.PI * radiusM * turns;
        if (distance <= 0)
            return default;

        double seconds = 0, joules = 0;
        var wanted = OrbitSpeedMps(profile, speedMps, radiusM);
        for (var i = 0; i < 8; i++)
        {
            var (sin, cos) = Math.SinCos(i * Math.PI / 4);
            var ground = GroundSpeedMps(profile, wanted, wind, sin, cos);
            if (ground <= 0)
                return new(double.PositiveInfinity, double.PositiveInfinity, distance);

            var share = distance / 8 / ground;
            seconds += share;
            joules += share * (profile.Power.WattsAt(wind.AirspeedMps(ground * sin, ground * cos)) + profile.AvionicsW);
        }

        return new(seconds, joules / SecondsPerHour, distance);
    }
}
