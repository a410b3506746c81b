namespace DroneOps.Server.Cluster;

/// <summary>The service's clock: begins with the system's and then goes on with the processor's, which nobody can set. It follows the
/// system's clock at no more than half a millisecond a second, so that no time step reaches a flight: no clock of a sortie, no link watch and
/// no lease is an hour longer because somebody set the time.</summary>
/// <remarks>A system clock that moves by more than <see cref="LargestDrift"/> is not followed at all but told (<see cref="Behind"/>): the service
/// takes it over when it is started again. Safe to share: one immutable anchor, replaced whole.</remarks>
internal sealed class SteadyClock : TimeProvider
{
    /// <summary>A difference that time servers correct in passing.</summary>
    public static readonly TimeSpan LargestDrift = TimeSpan.FromSeconds(1);

    private const double MostSlew = 0.0005;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _system;
    private Anchor _anchor;

    /// <summary>Begins at the system's time.</summary>
    /// <param name="system">The clock that may be set, and the counter that may not.</param>
    public SteadyClock(TimeProvider system)
    {
        _system = system;
        _anchor = new(system.GetTimestamp(), system.GetUtcNow());
    }

    public override long TimestampFrequency => _system.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    /// <summary>How far this clock is behind the system's; negative when it is ahead.</summary>
    public TimeSpan Behind => _system.GetUtcNow() - GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        var anchor = Volatile.Read(ref _anchor);
        var stamp = _system.GetTimestamp();
        var elapsed = _system.GetElapsedTime(anchor.Stamp, stamp);
        var now = anchor.At + elapsed;
        if (elapsed < LookEvery)
            return now;

        // Towards the system's clock, by so little that it never goes back.
        var difference = _system.GetUtcNow() - now;
        if (difference.Duration() <= LargestDrift)
        {
            var most = elapsed * MostSlew;
            now += difference > most ? most : difference < -most ? -most : difference;
        }

        // Whoever comes second keeps the first one's anchor: both times are right.
        Interlocked.CompareExchange(ref _anchor, new(stamp, now), anchor);
        return now;
    }

    public override long GetTimestamp() => _system.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _system.CreateTimer(callback, state, dueTime, period);

    private sealed record Anchor(long Stamp, DateTimeOffset At);
}
