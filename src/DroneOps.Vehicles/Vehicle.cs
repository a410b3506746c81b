using System.Diagnostics.CodeAnalysis;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>The conversation with one vehicle. Owned by exactly one loop, which feeds it frames and ticks and then takes what is to be sent
/// and what has happened until both are empty. It does no I/O, starts no task, takes no lock and reads no clock: the times it is given must
/// come from a clock that does not step back.</summary>
public sealed partial class Vehicle
{
    private readonly VehicleOptions _options;
    private readonly MavlinkAddress _self;
    private readonly Outbox _outbox;
    private readonly FactQueue _facts;
    private DateTimeOffset _now;

    /// <summary>Starts a conversation with a vehicle that was not heard yet.</summary>
    /// <param name="key">Which vehicle.</param>
    /// <param name="options">Timers and limits.</param>
    /// <param name="self">Our own address, 255/190 by custom.</param>
    public Vehicle(VehicleKey key, VehicleOptions options, MavlinkAddress self)
    {
        Key = key;
        _options = options;
        _self = self;
        _outbox = new(options);
        _facts = new(options.FactCapacity);
        _heartbeats = new(options.HeartbeatTimeout);
    }

    /// <summary>Which vehicle.</summary>
    public VehicleKey Key { get; }

    /// <summary>What is known of it. Live: read it only from the owner's loop.</summary>
    public VehicleState State { get; } = new();

    /// <summary>Samples that were not told because the owner did not drain the facts.</summary>
    public long SkippedSamples => _facts.SkippedSamples;

    /// <summary>Facts that were lost because the owner did not drain them.</summary>
    public long LostFacts => _facts.LostFacts;

    /// <summary>Telemetry that was dropped because a newer sample was known.</summary>
    public long OldSamples { get; private set; }

    /// <summary>Takes a frame of this system id, from its autopilot or another of its components. A frame of another system or of an
    /// unknown message is ignored. Never throws, whatever is in the frame.</summary>
    /// <param name="frame">The frame; not kept.</param>
    /// <param name="receivedAt">When it was received: the time of the facts it leads to.</param>
    public void OnMessage(in MavlinkFrame frame, DateTimeOffset receivedAt)
    {
        if (!frame.IsKnown || frame.SystemId != Key.SystemId)
            return;
        Advance(receivedAt);
        switch (frame.MessageId)
        {
            case Heartbeat.MsgId:
                OnHeartbeat(frame.Decode<Heartbeat>(), frame.ComponentId, receivedAt);
                return;
            case Statustext.MsgId:
                _texts.Add(frame.Decode<Statustext>(), frame.ComponentId, receivedAt);
                TakeTexts();
                return;
        }

        if (frame.ComponentId != _autopilotComponent)
            return;
        State.HeardAt = receivedAt;
        if (!Fold(frame, receivedAt))
            Converse(frame, receivedAt);
    }

    /// <summary>Lets time pass; to be called about every 100 ms. All timers of the conversation hang on it.</summary>
    public void Tick(DateTimeOffset now)
    {
        Advance(now);
        _texts.Tick(_now);
        TakeTexts();
        WatchTheLink();
        InferLanded(_now);
        UpdateReadiness(_now);
    }

    /// <summary>Takes the next message to send.</summary>
    public bool TryTakeOutgoing(out Outgoing outgoing) => _outbox.TryTake(out outgoing);

    /// <summary>Takes the next fact.</summary>
    public bool TryTakeFact([NotNullWhen(true)] out VehicleFact? fact) => _facts.TryTake(out fact);

    /// <summary>Copies the state, with ages.</summary>
    public VehicleSnapshot Snapshot(DateTimeOffset now) => VehicleSnapshot.Of(Key, State, _options, now);

    private void Advance(DateTimeOffset now)
    {
        if (now > _now)
            _now = now;
    }

    private void Tell(VehicleFact fact) => _facts.Add(fact);
}
