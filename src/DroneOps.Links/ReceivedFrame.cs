using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>A link's number in this process.</summary>
public readonly record struct LinkId(int Value);

/// <summary>A frame that was received, copied out of the link's buffer into one from a pool. Whoever holds it disposes
/// it exactly once; whoever hands it to a second holder calls <see cref="Retain"/> first.</summary>
public sealed class ReceivedFrame : IDisposable
{
    private readonly FramePool _pool;
    private readonly byte[] _buffer = new byte[MavlinkFrame.MaxLength];
    private int _length;
    private int _holders;

    internal ReceivedFrame(FramePool pool) => _pool = pool;

    /// <summary>The whole frame, unchanged, from its magic to its last byte; empty once it was given back.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>The link it came by.</summary>
    public LinkId LinkId { get; private set; }

    /// <summary>The network of that link: system ids are unique only within it.</summary>
    public string Network { get; private set; } = "";

    /// <summary>When the bytes were taken from the socket.</summary>
    public DateTimeOffset ReceivedAt { get; private set; }

    /// <summary>Sender's system id.</summary>
    public byte SystemId { get; private set; }

    /// <summary>Sender's component id.</summary>
    public byte ComponentId { get; private set; }

    /// <summary>The message id, 24 bits.</summary>
    public uint MessageId { get; private set; }

    /// <summary>Whether the catalog knows the message, so that its checksum was verified. Where not, it may be
    /// forwarded and logged, never acted on.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Views the bytes as a frame, valid while this is held.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public MavlinkFrame View(MessageCatalog catalog) =>
        MavlinkFrame.TryParse(_buffer.AsSpan(0, _length), catalog, out var frame)
            ? frame
            : throw new ObjectDisposedException(nameof(ReceivedFrame));

    /// <summary>Adds a holder, who disposes it in turn.</summary>
    public ReceivedFrame Retain()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>Gives it back; the last holder's call returns it to the pool.</summary>
    /// <exception cref="ObjectDisposedException">It had been given back before: the bytes may already be another frame's.</exception>
    public void Dispose()
    {
        var left = Interlocked.Decrement(ref _holders);
        if (left == 0)
        {
            _length = 0;
            _pool.Return(this);
        }
        else
            ObjectDisposedException.ThrowIf(left < 0, this);
    }

    internal void Fill(in MavlinkFrame frame, LinkId link, string network, DateTimeOffset receivedAt)
    {
        frame.Bytes.CopyTo(_buffer);
        _length = frame.Bytes.Length;
        _holders = 1;
        LinkId = link;
        Network = network;
        ReceivedAt = receivedAt;
        SystemId = frame.SystemId;
        ComponentId = frame.ComponentId;
        MessageId = frame.MessageId;
        IsKnown = frame.IsKnown;
    }
}

/// <summary>Keeps frames that were given back. Safe to share. It makes new ones when it is empty and leaves surplus ones
/// to the garbage collector: the bounded queues of the holders are what limits the number in use.</summary>
internal sealed class FramePool
{
    private readonly Lock _gate = new();
    private readonly ReceivedFrame?[] _free;
    private int _count;

    /// <summary>An empty pool.</summary>
    /// <param name="capacity">How many to keep; each is about 400 bytes.</param>
    public FramePool(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _free = new ReceivedFrame?[capacity];
    }

    /// <summary>Copies a frame.</summary>
    /// <param name="frame">The view to copy.</param>
    /// <param name="link">The link it came by.</param>
    /// <param name="network">That link's network.</param>
    /// <param name="receivedAt">When it came.</param>
    public ReceivedFrame Copy(in MavlinkFrame frame, LinkId link, string network, DateTimeOffset receivedAt)
    {
        ReceivedFrame? copy = null;
        lock (_gate)
        {
            if (_count > 0)
            {
                copy = _free[--_count];
                _free[_count] = null;
            }
        }

        copy ??= new ReceivedFrame(this);
        copy.Fill(frame, link, network, receivedAt);
        return copy;
    }

    internal void Return(ReceivedFrame frame)
    {
        lock (_gate)
        {
            if (_count < _free.Length)
                _free[_count++] = frame;
        }
    }
}
