namespace DroneOps.Benchmarks.Feed;

/// <summary>What clients of the feed saw in one stretch of a run.</summary>
/// <param name="Position">From the moment a vehicle's position was handed to the network until a client had it in its hands; positions
/// that a newer one overtook on the way are not seen and not counted.</param>
/// <param name="Mode">The same for a change of mode, which must not wait for the vehicle's turn.</param>
internal sealed record FeedScore(Latencies Position, Latencies Mode)
{
    private long _snapshots;
    private long _bytes;

    public FeedScore()
        : this(new Latencies(), new Latencies())
    {
    }

    /// <summary>Snapshots that the SignalR clients were called with.</summary>
    public long Snapshots => Interlocked.Read(ref _snapshots);

    /// <summary>Bytes that the plain clients took from their sockets.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void AddSnapshots(int count) => Interlocked.Add(ref _snapshots, count);

    public void AddBytes(int count) => Interlocked.Add(ref _bytes, count);
}

/// <summary>Where clients put what they see now; exchanged between the stretches of a run.</summary>
internal sealed class FeedScores
{
    private volatile FeedScore _now = new();

    public FeedScore Now => _now;

    /// <summary>Begins a new stretch.</summary>
    /// <returns>The one that ended.</returns>
    public FeedScore Begin()
    {
        var ended = _now;
        _now = new FeedScore();
        return ended;
    }
}
