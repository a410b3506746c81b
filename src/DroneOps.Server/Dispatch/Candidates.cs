using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;

namespace DroneOps.Server.Dispatch;

/// <summary>A drone that was considered: with its place in the ranking, or with the reason why it is not offered.</summary>
/// <param name="VehicleId">The drone.</param>
/// <param name="Name">Its call sign.</param>
/// <param name="Rank">1 is the best; null when it is not offered.</param>
/// <param name="EtaS">Seconds from the order to the scene, as likely longer as shorter.</param>
/// <param name="EtaP90S">The same, kept nine times of ten.</param>
/// <param name="BatteryOnScenePercent">Charge on arrival.</param>
/// <param name="Abandons">What it would leave for this, or null.</param>
/// <param name="Excluded">Why it is not offered, or null.</param>
internal sealed record Candidate(string VehicleId, string Name, int? Rank, double? EtaS, double? EtaP90S, double? BatteryOnScenePercent, string? Abandons, string? Excluded)
{
    /// <summary>The same in tenths, for people and records. Drones are compared by the unrounded times: rounded first, the later of two could be sent.</summary>
    public Candidate InTenths() => this with { EtaS = Tenths(EtaS), EtaP90S = Tenths(EtaP90S), BatteryOnScenePercent = Tenths(BatteryOnScenePercent) };

    private static double? Tenths(double? value) => value is { } exact ? Math.Round(exact, 1) : null;
}

/// <summary>What flights are counted with.</summary>
/// <param name="Wind">The wind over the city.</param>
/// <param name="ProfileOf">What a vehicle can do, by its id.</param>
/// <param name="LinkRangeM">How far from its home a drone keeps its link, metres.</param>
internal sealed record FlightConditions(Wind Wind, Func<string, AirframeProfile> ProfileOf, double LinkRangeM);

/// <summary>Who is sent. Pure: the vehicles, the zones and the wind in, a ranking that explains itself out.</summary>
internal static class Candidates
{
    /// <summary>How high a drone stands over a scene unless asked otherwise, metres above home.</summary>
    public const double SceneHeightM = 60;

    /// <summary>The cruise speed of a dispatch, metres per second.</summary>
    public const double SpeedMps = 15;

    /// <summary>The most urgent priority of an incident: a life may hang on the seconds, and nothing is weighed against them.</summary>
    public const int MostUrgent = 1;

    private const double ToleranceS = 15;
    private const double ToleranceShare = 0.1;

    /// <summary>Ranks the fleet for a scene: least time at nine of ten first. For all but the most urgent, a drone that leaves nothing is
    /// preferred to one that would leave a patrol and be there hardly sooner: by less than 15 s or a tenth.</summary>
    /// <param name="transit">The ways around the zones that hold now.</param>
    /// <param name="urgency">The incident's priority, 1 the most urgent.</param>
    /// <param name="priority">The priority the assignment would have; higher takes from lower.</param>
    public static IReadOnlyList<Candidate> Rank(GeoPoint scene, int urgency, int priority, IEnumerable<FleetVehicle> fleet, Transit transit, FlightConditions conditions)
    {
        var considered = fleet.Select(vehicle => Consider(vehicle, scene, priority, transit, conditions)).ToList();
        var offered = considered.Where(candidate => candidate.Excluded is null).OrderBy(candidate => CostS(candidate, urgency)).ThenBy(candidate => candidate.VehicleId, StringComparer.Ordinal)
            .Select((candidate, index) => candidate with { Rank = index + 1 });
        return [.. offered, .. considered.Where(candidate => candidate.Excluded is not null).OrderBy(candidate => candidate.VehicleId, StringComparer.Ordinal)];
    }

    /// <summary>What sending a drone costs, in seconds: its time at nine of ten, and for a patrol that it would leave what the incident's urgency
    /// allows to weigh; infinity for one that is not offered.</summary>
    public static double CostS(Candidate candidate, int urgency) => candidate switch
    {
        { Excluded: not null } or { EtaP90S: null } => double.PositiveInfinity,
        { EtaP90S: { } eta, Abandons: not null } when urgency > MostUrgent => eta + Math.Max(ToleranceS, ToleranceShare * eta),
        { EtaP90S: { } eta } => eta,
    };

