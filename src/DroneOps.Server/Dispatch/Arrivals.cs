using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Dispatch;

/// <summary>When a drone that was sent will be there: by the same reckoning that chose it, from where it is now.</summary>
internal sealed class Arrivals(VehicleBoard board, WaysNow ways, FleetWind wind, Airframes airframes, FlightHabits habits)
{
    /// <summary>Seconds until its picture shows the place, as likely longer as shorter; null when that cannot be told.</summary>
    public double? SecondsTo(string vehicleId, GeoPoint scene)
    {
        if (board.Find(vehicleId)?.Snapshot is not { Position: { IsStale: false, Value: var position } } snapshot || ways.Transit.Corners(position.Point, scene) is not { } corners)
            return null;
        var standing = new VehicleStanding(
            position.Point, Math.Max(0, position.AboveHome.Metres), snapshot.InAir == true, snapshot.Battery?.Value.RemainingPercent ?? 100, SceneFlight.HomeOf(snapshot).Position,
            position.Velocity.East, position.Velocity.North);
        var estimate = Eta.ToScene(habits.Of(vehicleId, airframes.Of(vehicleId)), wind.Now.Wind, standing, new SceneRequest(scene, Candidates.SceneHeightM, WithinM: SceneTask.ShownWithinM), Candidates.SpeedMps, corners);
        return double.IsFinite(estimate.P50S) ? estimate.P50S : null;
    }
}
