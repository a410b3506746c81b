using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.Options;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>What there was to choose from at one instant.</summary>
/// <param name="P50S">What the chosen drone was predicted to need, typically, seconds.</param>
/// <param name="P90S">The same, nine times of ten.</param>
/// <param name="BestP90S">The least that any drone that could be sent was predicted to need, nine times of ten.</param>
/// <param name="Flying">Whether the chosen one was in the air.</param>
/// <param name="VehicleId">The chosen one.</param>
/// <param name="BetterId">The drone that would have been there first; null when it was the chosen one.</param>
/// <param name="Better">What that one was at.</param>
internal sealed record Outlook(double P50S, double P90S, double BestP90S, bool Flying, string VehicleId, string? BetterId, string Better)
{
    /// <summary>How much later than the best the chosen one was predicted, seconds.</summary>
    public double RegretS => P90S - BestP90S;

    /// <summary>The choice as it stood before a drone was taken: worked out drone by drone, without the ranking that is judged.</summary>
    public static Outlook At(FlightRig rig, string vehicleId, Assignment assignment)
    {
        var scene = rig.Get<IncidentBook>().FindAsync(Guid.Parse(assignment.Id), CancellationToken.None).GetAwaiter().GetResult()!.Scene;
        var transit = rig.Get<WaysNow>().Transit;
        var chosen = Estimate(rig, rig.Board.Find(vehicleId)!, scene, transit)!.Value;
        var (best, betterId, better) = (chosen.P90S, (string?)null, "");
        foreach (var vehicle in rig.Board.All.Where(vehicle => vehicle.Id != vehicleId && CouldGo(vehicle, assignment.Priority) && IsInReach(rig, vehicle, scene)))
        {
            if (Estimate(rig, vehicle, scene, transit) is not { LeavesReserve: true } other || other.P90S >= best)
                continue;
            (best, betterId) = (other.P90S, vehicle.Id);
            var task = vehicle.Assignment is { } held ? $"{held.Kind} {held.Id} of priority {held.Priority}" : "nothing";
            better = $"vehicle {vehicle.Id}, {(vehicle.Snapshot.InAir == true ? "flying" : "docked")}, {vehicle.Snapshot.Battery?.Value.RemainingPercent:0} %, busy with {task}";
        }

        return new(chosen.P50S, chosen.P90S, best, rig.Board.Find(vehicleId)!.Snapshot.InAir == true, vehicleId, betterId, better);
    }

    /// <summary>The least any drone would typically need if all of them were free now: from where it flies, or from its home.</summary>
    public static double BestOfAllS(FlightRig rig, GeoPoint scene)
    {
        var transit = rig.Get<WaysNow>().Transit;
        var best = double.PositiveInfinity;
        foreach (var vehicle in rig.Board.All)
        {
            if (vehicle.Snapshot is { InAir: true } && Estimate(rig, vehicle, scene, transit) is { } flying)
                best = Math.Min(best, flying.P50S);
            if (vehicle.Snapshot.Home is { } home && Estimate(rig, new VehicleStanding(home.Value.Point, 0, false, 100, home.Value.Point), vehicle.Id, scene, transit) is { } docked)
                best = Math.Min(best, docked.P50S);
        }

        return best;
    }

    private static bool CouldGo(FleetVehicle vehicle, int priority) =>
        vehicle is { IsGrounded: false, Control: null } && !(vehicle.Assignment is { } task && task.Priority >= priority)
        && vehicle.Snapshot is { Link: Vehicles.VehicleLinkState.Up, Position.IsStale: false } && (vehicle.Snapshot.InAir == true || vehicle.Snapshot.Readiness.IsReady);

    // A drone on patrol far from home may be near a place from which its link would be lost.
    private static bool IsInReach(FlightRig rig, FleetVehicle vehicle, GeoPoint scene) =>
        vehicle.Snapshot.Home is not { } home || Geodesic.DistanceM(home.Value.Point, scene) <= rig.Get<IOptions<DispatchOptions>>().Value.LinkRangeM;

    private static EtaEstimate? Estimate(FlightRig rig, FleetVehicle vehicle, GeoPoint scene, Transit transit)
    {
        if (vehicle.Snapshot is not { Position.Value: var at, Battery.Value.RemainingPercent: { } percent })
            return null;
        return Estimate(
            rig,
            new VehicleStanding(at.Point, Math.Max(0, at.AboveHome.Metres), vehicle.Snapshot.InAir == true, percent, vehicle.Snapshot.Home?.Value.Point ?? at.Point, at.Velocity.East, at.Velocity.North),
            vehicle.Id,
            scene,
            transit);
    }

    private static EtaEstimate? Estimate(FlightRig rig, in VehicleStanding standing, string vehicleId, GeoPoint scene, Transit transit)
    {
        if (transit.Corners(standing.Position, scene) is not { } corners)
            return null;
        var profile = rig.Get<FlightHabits>().Of(vehicleId, rig.Get<Airframes>().Of(vehicleId));
        return Eta.ToScene(profile, rig.Get<FleetWind>().Now.Wind, standing, new SceneRequest(scene, Candidates.SceneHeightM, WithinM: SceneTask.ShownWithinM), Candidates.SpeedMps, corners);
    }
}
