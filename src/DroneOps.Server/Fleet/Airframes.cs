using DroneOps.Missions.Flight;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Fleet;

/// <summary>What each vehicle can do: the figures of its class, with the energy of the pack that it carries.</summary>
/// <remarks>Percent of what is the first thing that planning must know: half of a small pack does not bring home what half of a large one does. One that
/// does not say what its pack holds is reckoned with a small one.</remarks>
internal sealed class Airframes(VehicleBoard board, IOptions<FleetOptions> options)
{
    /// <summary>The airframe of a vehicle.</summary>
    public AirframeProfile Of(string vehicleId) =>
        AirframeProfile.PatrolQuad with { BatteryWh = board.Find(vehicleId)?.Snapshot.BatteryFullWh ?? options.Value.AssumedBatteryWh };
}
