namespace DroneOps.Server.Alarms;

/// <summary>What the book knows of one condition of one subject besides its alarm: what is about to begin or to end, and how often it came.
/// Owner: the book, under its gate.</summary>
internal sealed class AlarmPoint(string code, string subject)
{
    /// <summary>A condition that comes this often in <see cref="ChatterWindow"/> or more chatters; older times are of no interest.</summary>
    public static readonly TimeSpan ChatterWindow = TimeSpan.FromMinutes(1);

    private const int MostTimes = 32;

    private readonly Queue<DateTimeOffset> _times = new();

    public string Code { get; } = code;

    public string Subject { get; } = subject;

    /// <summary>The alarm that stands, or the last one.</summary>
    public Guid? AlarmId { get; set; }

    /// <summary>Began, and has to hold until then to be an alarm.</summary>
    public (Condition.Raise Condition, DateTimeOffset Due)? Beginning { get; set; }

    /// <summary>Ended, and has to be gone until then for the alarm to be over.</summary>
    public (DateTimeOffset At, DateTimeOffset Due)? Ending { get; set; }

    /// <summary>Whether anything is left to know.</summary>
    public bool IsIdle(DateTimeOffset now) => Beginning is null && Ending is null && CountSince(now) == 0;

    /// <summary>The condition came.</summary>
    /// <returns>How often in the last minute.</returns>
    public int Came(DateTimeOffset now)
    {
        if (_times.Count >= MostTimes)
            _times.Dequeue();
        _times.Enqueue(now);
        return CountSince(now);
    }

    private int CountSince(DateTimeOffset now)
    {
        while (_times.TryPeek(out var first) && now - first >= ChatterWindow)
            _times.Dequeue();
        return _times.Count;
    }
}
