namespace DroneOps.Server.Incidents;

/// <summary>The drones of an incident. They change here only, so that the primary and the state always fit them.</summary>
internal sealed partial class IncidentRecord
{
    /// <summary>The primary drone, the one that others ask for; null while none works the incident.</summary>
    public string? VehicleId { get; private set; }

    /// <summary>Whether any of its drones still flies for it or comes home from it.</summary>
    public bool HasDronesUnderWay { get; private set; }

    /// <summary>Every drone that was sent, in the order of sending.</summary>
    public List<IncidentDrone> Drones { get; private set; } = [];

    /// <summary>The drones that the incident is worked by now.</summary>
    public IEnumerable<IncidentDrone> Working => Drones.Where(drone => drone.IsWorking);

    /// <summary>A drone's present part in the incident, or null when it has none any more.</summary>
    public IncidentDrone? DroneOf(string vehicleId) => Drones.FindLast(drone => drone.VehicleId == vehicleId && drone.State != DroneState.Gone);

    /// <summary>A drone is sent.</summary>
    public void Send(IncidentDrone drone)
    {
        // It may be on its way home from here still.
        Settle([.. Drones.Select(former => former.VehicleId == drone.VehicleId ? former with { State = DroneState.Gone } : former), drone]);
        State = Working.Any(working => working.State == DroneState.OnScene) ? IncidentState.OnScene : IncidentState.Dispatched;
    }

    /// <summary>Changes a drone's present part.</summary>
    /// <returns>False when it has none.</returns>
    public bool Change(string vehicleId, Func<IncidentDrone, IncidentDrone> change)
    {
        if (DroneOf(vehicleId) is not { } present)
            return false;
        Settle([.. Drones.Select(drone => ReferenceEquals(drone, present) ? change(drone) : drone)]);
        return true;
    }

    /// <summary>A drone stops working the incident; without another one the incident is open again, unless it was closed or recalled.</summary>
    /// <param name="state">What becomes of the drone.</param>
    public bool Stop(string vehicleId, DroneState state, DateTimeOffset at, string why, bool isLost = false)
    {
        var wasWorked = VehicleId is not null;
        if (!Change(vehicleId, drone => drone with { State = state, Until = drone.Until ?? at, Why = drone.Why ?? why, WasLost = drone.WasLost || isLost, RelieveBy = null }))
            return false;
        if (State is not (IncidentState.Dispatched or IncidentState.OnScene))
            return true;
        if (wasWorked && VehicleId is null)
        {
            State = IncidentState.Open;
            WaitsFor = why;
        }
        else if (!Working.Any(drone => drone.State == DroneState.OnScene))
        {
            State = IncidentState.Dispatched;
        }

        return true;
    }

    private void Settle(List<IncidentDrone> drones)
    {
        // Without a primary the relief steps in before the second, and who is there before who is on the way.
        if (!drones.Exists(drone => drone is { IsWorking: true, Role: DroneRole.Primary })
            && drones.Where(drone => drone.IsWorking).OrderByDescending(drone => drone.State).ThenByDescending(drone => drone.Role).FirstOrDefault() is { } next)
            drones = [.. drones.Select(drone => ReferenceEquals(drone, next) ? drone with { Role = DroneRole.Primary } : drone)];
        Drones = drones;
        VehicleId = drones.Find(drone => drone is { IsWorking: true, Role: DroneRole.Primary })?.VehicleId;
        HasDronesUnderWay = drones.Exists(drone => drone.State != DroneState.Gone);
    }
}
