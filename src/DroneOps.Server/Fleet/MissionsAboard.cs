using System.Collections.Concurrent;
using DroneOps.Missions.Items;

namespace DroneOps.Server.Fleet;

/// <summary>The mission that was last written to each vehicle, or read from it. What a vehicle has from somebody else is not known here until it is read.</summary>
/// <remarks>Written by the commands, read by everybody.</remarks>
internal sealed class MissionsAboard
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<PlanItem>> _missions = new(StringComparer.Ordinal);

    /// <summary>The items, in the order in which they are counted on board; null when they are not known.</summary>
    public IReadOnlyList<PlanItem>? Find(string vehicleId) => _missions.GetValueOrDefault(vehicleId);

    internal void Set(string vehicleId, IReadOnlyList<PlanItem> items) => _missions[vehicleId] = items;
}
