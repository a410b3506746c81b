using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Flight;

/// <summary>Where a vehicle stands and what it has left: what dispatch knows of each.</summary>
/// <param name="Position">WGS-84.</param>
/// <param name="HeightM">Metres above its home; 0 on the ground.</param>
/// <param name="InAir">Whether it is flying; one on the ground is launched first.</param>
/// <param name="BatteryPercent">What is left, percent of full.</param>
/// <param name="Home">Where it returns to.</param>
/// <param name="EastMps">Ground velocity to the east, metres per second.</param>
/// <param name="NorthMps">Ground velocity to the north, metres per second.</param>
public readonly record struct VehicleStanding(
    GeoPoint Position, double HeightM, bool InAir, double BatteryPercent, GeoPoint Home, double EastMps = 0, double NorthMps = 0);

/// <summary>What is asked of it.</summary>
/// <param name="Scene">Where, WGS-84.</param>
/// <param name="HeightM">How high above the vehicle's home, metres.</param>
/// <param name="StaySeconds">How long it must be able to stay (planning counts 10 minutes of hover).</param>
/// <param name="WithinM">From how far its picture shows the place, metres: the time counts until then, while it still brakes.</param>
public readonly record struct SceneRequest(GeoPoint Scene, double HeightM, double StaySeconds = 600, double WithinM = 0);

/// <summary>When a vehicle would be over a scene and whether it could stay and return.</summary>
/// <param name="P50S">Seconds from the order to being over the scene, typical; infinity when the wind forbids it.</param>
/// <param name="P90S">The same, nine times out of ten: the slow launch and a head-on gust of 30 % of the wind plus 1 m/s.</param>
/// <param name="DistanceM">Length of the way, metres.</param>
/// <param name="BatteryOnScenePercent">What is left on arrival, percent of full.</param>
/// <param name="BatteryAtLandingPercent">What is left after the stay and the way home, percent of full.</param>
/// <param name="LeavesReserve">Whether that is at least the airframe's reserve.</param>
public readonly record struct EtaEstimate(
    double P50S, double P90S, double DistanceM, double BatteryOnScenePercent, double BatteryAtLandingPercent, bool LeavesReserve);

/// <summary>Time and energy to a scene and home again. Pure, no allocation, about a microsecond each: for many vehicles at once.</summary>
public static class Eta
{
    /// <summary>From the order to being over the scene along the straight line: launch (from the ground) or leaving what it flies (from the air:
    /// the order, a stop, and the way back over the metres of the stop), climb first, the run with ramps, then down if the scene is
    /// lower.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="standing">Where the vehicle is.</param>
    /// <param name="request">Where it must be.</param>
    /// <param name="speedMps">The ground speed asked for, metres per second.</param>
    public static EtaEstimate ToScene(AirframeProfile profile, Wind wind, in VehicleStanding standing, in SceneRequest request, double speedMps)
    {
        var leave = Leave(profile, wind, standing);
        var (east, north, distance) = Offset(standing.Position, request.Scene);
        (east, north) = (east - leave.EastM, north - leave.NorthM);
        return Estimate(profile, wind, standing, request, distance, leave,
            Motion.Run(profile, wind, east, north, speedMps), Motion.Run(profile, Gusty(wind, east, north), east, north, speedMps), speedMps);
    }

    /// <summary>The same along a way around what must not be crossed, with a stop at each of its corners.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="standing">Where the vehicle is.</param>
    /// <param name="request">Where it must be.</param>
    /// <param name="speedMps">The ground speed asked for, metres per second.</param>
    /// <param name="way">The points between the vehicle and the scene, neither of them included, for example from
    /// <see cref="Patterns.Transit"/>.</param>
    public static EtaEstimate ToScene(
        AirframeProfile profile, Wind wind, in VehicleStanding standing, in SceneRequest request, double speedMps, ReadOnlySpan<GeoPoint> way)
    {
        FlightCost calm = default, gusty = default;
        var leave = Leave(profile, wind, standing);
        var at = standing.Position;
        for (var i = 0; i <= way.Length; i++)
        {
            var next = i < way.Length ? way[i] : request.Scene;
            var (east, north, _) = Offset(at, next);
            if (i == 0)
                (east, north) = (east - leave.EastM, north - leave.NorthM);
            calm += Motion.Run(profile, wind, east, north, speedMps);
            gusty += Motion.Run(profile, Gusty(wind, east, north), east, north, speedMps);
            at = next;
        }

        return Estimate(profile, wind, standing, request, calm.DistanceM, leave, calm, gusty, speedMps);
    }

