using System.Net;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Simulator;

/// <summary>What a fleet is made of.</summary>
/// <param name="Scenario">Vehicles, homes, weather, faults.</param>
/// <param name="Seed">Source of all randomness; the same seed and the same bytes from the ground give the same flight, bit for bit.</param>
/// <param name="Speedup">Vehicle seconds per second of the clock.</param>
/// <param name="Ground">Where each vehicle sends over UDP; null for a fleet whose owner moves the datagrams himself.</param>
public sealed record SimulatorOptions(Scenario Scenario, ulong Seed, double Speedup, IPEndPoint? Ground);
