using System.Collections.Immutable;
using System.Threading.Channels;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Fleet;

/// <summary>The stream through which the fleet speaks upward. Every subscriber has its own bounded buffer and sees the events of one
/// vehicle in order. A publisher waits for a full one, because sorties and incidents are made of these events and none may be lost; samples
/// (positions, charge), of which a fleet sends thousands a second, are left out and counted while a subscriber is far behind. So a database
/// that is away for minutes costs pieces of tracks, and never holds up the loops that command the vehicles.</summary>
internal sealed class FleetEvents(Quiescence quiescence)
{
    /// <summary>Events that wait for a subscriber at most.</summary>
    public const int BufferLength = 65_536;

    /// <summary>From so many waiting events on, samples are left out.</summary>
    public const int SampleLimit = 4096;

    private ImmutableArray<FleetSubscription> _subscriptions = [];

    /// <summary>Subscribes; events published from now on arrive.</summary>
    /// <param name="name">The subscriber, for metrics.</param>
    public FleetSubscription Subscribe(string name)
    {
        var channel = Channel.CreateBounded<FleetEvent>(new BoundedChannelOptions(BufferLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        var subscription = new FleetSubscription(name, channel, quiescence, left => ImmutableInterlocked.Update(ref _subscriptions, list => list.Remove(left)));
        ImmutableInterlocked.Update(ref _subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>Hands an event to every subscriber; completes when all have it in their buffer.</summary>
    public async ValueTask PublishAsync(FleetEvent happened, CancellationToken cancellation)
    {
        foreach (var subscription in _subscriptions)
            await subscription.WriteAsync(happened, cancellation);
    }
}

/// <summary>One subscriber's side. Owner: the subscriber's loop, which is the only reader.</summary>
internal sealed class FleetSubscription : IDisposable
{
    private readonly Channel<FleetEvent> _channel;
    private readonly Quiescence _quiescence;
    private readonly Action<FleetSubscription> _leave;
    private long _samplesLeftOut;

    internal FleetSubscription(string name, Channel<FleetEvent> channel, Quiescence quiescence, Action<FleetSubscription> leave)
    {
        Name = name;
        _channel = channel;
        _quiescence = quiescence;
        _leave = leave;
    }

    /// <summary>The subscriber's name.</summary>
    public string Name { get; }

    /// <summary>Events waiting.</summary>
    public int Waiting => _channel.Reader.Count;

    /// <summary>Samples that were left out because the subscriber was far behind.</summary>
    public long SamplesLeftOut => Interlocked.Read(ref _samplesLeftOut);

    /// <summary>Handles events one after the other until cancelled or left.</summary>
    /// <param name="handle">Handles one event; what it throws ends the reading.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task ReadAsync(Func<FleetEvent, CancellationToken, ValueTask> handle, CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in _channel.Reader.ReadAllAsync(cancellation))
            {
                try
                {
                    await handle(happened, cancellation);
                }
                finally
                {
                    _quiescence.End();
                }
            }
        }
        finally
        {
            // Publishers wait for a full buffer. One that nobody empties any more would in the end hold every vehicle's loop.
            Dispose();
        }
    }

    public void Dispose()
    {
        _leave(this);
        _channel.Writer.TryComplete();
        while (_channel.Reader.TryRead(out _))
            _quiescence.End();
    }

    internal async ValueTask WriteAsync(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is FleetEvent.Observed { Fact.IsSample: true } && Waiting >= FleetEvents.SampleLimit)
        {
            Interlocked.Increment(ref _samplesLeftOut);
            return;
        }

        _quiescence.Begin();
        try
        {
            await _channel.Writer.WriteAsync(happened, cancellation);
        }
        catch (Exception error) when (error is ChannelClosedException or OperationCanceledException)
        {
            _quiescence.End();
            if (error is OperationCanceledException)
                throw;
        }
    }
}
