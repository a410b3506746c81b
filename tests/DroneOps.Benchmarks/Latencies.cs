using System.Globalization;

namespace DroneOps.Benchmarks;

/// <summary>Counts durations in steps of 0.1 ms, up to ten seconds. Safe to share.</summary>
internal sealed class Latencies
{
    private const int PerMillisecond = 10;

    private readonly long[] _counts = new long[10_000 * PerMillisecond];
    private long _worst;

    /// <summary>How many were counted.</summary>
    public long Count => _counts.Sum();

    /// <summary>Counts one.</summary>
    public void Add(TimeSpan duration)
    {
        var step = (int)Math.Clamp(duration.TotalMilliseconds * PerMillisecond, 0, _counts.Length - 1);
        Interlocked.Increment(ref _counts[step]);
        NoteWorst(duration.Ticks);
    }

    /// <summary>Counts all of another stretch, which is over.</summary>
    public void Add(Latencies other)
    {
        for (var step = 0; step < _counts.Length; step++)
            _counts[step] += other._counts[step];
        NoteWorst(other._worst);
    }

    /// <summary>The duration that a share of all did not exceed, in milliseconds; NaN when none was counted.</summary>
    public double At(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        if (left == 0)
            return double.NaN;
        for (var step = 0; step < _counts.Length; step++)
        {
            if ((left -= _counts[step]) <= 0)
                return (step + 1.0) / PerMillisecond;
        }

        return double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {At(0.5),6:0.0}  p95 {At(0.95),6:0.0}  p99 {At(0.99),6:0.0}  max {TimeSpan.FromTicks(_worst).TotalMilliseconds,6:0.0} ms ({Count:N0})");

    private void NoteWorst(long ticks)
    {
        var worst = Interlocked.Read(ref _worst);
        while (ticks > worst && Interlocked.CompareExchange(ref _worst, ticks, worst) is var seen && seen != worst)
            worst = seen;
    }
}
