using System.Collections.Immutable;
using System.Threading.Channels;
using DroneOps.Links;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Fleet;

/// <summary>Every frame that a vehicle of the fleet sent, for the flight log and for whoever needs what the state does not keep. Each
/// subscriber has a bounded buffer that drops the oldest and counts: recording must never hold up flying.</summary>
internal sealed class MessageTap(Quiescence quiescence)
{
    private const int BufferLength = 8192;

    private ImmutableArray<Subscriber> _subscribers = [];

    /// <summary>Subscribes; the reader disposes every frame it takes and calls <see cref="Quiescence.End"/> after it.</summary>
    public Subscriber Subscribe()
    {
        var subscriber = new Subscriber(BufferLength, quiescence, left => ImmutableInterlocked.Update(ref _subscribers, list => list.Remove(left)));
        ImmutableInterlocked.Update(ref _subscribers, list => list.Add(subscriber));
        return subscriber;
    }

    /// <summary>Shows a frame to every subscriber.</summary>
    /// <param name="vehicleId">Whose it is.</param>
    /// <param name="frame">The frame; each subscriber gets a share of its own.</param>
    public void Show(string vehicleId, ReceivedFrame frame)
    {
        foreach (var subscriber in _subscribers)
            subscriber.Offer(new(vehicleId, frame.Retain()));
    }

    /// <summary>A frame and the vehicle it belongs to.</summary>
    internal readonly record struct Tapped(string VehicleId, ReceivedFrame Frame);

    /// <summary>One subscriber's buffer.</summary>
    internal sealed class Subscriber : IDisposable
    {
        private readonly Channel<Tapped> _channel;
        private readonly Quiescence _quiescence;
        private readonly Action<Subscriber> _leave;
        private long _dropped;

        internal Subscriber(int length, Quiescence quiescence, Action<Subscriber> leave)
        {
            _quiescence = quiescence;
            _leave = leave;
            _channel = Channel.CreateBounded<Tapped>(
                new BoundedChannelOptions(length) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                dropped =>
                {
                    Interlocked.Increment(ref _dropped);
                    GiveBack(dropped);
                });
        }

        /// <summary>Frames that were dropped because the reader was slow.</summary>
        public long Dropped => Interlocked.Read(ref _dropped);

        /// <summary>The frames.</summary>
        public ChannelReader<Tapped> Frames => _channel.Reader;

        /// <summary>The reader is done with a frame.</summary>
        public void GiveBack(Tapped tapped)
        {
            tapped.Frame.Dispose();
            _quiescence.End();
        }

        public void Dispose()
        {
            _leave(this);
            _channel.Writer.TryComplete();
            while (_channel.Reader.TryRead(out var tapped))
                GiveBack(tapped);
        }

        internal void Offer(Tapped tapped)
        {
            _quiescence.Begin();
            if (!_channel.Writer.TryWrite(tapped))
                GiveBack(tapped);
        }
    }
}
