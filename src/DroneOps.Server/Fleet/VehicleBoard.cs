using System.Collections.Concurrent;

namespace DroneOps.Server.Fleet;

/// <summary>The latest state of every vehicle, for whoever asks: lists, dispatch, the feed. Written by the vehicles' loops with each
/// position (20 times a second at most) and each change of state, read without locks.</summary>
internal sealed class VehicleBoard
{
    private readonly ConcurrentDictionary<string, FleetVehicle> _vehicles = new(StringComparer.Ordinal);

    /// <summary>A vehicle's state was put up. Handlers must return at once: they run on the vehicle's loop.</summary>
    public event Action<FleetVehicle>? Changed;

    /// <summary>All vehicles, in no order.</summary>
    public IReadOnlyCollection<FleetVehicle> All => [.. _vehicles.Values];

    /// <summary>One vehicle, or null.</summary>
    public FleetVehicle? Find(string id) => _vehicles.GetValueOrDefault(id);

    /// <summary>Puts up a vehicle's state.</summary>
    public void Show(FleetVehicle vehicle)
    {
        _vehicles[vehicle.Id] = vehicle;
        Changed?.Invoke(vehicle);
    }
}
