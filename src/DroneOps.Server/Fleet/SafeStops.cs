using System.Collections.Concurrent;

namespace DroneOps.Server.Fleet;

/// <summary>Counts the safe stops that are ordered, so that nothing which was decided before one is sent after it. A step of a flight that is given (its own hold)
/// is none.</summary>
internal sealed class SafeStops
{
    private readonly ConcurrentDictionary<string, StopsOrdered> _ordered = new(StringComparer.Ordinal);

    /// <summary>Those of a vehicle since the service started.</summary>
    public StopsOrdered Of(string vehicleId) => _ordered.GetValueOrDefault(vehicleId);

    /// <summary>One is about to be sent.</summary>
    public void Count(string vehicleId, DateTimeOffset now) => _ordered.AddOrUpdate(vehicleId, static (_, at) => new(1, at), static (_, before, at) => new(before.Count + 1, at), now);
}

/// <summary>The safe stops that a vehicle was ordered since the service started.</summary>
/// <param name="Count">How many.</param>
/// <param name="LastAt">When the last one was; null for none.</param>
internal readonly record struct StopsOrdered(int Count, DateTimeOffset? LastAt);
