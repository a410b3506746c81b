using System.Globalization;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;

namespace DroneOps.Server.Alarms;

/// <summary>What holds of an incident as it stands that a person is alerted to. Pure: the same whether it was just changed, looked at again, or
/// read after a restart.</summary>
internal static class IncidentConditions
{
    /// <summary>Every condition of an incident as a whole, holding or not.</summary>
    /// <param name="incident">As it is.</param>
    /// <param name="waitsSince">Since when it has had no drone.</param>
    /// <param name="drone">The drone that works it or was lost to it (<see cref="DroneOf"/>); null where there is none or it is not known.</param>
    /// <param name="zone">The keep-out zone in force that its place lies in.</param>
    public static IEnumerable<Condition> Of(IncidentView incident, DateTimeOffset waitsSince, FleetVehicle? drone, string? zone, AlarmsOptions options, DateTimeOffset now)
    {
        var waitedS = (now - waitsSince).TotalSeconds;
        var where = WhereOf(incident);
        yield return Is(AlarmCatalog.IncidentWaits,
            incident is { State: IncidentState.Open, VehicleId: null } && incident.Priority <= options.UrgentPriority && waitedS >= options.UrgentWaitS,
            waitsSince.AddSeconds(options.UrgentWaitS), AlarmPriority.Warning,
            string.Create(CultureInfo.InvariantCulture, $"{incident.Type}{where}: priority {incident.Priority}, no drone for {options.UrgentWaitS} s."));
        var lostFor = drone is null ? null : LostFor(incident, drone);
        yield return Is(AlarmCatalog.DroneLostOnWay, lostFor is not null, now, AlarmPriority.Warning, $"{drone?.Name} will not reach {incident.Type}{where}{lostFor}");
        yield return Is(AlarmCatalog.PlaceInNoFlyZone, zone is not null && incident.State is (IncidentState.Open or IncidentState.Dispatched), now, AlarmPriority.Advisory,
            $"{incident.Type}{where}: the place is in the no-fly zone {zone}.");

        Condition Is(string code, bool holds, DateTimeOffset since, AlarmPriority priority, string text) => holds
            ? new Condition.Raise(code, SubjectOf(incident.Id), since, priority, text) { IncidentId = incident.Id, VehicleId = incident.VehicleId ?? "" }
            : new Condition.Clear(code, SubjectOf(incident.Id), now);
    }

    /// <summary>The crews that call for help, each by itself: a second one must be heard although the first was acknowledged.</summary>
    public static IEnumerable<Condition.Raise> CallsForHelp(IncidentView incident) => incident.State == IncidentState.Closed ? [] : CrewReport.CallsForHelp(incident.CrewReports).Select(call =>
        new Condition.Raise(AlarmCatalog.CrewNeedsHelp, $"{SubjectOf(incident.Id)}/unit/{call.Unit}", call.At, AlarmPriority.Warning, $"{incident.Type}{WhereOf(incident)}: {call.Unit} needs help.")
        { IncidentId = incident.Id, VehicleId = incident.VehicleId ?? "" });

    /// <summary>What an alarm of an incident is about.</summary>
    private static string SubjectOf(Guid incident) => $"incident/{incident}";

    private static string WhereOf(IncidentView incident) => incident.Address is { Length: > 0 } address ? $" ({address})" : "";

    /// <summary>The drone whose coming an incident waits for: the one that works it, else the last one while it was lost on its way.</summary>
    public static string? DroneOf(IncidentView incident) => incident.VehicleId ?? LostOnWay(incident)?.VehicleId;

    /// <summary>Why a drone on its way does not come; null when it does, or when none is on its way.</summary>
    private static string? LostFor(IncidentView incident, FleetVehicle drone) =>
        incident.State != IncidentState.Dispatched && LostOnWay(incident) is null ? null
        : drone.Snapshot.Link == VehicleLinkState.Lost ? ": no heartbeat any more."
        : drone.Snapshot.InAir == false && incident.TimeAxis.Any(step => step is { Stage: nameof(IncidentStage.DroneAirborne), At: not null }) ? ": it is on the ground again."
        : null;

    private static IncidentDrone? LostOnWay(IncidentView incident) => incident is { State: IncidentState.Open, VehicleId: null }
        && incident.FormerDrones.Concat(incident.Drones).LastOrDefault() is { WasLost: true, OnSceneAt: null } lost ? lost : null;
}
