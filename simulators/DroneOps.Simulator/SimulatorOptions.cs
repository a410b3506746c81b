using System.Net;
using DroneOps.Links;
using DroneOps.Simulator.Camera;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Simulator;

/// <summary>What a fleet is made of.</summary>
/// <param name="Scenario">Vehicles, homes, weather, faults.</param>
/// <param name="Seed">Source of all randomness; the same seed and the same bytes from the ground give the same flight, bit for bit.</param>
/// <param name="Speedup">Vehicle seconds per second of the clock.</param>
/// <param name="Ground">Where each vehicle sends over UDP, from a port of its own; null for none.</param>
/// <param name="Line">One line in this process that all vehicles share, as they would share a radio; null for none. Its owner disposes it.
/// Without either, the owner of the fleet moves the datagrams himself.</param>
internal sealed record SimulatorOptions(Scenario Scenario, ulong Seed, double Speedup, IPEndPoint? Ground, MemoryLink? Line)
{
    /// <summary>The vehicles' cameras; null for none.</summary>
    public CameraOptions? Cameras { get; init; }
}
