using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Items;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Dispatch;

/// <summary>Flies drones to scenes. What they fly is a mission that ends at home: a drone that loses its link there still comes home.</summary>
internal sealed class SceneFlight(AirspaceBook airspace, WaysNow ways, VehicleBoard board, FleetCommands commands, Airframes airframes, ReturnWind wind, TimeProvider time)
{
    /// <summary>Where a drone would stand at a scene, apart from the others there; null when there is no room.</summary>
    /// <param name="others">The drones of the incident.</param>
    public SceneTask? StandFor(string vehicleId, GeoPoint scene, IEnumerable<IncidentDrone> others)
    {
        if (board.Find(vehicleId)?.Snapshot is not { Position: { Value: var position } } snapshot)
            return null;
        var present = others.Where(drone => drone.State != DroneState.Gone && drone.VehicleId != vehicleId).ToList();
        return SceneStand.Choose(
            scene, HomeOf(snapshot).AmslM, position.Point,
            [.. present.Where(drone => board.Find(drone.VehicleId)?.Snapshot.Position is not null).Select(drone => HomeOf(board.Find(drone.VehicleId)!.Snapshot).AmslM + drone.Task.HeightM)],
            [.. present.Where(drone => drone.IsWorking).Select(drone => drone.Task.BearingDeg).OfType<double>()],
            ways.Transit);
    }

    /// <summary>How long the mission of a drone has it stay at its stand.</summary>
    public TimeSpan StayOf(string vehicleId, GeoPoint scene, SceneTask stand) =>
        board.Find(vehicleId)?.Snapshot is { Position.Value: var position, Battery.Value.RemainingPercent: { } charge } snapshot
            ? Relief.Reckon(
                airframes.Of(vehicleId),
                new VehicleStanding(position.Point, Math.Max(0, position.AboveHome.Metres), snapshot.InAir == true, charge, HomeOf(snapshot).Position, position.Velocity.East, position.Velocity.North),
                stand.StandAt(scene), stand.HeightM, wind.AgainstMps(snapshot)).Mission
            : default;

    /// <summary>Up, around the zones, to its stand, and home when the stay is over.</summary>
    public async Task<FlyResult> FlyThereAsync(string vehicleId, GeoPoint scene, SceneTask stand, TimeSpan stay, Assignment assignment, CancellationToken cancellation)
    {
        if (board.Find(vehicleId)?.Snapshot is not { Position: { Value: var position } } snapshot)
            return new FlyResult.Stopped("plan", "Its position is not known.");
        var point = stand.StandAt(scene);
        if (ways.Transit.Corners(position.Point, point) is not { } corners)
            return new FlyResult.Stopped("plan", "No way leads around the no-fly zones.");
        var height = Altitude.Relative(stand.HeightM);
        var legs = corners.Select(corner => new RouteLeg { To = corner, Altitude = height, Camera = CameraDuty.Transit })
            .Append(new RouteLeg { To = point, Altitude = height, Camera = CameraDuty.Scene, LookAt = stand is { CameraOnPlace: true, RadiusM: > 0 } ? scene : null, Dwell = stay });
        return await FlyAsync(vehicleId, snapshot, new Route { Name = assignment.Label, Legs = [.. legs], CruiseSpeedMps = Candidates.SpeedMps, TakeoffHeightM = stand.HeightM, End = RouteEnd.ReturnToLaunch }, Commander.For(assignment), cancellation);
    }

    /// <summary>Flies a route from where the vehicle is, once. Inside no-record zones the camera is kept off.</summary>
    public async Task<FlyResult> FlyAsync(string vehicleId, VehicleSnapshot snapshot, Route route, Commander commander, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var from = snapshot.Position is { Value: var position } ? new LaunchPoint(position.Point, HomeOf(snapshot).AmslM) : HomeOf(snapshot);
        var discreet = NoRecordSplit.Apply(route, from, airspace.Current.ZonesDuring(now, now + Relief.LongestStay), WaysNow.MarginM);
        var compiled = MissionCompiler.Compile(discreet, new CompileSettings { Heights = HeightFrame.Flat(HomeOf(snapshot)), Dialect = DialectOf(snapshot) });
        return compiled.TryGet(out var mission)
            ? await commands.FlyAsync(vehicleId, [.. mission.Items.Select((item, index) => item.ToWire(snapshot.Key.SystemId, 1, (ushort)index, Mavlink.Messages.MavMissionType.Mission))], commander, cancellation)
            : new FlyResult.Stopped("plan", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
    }

    /// <summary>Where a vehicle that has a position was launched from.</summary>
    public static LaunchPoint HomeOf(VehicleSnapshot snapshot) => snapshot switch
    {
        { Home.Value: var home } => new(home.Point, home.Amsl.Metres),
        { Position.Value: var position } => new(position.Point, position.Amsl.Metres - position.AboveHome.Metres),
        _ => default,
    };

    private static MissionDialect DialectOf(VehicleSnapshot snapshot) =>
        snapshot.Identity?.Autopilot == Mavlink.Messages.MavAutopilot.Px4 ? MissionDialect.Px4 : MissionDialect.ArduPilotCopter;
}
