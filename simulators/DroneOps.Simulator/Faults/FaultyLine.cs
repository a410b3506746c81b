using DroneOps.Simulator.Airframe;

namespace DroneOps.Simulator.Faults;

/// <summary>One direction of a vehicle's link. Bounded: what does not fit on the way is dropped, newest first, and counted.</summary>
internal sealed class FaultyLine(ulong seed)
{
    private const int Capacity = 8192;
    private const double ReorderSeconds = 0.05;

    private readonly PriorityQueue<byte[], (long Due, long Order)> _onTheWay = new();
    private SeededNoise _noise = new(seed);
    private long _order;

    public LineFaults Faults { get; set; } = LineFaults.None;

    public long Lost { get; private set; }

    /// <summary>Whether every datagram passes at once and unharmed.</summary>
    public bool IsPerfect => Faults == LineFaults.None && _onTheWay.Count == 0;

    /// <summary>When the next datagram arrives, µs.</summary>
    public long NextDue => _onTheWay.TryPeek(out _, out var first) ? first.Due : long.MaxValue;

    public void Pass(ReadOnlySpan<byte> datagram, long now)
    {
        if (Faults.Silent || (Faults.Loss > 0 && _noise.NextUnit() < Faults.Loss))
        {
            Lost++;
            return;
        }

        Queue(datagram, now);
        if (Faults.Duplicate > 0 && _noise.NextUnit() < Faults.Duplicate)
            Queue(datagram, now);
    }

    public void Deliver(long now, DatagramSink sink)
    {
        while (_onTheWay.TryPeek(out var datagram, out var first) && first.Due <= now)
        {
            _onTheWay.Dequeue();
            sink(datagram);
        }
    }

    /// <summary>What is on the way is lost, as with a link that goes down.</summary>
    public void Cut() => _onTheWay.Clear();

    private void Queue(ReadOnlySpan<byte> datagram, long now)
    {
        if (_onTheWay.Count >= Capacity)
        {
            Lost++;
            return;
        }

        var delay = Faults.DelaySeconds;
        if (Faults.JitterSeconds > 0)
            delay += Faults.JitterSeconds * _noise.NextUnit();
        if (Faults.Reorder > 0 && _noise.NextUnit() < Faults.Reorder)
            delay += ReorderSeconds * _noise.NextUnit();
        _onTheWay.Enqueue(datagram.ToArray(), (now + (long)(delay * 1e6), _order++));
    }
}
