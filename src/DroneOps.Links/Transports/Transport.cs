namespace DroneOps.Links.Transports;

/// <summary>Gets what a transport received. Calls for one peer come one after the other.</summary>
internal interface IByteSink
{
    /// <summary>A whole datagram, which no later bytes continue.</summary>
    void Datagram(LinkPeer peer, ReadOnlySpan<byte> bytes);

    /// <summary>Bytes of a stream were received into the peer's frame reader.</summary>
    void Stream(StreamPeer peer, int count);

    /// <summary>A peer's connection ended.</summary>
    void Gone(LinkPeer peer);
}

/// <summary>One open life of a link's lower side; made for one use. The link opens it, runs its reader, writes through
/// it from one writer, and disposes it, which ends the reader.</summary>
internal abstract class Transport : IAsyncDisposable
{
    /// <summary>What was opened, in words and with what the system granted, for the log.</summary>
    public abstract override string ToString();

    /// <summary>Binds, connects or opens.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">It cannot be opened.</exception>
    public abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>Receives until disposed or broken. The task's exception says why it broke; after
    /// <see cref="DisposeAsync"/> it ends without one.</summary>
    public abstract Task ReadAsync(IByteSink sink);

    /// <summary>Writes whole frames. Called by one writer.</summary>
    /// <param name="bytes">One or more frames; a datagram of its own.</param>
    /// <param name="peer">A peer of this transport.</param>
    /// <param name="cancellationToken">Ends a write that is stuck.</param>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken);

    /// <summary>The one fixed other side, or null where peers come and go.</summary>
    public virtual LinkPeer? FixedPeer => null;

    /// <summary>Completes once nothing that was received waits to be handed over; at once where that cannot be known.</summary>
    public virtual Task WhenQuietAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();
}
