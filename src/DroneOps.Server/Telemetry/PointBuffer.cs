namespace DroneOps.Server.Telemetry;

/// <summary>Points between the vehicles and the database. Bounded: when it is full the oldest point goes and is counted, because newer
/// telemetry is worth more and recording must never hold up flying. Safe to share; it grows with what waits in it.</summary>
/// <param name="capacity">Points that wait at most. What is being written just now comes on top.</param>
internal sealed class PointBuffer(int capacity)
{
    private readonly Lock _gate = new();
    private TelemetryPoint[] _ring = new TelemetryPoint[Math.Min(capacity, 1024)];
    private int _first;
    private int _count;
    private long _dropped;

    /// <summary>Points that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Points that went because it was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Adds the newest point.</summary>
    /// <returns>How many wait now.</returns>
    public int Add(TelemetryPoint point)
    {
        lock (_gate)
        {
            if (_count == capacity)
                DropOldest();
            MakeRoom(1);
            _ring[(_first + _count) % _ring.Length] = point;
            return ++_count;
        }
    }

    /// <summary>Takes the oldest points out.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>The points, oldest first; empty when none wait.</returns>
    public TelemetryPoint[] Take(int most)
    {
        lock (_gate)
        {
            var taken = new TelemetryPoint[Math.Min(most, _count)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = _ring[(_first + i) % _ring.Length];
                _ring[(_first + i) % _ring.Length] = null!;
            }

            _first = (_first + taken.Length) % _ring.Length;
            _count -= taken.Length;
            return taken;
        }
    }

    /// <summary>Puts back what could not be written, before everything else. Where there is no room for all of it, its oldest are dropped.</summary>
    /// <param name="batch">What <see cref="Take"/> gave, in its order.</param>
    public void PutBack(TelemetryPoint[] batch)
    {
        lock (_gate)
        {
            var kept = Math.Min(batch.Length, capacity - _count);
            Interlocked.Add(ref _dropped, batch.Length - kept);
            MakeRoom(kept);
            for (var i = batch.Length - 1; i >= batch.Length - kept; i--)
            {
                _first = (_first + _ring.Length - 1) % _ring.Length;
                _ring[_first] = batch[i];
            }

            _count += kept;
        }
    }

    private void DropOldest()
    {
        _ring[_first] = null!;
        _first = (_first + 1) % _ring.Length;
        _count--;
        Interlocked.Increment(ref _dropped);
    }

    private void MakeRoom(int more)
    {
        if (_count + more <= _ring.Length)
            return;
        var grown = new TelemetryPoint[Math.Min(capacity, Math.Max(_ring.Length * 2, _count + more))];
        for (var i = 0; i < _count; i++)
            grown[i] = _ring[(_first + i) % _ring.Length];
        (_ring, _first) = (grown, 0);
    }
}
