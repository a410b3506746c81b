namespace DroneOps.Links.Transports;

/// <summary>Carries a link over one end of a <see cref="MemoryLink"/>. The line outlives the link, as a cable does:
/// closing the link only stops listening.</summary>
internal sealed class MemoryTransport(LinkUri uri, MemoryLink end) : Transport
{
    private readonly LinkPeer _peer = new(uri.ToString());
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource> _quietWaiters = [];
    private bool _isHandingOver = true;

    public override string ToString() => uri.ToString();

    public override LinkPeer FixedPeer => _peer;

    public override Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task ReadAsync(IByteSink sink)
    {
        try
        {
            do
            {
                while (TryTake(out var datagram))
                    sink.Datagram(_peer, datagram.Span);
            }
            while (await end.WaitToReceiveAsync(_closing.Token));
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            Quieten();
        }

        throw new EndOfStreamException("the other end was closed");
    }

    public override Task WhenQuietAsync()
    {
        lock (_gate)
        {
            if (!_isHandingOver && (end.Waiting == 0 || _closing.IsCancellationRequested))
                return Task.CompletedTask;
            TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _quietWaiters.Add(waiter);
            return waiter.Task;
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> datagram)
    {
        lock (_gate)
        {
            _isHandingOver = true;
            if (!_closing.IsCancellationRequested && end.TryReceive(out datagram))
                return true;
        }

        Quieten();
        datagram = default;
        return false;
    }

    private void Quieten()
    {
        lock (_gate)
        {
            _isHandingOver = false;
            foreach (var waiter in _quietWaiters)
                waiter.TrySetResult();
            _quietWaiters.Clear();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        end.TrySend(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync() => await _closing.CancelAsync();
}
