namespace DroneOps.Vehicles;

/// <summary>Where a vehicle is heard: the same system id on two networks is two vehicles, the same vehicle on two links
/// of one network is one.</summary>
/// <param name="Network">The name of the MAVLink network, as the links are configured.</param>
/// <param name="SystemId">MAVLink system id, 1..255.</param>
public readonly record struct VehicleKey(string Network, byte SystemId)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Network}/{SystemId}";
}
