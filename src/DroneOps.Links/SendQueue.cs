using System.Threading.Channels;
using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>What became of something that was to be sent.</summary>
public enum SendResult
{
    /// <summary>It was accepted, or, where the call waited for it, its bytes were handed to the transport.</summary>
    Sent,

    /// <summary>There is no open link, or the link closed before the bytes went out.</summary>
    NoLink,

    /// <summary>Too much is waiting already.</summary>
    QueueFull,

    /// <summary>Its deadline had passed when its turn came, so the bytes did not go out.</summary>
    Expired,

    /// <summary>The link broke while the bytes went out: they may have arrived or not.</summary>
    Broken,
}

/// <summary>One thing that waits to be written: a message of ours, or a frame to pass on.</summary>
internal struct Outbound
{
    public OutgoingMessage? Message;
    public ReceivedFrame? Frame;
    public ReadOnlyMemory<byte> Raw;
    public MavlinkAddress Sender;
    public LinkPeer? Peer;
    public DateTimeOffset? NotAfter;
    public TaskCompletionSource<SendResult>? Completion;

    public readonly void Complete(SendResult result)
    {
        Frame?.Dispose();
        Completion?.TrySetResult(result);
    }
}

/// <summary>What waits for a link's writer, in three lanes: urgent (commands, heartbeats) before ordinary (plans,
/// parameters) before forwarded. The first two refuse when full, the last drops its oldest. Any thread adds; the link's
/// writer takes.</summary>
internal sealed class SendQueue(LinkOptions options)
{
    public enum Lane
    {
        Urgent,
        Ordinary,
        Forward,
    }

    private readonly Lock _gate = new();
    private readonly Ring[] _lanes = [new(options.UrgentCapacity), new(options.OrdinaryCapacity), new(options.ForwardCapacity)];
    private readonly Channel<byte> _wake = Channel.CreateBounded<byte>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly List<TaskCompletionSource> _idleWaiters = [];
    private bool _isOpen;
    private bool _isWriting;
    private long _dropped;
    private long _refused;

    /// <summary>Forwarded frames that made room for newer ones.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages refused because their lane was full.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public SendResult TryAdd(Lane lane, in Outbound item)
    {
        Outbound displaced = default;
        lock (_gate)
        {
            if (!_isOpen)
                return SendResult.NoLink;
            ref var ring = ref _lanes[(int)lane];
            if (ring.IsFull)
            {
                if (lane != Lane.Forward)
                {
                    Interlocked.Increment(ref _refused);
                    return SendResult.QueueFull;
                }

                displaced = ring.Take();
                Interlocked.Increment(ref _dropped);
            }

            ring.Add(item);
        }

        displaced.Complete(SendResult.QueueFull);
        _wake.Writer.TryWrite(0);
        return SendResult.Sent;
    }

    /// <summary>Takes the next item; the writer is then at work until it asks again.</summary>
    public bool TryTake(out Outbound item)
    {
        lock (_gate)
        {
            foreach (ref var lane in _lanes.AsSpan())
            {
                if (lane.Count == 0)
                    continue;
                item = lane.Take();
                _isWriting = true;
                return true;
            }

            item = default;
            _isWriting = false;
            AnswerIdle();
            return false;
        }
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        if (await _wake.Reader.WaitToReadAsync(cancellationToken))
            _wake.Reader.TryRead(out _);
    }

    public void Open()
    {
        lock (_gate)
            _isOpen = true;
    }

    /// <summary>Accepts nothing more and answers everything that waits with <see cref="SendResult.NoLink"/>.</summary>
    public void Close()
    {
        List<Outbound> waiting = [];
        lock (_gate)
        {
            _isOpen = false;
            foreach (ref var lane in _lanes.AsSpan())
            {
                while (lane.Count > 0)
                    waiting.Add(lane.Take());
            }

            _isWriting = false;
            AnswerIdle();
        }

        foreach (var item in waiting)
            item.Complete(SendResult.NoLink);
    }

    /// <summary>Completes once nothing waits and nothing is being written.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (!_isWriting && _lanes.All(lane => lane.Count == 0))
                return Task.CompletedTask;
            TaskCompletionSource waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _idleWaiters.Add(waiter);
            return waiter.Task;
        }
    }

    private void AnswerIdle()
    {
        foreach (var waiter in _idleWaiters)
            waiter.TrySetResult();
        _idleWaiters.Clear();
    }

    private struct Ring(int capacity)
    {
        private readonly Outbound[] _items = new Outbound[capacity];
        private int _first;

        public int Count { get; private set; }

        public readonly bool IsFull => Count == _items.Length;

        public void Add(in Outbound item) => _items[(_first + Count++) % _items.Length] = item;

        public Outbound Take()
        {
            var item = _items[_first];
            _items[_first] = default;
            _first = (_first + 1) % _items.Length;
            Count--;
            return item;
        }
    }
}
