namespace DroneOps.Server.Alarms;

/// <summary>How many alarms called in the last ten minutes, and whether that is more than a person can follow. A flood begins above the limit
/// and ends below half of it (ISA-18.2, 16.5.3: above 10, below 5). Not safe to share.</summary>
internal sealed class FloodGauge(int above)
{
    /// <summary>What the standard counts by.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> _calls = new();

    /// <summary>Whether there is a flood.</summary>
    public bool IsFlood { get; private set; }

    /// <summary>Calls of the last ten minutes.</summary>
    public int Count => _calls.Count;

    /// <summary>An alarm called.</summary>
    public void Add(DateTimeOffset at)
    {
        _calls.Enqueue(at);
        Look(at);
    }

    /// <summary>Time has passed.</summary>
    public void Look(DateTimeOffset now)
    {
        while (_calls.TryPeek(out var first) && now - first >= Window)
            _calls.Dequeue();
        IsFlood = IsFlood ? _calls.Count * 2 >= above : _calls.Count > above;
    }
}
