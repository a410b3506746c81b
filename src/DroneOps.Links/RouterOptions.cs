namespace DroneOps.Links;

/// <summary>How a router judges links and repeated frames.</summary>
public sealed record RouterOptions
{
    /// <summary>A frame that comes again within this time is dropped. Shorter than a second, see <see cref="Validate"/>.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Frames remembered at a time for each network, a power of two; 16 bytes each.</summary>
    public int DuplicateCapacity { get; init; } = 64 * 1024;

    /// <summary>A way by which a vehicle was not heard for this long is used only if there is no better: three and a
    /// half periods of its heartbeat.</summary>
    public TimeSpan RouteSilence { get; init; } = TimeSpan.FromMilliseconds(3500);

    /// <summary>How much less of the traffic another link must lose, 0..1, before it takes over from one that works.</summary>
    public double LossAdvantage { get; init; } = 0.10;

    /// <summary>Whether frames are passed on between links of a network. Links of one group lead to the same place and
    /// are never fed from each other.</summary>
    public bool Forwards { get; init; }

    /// <summary>Received frames kept for reuse.</summary>
    public int PooledFrames { get; init; } = 16 * 1024;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of them cannot work.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(DuplicateWindow, TimeSpan.Zero);
        // A sender that does not count its frames repeats its heartbeat to the byte every second.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(DuplicateWindow, TimeSpan.FromMilliseconds(1000));
        ArgumentOutOfRangeException.ThrowIfLessThan(DuplicateCapacity, 1024);
        ArgumentOutOfRangeException.ThrowIfNotEqual(System.Numerics.BitOperations.IsPow2(DuplicateCapacity), true, nameof(DuplicateCapacity));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RouteSilence, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(LossAdvantage);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PooledFrames);
    }
}
