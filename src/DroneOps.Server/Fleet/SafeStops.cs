using System.Collections.Concurrent;

namespace DroneOps.Server.Fleet;

/// <summary>Counts the safe stops that are ordered, so that nothing which was decided before one is sent after it. A step of a flight that is given (its own hold)
/// is none.</summary>
internal sealed class SafeStops
{
    private readonly ConcurrentDictionary<string, int> _ordered = new(StringComparer.Ordinal);

    /// <summary>How many a vehicle was ordered since the service started.</summary>
    public int Of(string vehicleId) => _ordered.GetValueOrDefault(vehicleId);

    /// <summary>One is about to be sent.</summary>
    public void Count(string vehicleId) => _ordered.AddOrUpdate(vehicleId, 1, static (_, count) => count + 1);
}
