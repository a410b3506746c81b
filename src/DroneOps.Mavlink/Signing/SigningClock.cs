namespace DroneOps.Mavlink;

/// <summary>The timestamps of signed frames: units of 10 µs since 2015-01-01 UTC, strictly increasing, never behind what was
/// used before. One per key, shared by all links that sign with it; safe to use from several threads.</summary>
public sealed class SigningClock
{
    /// <summary>60 s in timestamp units: how far behind a first frame may be, and how far ahead a peer may pull us.</summary>
    public const ulong Minute = 6_000_000;

    private static readonly DateTimeOffset Epoch = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ulong _last;

    /// <summary>Starts from the larger of the clock and what was stored.</summary>
    /// <param name="time">The trusted clock.</param>
    /// <param name="stored">The value of <see cref="Last"/> that was stored at least once a minute, 0 where there is none.</param>
    public SigningClock(TimeProvider time, ulong stored)
    {
        _time = time;
        _last = stored;
    }

    /// <summary>The newest timestamp that was used or adopted; to be stored at least once a minute.</summary>
    public ulong Last
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>The trusted clock in timestamp units.</summary>
    public ulong Now => (ulong)Math.Max(0, (_time.GetUtcNow() - Epoch).Ticks / (TimeSpan.TicksPerMillisecond / 100));

    /// <summary>The timestamp for the next frame: the clock, but at least one more than the last.</summary>
    public ulong Next()
    {
        lock (_gate)
            return _last = Math.Max(Now, _last + 1);
    }

    /// <summary>Follows a correctly signed frame that is ahead of us, as the guide asks, but never further than a minute beyond
    /// the trusted clock: otherwise one vehicle with a wrong year would pull the whole fleet with it.</summary>
    public void Adopt(ulong verified)
    {
        lock (_gate)
            _last = Math.Max(_last, Math.Min(verified, Now + Minute));
    }
}