    private static Candidate Consider(FleetVehicle vehicle, GeoPoint scene, int priority, Transit transit, FlightConditions conditions)
    {
        var snapshot = vehicle.Snapshot;
        if (Unfit(vehicle, scene, priority, transit) is { } reason)
            return new(vehicle.Id, vehicle.Name, null, null, null, null, null, reason);
        var position = snapshot.Position!.Value.Value;
        var home = snapshot.Home?.Value.Point ?? position.Point;
        var (profile, wind) = (conditions.ProfileOf(vehicle.Id), conditions.Wind);
        if (wind.SpeedMps > profile.MaxWindMps)
            return new(vehicle.Id, vehicle.Name, null, null, null, null, null, string.Create(CultureInfo.InvariantCulture, $"The wind of {wind.SpeedMps:0} m/s is above its limit of {profile.MaxWindMps:0} m/s."));
        if (Geodesic.DistanceM(home, scene) > conditions.LinkRangeM)
            return new(vehicle.Id, vehicle.Name, null, null, null, null, null, string.Create(CultureInfo.InvariantCulture, $"The place is {Geodesic.DistanceM(home, scene) / 1000:0.0} km from its home, its link reaches {conditions.LinkRangeM / 1000:0.0} km."));
        var standing = new VehicleStanding(position.Point, Math.Max(0, position.AboveHome.Metres), snapshot.InAir == true, snapshot.Battery!.Value.Value.RemainingPercent!.Value, home,
            position.Velocity.East, position.Velocity.North);
        if (transit.Corners(position.Point, scene) is not { } corners)
            return new(vehicle.Id, vehicle.Name, null, null, null, null, null, "No way leads around the no-fly zones.");
        var eta = Eta.ToScene(profile, wind, standing, new SceneRequest(scene, SceneHeightM, WithinM: SceneTask.ShownWithinM), SpeedMps, corners);
        var excluded = !double.IsFinite(eta.P90S) ? "The wind is too strong for it."
            : !eta.LeavesReserve ? "Its battery would not bring it home with the reserve."
            : null;
        var task = vehicle.Assignment is { } busy ? busy.Label : null;
        return excluded is null
            ? new(vehicle.Id, vehicle.Name, null, eta.P50S, eta.P90S, eta.BatteryOnScenePercent, task, null)
            : new(vehicle.Id, vehicle.Name, null, null, null, null, task, excluded);
    }

    private static string? Unfit(FleetVehicle vehicle, GeoPoint scene, int priority, Transit transit)
    {
        var snapshot = vehicle.Snapshot;
        if (!transit.IsFree(scene))
            return "The place is inside a no-fly zone or outside the city's limit.";
        if (vehicle.IsGrounded)
            return vehicle.GroundedFor is { } why ? $"It is grounded: {why}." : "It is grounded.";
        if (snapshot.Link != VehicleLinkState.Up)
            return "It is not connected.";
        if (snapshot.IdentityConflict)
            return "Two vehicles use its system id.";
        if (vehicle.Assignment is { } task && task.Priority >= priority)
            return $"It works on {task.Label}.";
        if (vehicle.Control is { } lease)
            return $"{lease.Holder} has control of it.";
        if (snapshot.Position is not { IsStale: false })
            return "Its position is not known.";
        if (snapshot.Battery?.Value.RemainingPercent is null)
            return "Its battery is not known.";
        if (snapshot.Battery is { Value.Level: >= BatteryLevel.Low })
            return "Its battery is low.";

        // Its disarming, or whoever armed it, would end the task that it is given. On the ground for certain: one not known to be there may fly. One
        // that has a task stands armed for that task's start.
        if (vehicle.Assignment is null && snapshot is { InAir: false, Armed: true, MotorTest: false })
            return "It is armed on the ground: it has just landed, or somebody is about to fly it.";
        return snapshot.InAir != true && !snapshot.Readiness.IsReady ? $"It is not ready: {snapshot.Readiness.Issues}." : null;
    }
}
