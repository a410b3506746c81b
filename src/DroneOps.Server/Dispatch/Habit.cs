namespace DroneOps.Server.Dispatch;

/// <summary>The latest values of something that repeats: hands, batteries and firmware change, so the old ones are forgotten.</summary>
internal sealed class Habit
{
    /// <summary>With fewer values than this nothing is known.</summary>
    public const int Enough = 5;

    private const int Kept = 40;

    private readonly Queue<double> _latest = new();

    /// <summary>The value that half of the latest do not exceed, and the one that nine of ten do not; by nearest rank, because of few values
    /// an interpolated ninth of ten would promise what was never seen. Null while there are too few.</summary>
    public (double P50, double P90)? Quantiles
    {
        get
        {
            if (_latest.Count < Enough)
                return null;
            double[] sorted = [.. _latest.Order()];
            return (sorted[((sorted.Length + 1) / 2) - 1], sorted[(int)Math.Ceiling(0.9 * sorted.Length) - 1]);
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(double value)
    {
        _latest.Enqueue(value);
        if (_latest.Count > Kept)
            _latest.Dequeue();
    }
}