    /// <summary>From a place in the air to touchdown at home: climb to the return height if below it, straight line, landing.</summary>
    /// <param name="profile">The airframe.</param>
    /// <param name="wind">The wind.</param>
    /// <param name="from">Where the vehicle is.</param>
    /// <param name="heightM">Its height above home, metres.</param>
    /// <param name="home">Where it lands.</param>
    public static FlightCost Home(AirframeProfile profile, Wind wind, GeoPoint from, double heightM, GeoPoint home)
    {
        var (east, north, _) = Offset(home, from);
        return Home(profile, wind, east, north, heightM);
    }

    /// <summary>Seconds a vehicle can still stay where it is before it must turn home to land with its reserve (the point of no
    /// return); negative when that is past.</summary>
    public static double StayLeftS(AirframeProfile profile, Wind wind, in VehicleStanding standing)
    {
        var home = Home(profile, wind, standing.Position, standing.HeightM, standing.Home);
        var usable = profile.BatteryWh * (standing.BatteryPercent - profile.ReservePercent) / 100;
        return (usable - home.EnergyWh) / profile.HoverW(wind) * 3600;
    }

    internal static FlightCost Home(AirframeProfile profile, Wind wind, double eastOfHomeM, double northOfHomeM, double heightM)
    {
        var top = Math.Max(heightM, profile.ReturnHeightM);
        return Motion.Climb(profile, wind, top - heightM)
            + Motion.Run(profile, wind, -eastOfHomeM, -northOfHomeM, profile.CruiseSpeedMps)
            + Motion.Landing(profile, wind, top);
    }

    private static EtaEstimate Estimate(
        AirframeProfile profile, Wind wind, in VehicleStanding standing, in SceneRequest request, double distance, in Departure leave, FlightCost run, FlightCost gustyRun,
        double speedMps)
    {
        var climb = Motion.Climb(profile, wind, request.HeightM - (standing.InAir ? standing.HeightM : 0));
        var launch = standing.InAir ? profile.RetaskS : profile.LaunchS;
        var launchP90 = standing.InAir ? profile.RetaskP90S : profile.LaunchP90S;
        var toScene = leave.Stop + climb + run;

        // On the ground before lift-off the rotors stand still: the launch costs time, not energy.
        var onScene = standing.BatteryPercent - (toScene.EnergyWh / profile.BatteryWh * 100);
        var after = Motion.Hover(profile, wind, request.StaySeconds) + Home(profile, wind, request.Scene, request.HeightM, standing.Home);
        var atLanding = onScene - (after.EnergyWh / profile.BatteryWh * 100);
        var sooner = Math.Min(run.Seconds, Motion.BrakingSeconds(request.WithinM, speedMps, profile.AccelerationMps2));
        return new(launch + toScene.Seconds - sooner, launchP90 + leave.Stop.Seconds + climb.Seconds + gustyRun.Seconds - sooner, distance, onScene, atLanding,
            atLanding >= profile.ReservePercent);
    }

    // The autopilot begins a new mission from where it can stop: what it still flies of the old one, it flies back.
    private static Departure Leave(AirframeProfile profile, Wind wind, in VehicleStanding standing)
    {
        var speed = Math.Sqrt((standing.EastMps * standing.EastMps) + (standing.NorthMps * standing.NorthMps));
        if (!standing.InAir || speed < 0.1)
            return default;
        var seconds = speed / profile.AccelerationMps2;
        var metres = (profile.RetaskS * speed) + (seconds * speed / 2);
        return new(Motion.Hover(profile, wind, seconds), metres * standing.EastMps / speed, metres * standing.NorthMps / speed);
    }

    private static Wind Gusty(Wind wind, double east, double north)
    {
        var distance = Math.Sqrt((east * east) + (north * north));
        if (distance < 1e-9)
            return wind;
        var gust = 1 + (0.3 * wind.SpeedMps);
        return new(wind.EastMps - (gust * east / distance), wind.NorthMps - (gust * north / distance));
    }

    // Length from the ellipsoid, direction at the middle latitude: at city distances the geodesic's own azimuth differs by less than
    // 0.1 degree, and one Vincenty is all the trigonometry there is.
    private static (double EastM, double NorthM, double DistanceM) Offset(GeoPoint from, GeoPoint to)
    {
        var line = Geodesic.Inverse(from, to);
        var (sin, cos) = Math.SinCos(line.StartAzimuthDeg * (Math.PI / 180));
        return (line.DistanceM * sin, line.DistanceM * cos, line.DistanceM);
    }

    /// <summary>How a vehicle leaves what it flies: the stop, and how far it comes with it.</summary>
    private readonly record struct Departure(FlightCost Stop, double EastM, double NorthM);
}
