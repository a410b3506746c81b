using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary>A route with the place it was checked from, for what, and what the check found.</summary>
internal sealed record CheckedRoute(Route Route, LaunchPoint Home, AirframeProfile Airframe, RouteReport Report)
{
    public double LengthM => Report.Estimate?.Total.DistanceM ?? 0;

    public double DurationS => Report.Estimate?.Total.Seconds ?? 0;

    /// <summary>Of a full battery.</summary>
    public double EnergyPercent => (Report.Estimate?.Total.EnergyWh ?? 0) / Airframe.BatteryWh * 100;
}

/// <summary>Plans and checks routes over what is drawn now.</summary>
internal sealed class RoutePlanner(AirspaceBook airspace, Airframes airframes, TimeProvider time)
{
    /// <summary>What the library's routes are drawn for: the class of the fleet, with the pack it was bought with. Before it is flown a route is checked
    /// for the drone that flies it.</summary>
    public static AirframeProfile Airframe => AirframeProfile.PatrolQuad;

    private PlanningTable Table => new(airspace.Current, airspace.City, time.GetUtcNow());

    /// <summary>Plans a pattern from the nearest dock and checks the route.</summary>
    /// <param name="faults">Gets what is wrong with the request; null is answered then.</param>
    public CheckedRoute? Plan(string name, PatternRequest request, List<Fault> faults) => Table.Plan(name, request, null, PlanningTable.FullBattery, faults);

    /// <summary>Checks a route from the dock nearest to where it begins, with a full battery.</summary>
    public CheckedRoute Check(Route route) => Table.Check(route, null, Airframe, PlanningTable.FullBattery);

    /// <summary>Checks a route for one drone from a launch point. Inside no-record zones cameras are kept off first.</summary>
    /// <param name="vehicleId">Whose pack is to last.</param>
    /// <param name="home">Where it starts and ends.</param>
    /// <param name="batteryPercent">At lift-off, percent of full.</param>
    public CheckedRoute Check(Route route, string vehicleId, LaunchPoint home, double batteryPercent) => Table.Check(route, home, airframes.Of(vehicleId), batteryPercent);
}
