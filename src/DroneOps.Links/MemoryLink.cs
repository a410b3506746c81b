using System.Threading.Channels;

namespace DroneOps.Links;

/// <summary>One end of a pair of bounded queues of datagrams in this process: what a socket is, without the socket. Used
/// by simulators in process and by tests. Any thread sends; one at a time receives.</summary>
public sealed class MemoryLink : IDisposable
{
    private readonly Channel<byte[]> _incoming;
    private MemoryLink? _other;
    private long _dropped;

    private MemoryLink(int capacity) => _incoming = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    /// <summary>Datagrams this end sent that the other had no room for.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Datagrams waiting to be received here.</summary>
    public int Waiting => _incoming.Reader.Count;

    /// <summary>Two ends of one line.</summary>
    /// <param name="capacity">Datagrams that may wait in each direction; like a socket's buffer, more are dropped and counted.</param>
    public static (MemoryLink Near, MemoryLink Far) CreatePair(int capacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        MemoryLink near = new(capacity);
        MemoryLink far = new(capacity) { _other = near };
        near._other = far;
        return (near, far);
    }

    /// <summary>Sends a copy of a datagram.</summary>
    /// <returns>False when the other end's queue is full or closed.</returns>
    public bool TrySend(ReadOnlySpan<byte> datagram)
    {
        if (_other!._incoming.Writer.TryWrite(datagram.ToArray()))
            return true;
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Takes the next datagram.</summary>
    /// <returns>False when none is waiting.</returns>
    public bool TryReceive(out ReadOnlyMemory<byte> datagram)
    {
        var received = _incoming.Reader.TryRead(out var bytes);
        datagram = bytes;
        return received;
    }

    /// <summary>Waits until a datagram may be taken.</summary>
    /// <returns>False when the line was closed and nothing is left.</returns>
    public ValueTask<bool> WaitToReceiveAsync(CancellationToken cancellationToken) => _incoming.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Closes the line for both ends; what waits may still be received.</summary>
    public void Dispose()
    {
        _incoming.Writer.TryComplete();
        _other!._incoming.Writer.TryComplete();
    }
}
