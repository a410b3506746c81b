namespace DroneOps.Mavlink;

/// <summary>Reads frames from a byte stream that arrives in pieces. Owned by one link's reader; not safe to share.
/// Receive into <see cref="GetMemory"/>, tell <see cref="Advance"/> how much came, then call <see cref="TryRead"/> until it is false.</summary>
public sealed class FrameReader
{
    private const int Capacity = 64 * 1024;

    private readonly MessageCatalog _catalog;
    private readonly byte[] _buffer = new byte[Capacity];
    private FrameCounters _counters;
    private int _start;
    private int _end;

    /// <summary>An empty reader.</summary>
    public FrameReader(MessageCatalog catalog) => _catalog = catalog;

    /// <summary>What was seen so far.</summary>
    public FrameCounters Counters => _counters;

    /// <summary>Free space to receive into, never empty once <see cref="TryRead"/> has answered false.</summary>
    public Memory<byte> GetMemory()
    {
        // Moving the few bytes of an incomplete frame to the front is cheaper than a ring's split frames. It happens here
        // and not in TryRead, so that a frame just handed out stays where it is.
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Says that bytes were received.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than the space that was handed out.</exception>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>The next frame, a view that is valid until the next <see cref="GetMemory"/>.</summary>
    public bool TryRead(out MavlinkFrame frame)
    {
        var scanner = new FrameScanner(_buffer.AsSpan(_start, _end - _start), _catalog, isFinal: false);
        var found = scanner.TryRead(out frame);
        _start += scanner.Position;
        _counters.Add(scanner.Counters);
        return found;
    }

    /// <summary>Forgets what is incomplete: the stream broke and what follows does not continue it.</summary>
    public void Reset()
    {
        _counters.SkippedBytes += _end - _start;
        _start = _end = 0;
    }
}
