using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Harness;

/// <summary>The clock of a test: stands until it is advanced.</summary>
/// <remarks>The cluster library waits for an instant by asking the clock how long it is to it and waiting that many whole milliseconds, again and
/// again. Less than one is no wait at all, so on a clock that stands within a millisecond of the instant it asks for ever, on the thread
/// that advances. Nothing else asks this often in one instant: from then on the clock is a millisecond ahead until it is advanced.</remarks>
public sealed class VirtualClock(DateTimeOffset begin) : FakeTimeProvider(begin)
{
    private const int MostReads = 200_000;
    private static readonly TimeSpan Nudge = TimeSpan.FromMilliseconds(1);

    private int _reads;
    private long _ticks = begin.UtcTicks;

    // Not the base's: it takes a lock and looks through all timers with each reading, in case it advances by being read.
    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(Interlocked.Read(ref _ticks), TimeSpan.Zero) + Ahead();

    /// <summary>Lets time pass, and wakes what waited for it.</summary>
    public new void Advance(TimeSpan span)
    {
        Volatile.Write(ref _reads, 0);
        Interlocked.Add(ref _ticks, span.Ticks);
        base.Advance(span);
    }

    private TimeSpan Ahead() => Interlocked.Increment(ref _reads) > MostReads ? Nudge : TimeSpan.Zero;
}
