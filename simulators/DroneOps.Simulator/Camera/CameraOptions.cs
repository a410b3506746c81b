using System.Net;

namespace DroneOps.Simulator.Camera;

/// <summary>Which vehicles have cameras, and what those send.</summary>
/// <param name="Count">How many vehicles, from the first on.</param>
/// <param name="Visible">Host, and the port to which each vehicle's system id is added.</param>
/// <param name="Thermal">The same for the thermal streams; null for none.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rate">Pictures a second.</param>
/// <param name="BitRate">Bits a second.</param>
/// <param name="Map">Folder of a base map; null for the sample city.</param>
internal sealed record CameraOptions(
    int Count, IPEndPoint Visible, IPEndPoint? Thermal, int Width, int Height, double Rate, int BitRate, string? Map)
{
    /// <summary>Every vehicle has one.</summary>
    public const int All = int.MaxValue;

    /// <summary>The camera of one vehicle; null for none.</summary>
    /// <param name="index">The vehicle, counted from 0.</param>
    /// <param name="systemId">Its system id.</param>
    public CameraSetup? SetupOf(int index, byte systemId) => index >= Count
        ? null
        : new(
            Width,
            Height,
            Rate,
            BitRate,
            new(Visible.Address, Visible.Port + systemId),
            Thermal is { } thermal ? new(thermal.Address, thermal.Port + systemId) : null);
}
