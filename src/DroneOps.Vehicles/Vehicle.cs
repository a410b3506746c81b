using System.Diagnostics.CodeAnalysis;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <summary>The conversation with one vehicle. Owned by exactly one loop, which feeds it frames and ticks and then takes what is to be sent
/// and what has happened until both are empty. It does no I/O, starts no task, takes no lock and reads no clock: the times it is given must
/// come from a clock that does not step back.</summary>
public sealed partial class Vehicle
{
    private readonly Conversation _talk;
    private readonly HeartbeatWatch _heartbeats;
    private readonly CommandProtocol _commands;
    private readonly IdentityProtocol _identity;
    private readonly StreamSetup _streams;
    private readonly ParameterProtocol _parameters;
    private readonly PlanProtocol _plans;
    private readonly VideoStreamQuery _videos;

    /// <summary>Starts a conversation with a vehicle that was not heard yet.</summary>
    /// <param name="key">Which vehicle.</param>
    /// <param name="options">Timers and limits.</param>
    /// <param name="self">Our own address, 255/190 by custom.</param>
    public Vehicle(VehicleKey key, VehicleOptions options, MavlinkAddress self)
    {
        Key = key;
        _talk = new(key, options, self);
        _heartbeats = new(options.HeartbeatTimeout);
        _commands = new(_talk);
        _identity = new(_talk, _commands);
        _streams = new(_talk, _commands);
        _parameters = new(_talk);
        _plans = new(_talk);
        _videos = new(_talk, _commands);
    }

    /// <summary>Which vehicle.</summary>
    public VehicleKey Key { get; }

    /// <summary>What is known of it. Live: read it only from the owner's loop.</summary>
    public VehicleState State => _talk.State;

    /// <summary>Samples that were not told because the owner did not drain the facts.</summary>
    public long SkippedSamples => _talk.Facts.SkippedSamples;

    /// <summary>Facts that were lost because the owner did not drain them.</summary>
    public long LostFacts => _talk.Facts.LostFacts;

    /// <summary>Telemetry that was dropped because a newer sample was known.</summary>
    public long OldSamples { get; private set; }

    /// <summary>Takes a frame of this system id, from its autopilot or another of its components. A frame of another system or of an
    /// unknown message is ignored. Never throws, whatever is in the frame.</summary>
    /// <param name="frame">The frame; not kept.</param>
    /// <param name="receivedAt">When it was received: the time of the facts it leads to.</param>
    public void OnMessage(in MavlinkFrame frame, DateTimeOffset receivedAt) => OnMessage(frame, receivedAt, link: 0);

    /// <summary>Takes a frame as above.</summary>
    /// <param name="frame">The frame; not kept.</param>
    /// <param name="receivedAt">When it was received: the time of the facts it leads to.</param>
    /// <param name="link">By which of several links it came: what changes at an instant and carries no time of its own is believed of one of them.</param>
    public void OnMessage(in MavlinkFrame frame, DateTimeOffset receivedAt, int link)
    {
        if (!frame.IsKnown || frame.SystemId != Key.SystemId)
            return;
        _talk.Advance(receivedAt);
        switch (frame.MessageId)
        {
            case Heartbeat.MsgId:
                OnHeartbeat(frame.Decode<Heartbeat>(), frame.ComponentId, receivedAt, link, frame.Sequence);
                return;
            case Statustext.MsgId:
                _texts.Add(frame.Decode<Statustext>(), frame.ComponentId, receivedAt);
                TakeTexts();
                return;
            case VideoStreamInformation.MsgId: // of the autopilot, or of a camera that speaks for itself
                _videos.OnInformation(frame.Decode<VideoStreamInformation>(), frame.ComponentId, receivedAt);
                return;
        }

        // Who it is and whether its motors run comes first: a height without it would be taken for the ground's.
        if (State.Identity is null || frame.ComponentId != _talk.Component)
            return;
        State.HeardAt = receivedAt;
        if (Fold(frame, receivedAt, link))
            _streams.OnStreamed(receivedAt);
        else
            Converse(frame, receivedAt);
    }

    /// <summary>Lets time pass; to be called about every 100 ms. All timers of the conversation hang on it.</summary>
    public void Tick(DateTimeOffset now)
    {
        _talk.Advance(now);
        _texts.Tick(Now);
        TakeTexts();
        WatchTheLink();
        InferLanded(Now);
        TickProtocols();
        UpdateReadiness(Now);
    }

    /// <summary>Takes the next message to send. What has passed its <see cref="Outgoing.NotAfter"/> meanwhile is not given out.</summary>
    public bool TryTakeOutgoing(out Outgoing outgoing)
    {
        while (_talk.Outbox.TryTake(out outgoing))
        {
            if (outgoing.NotAfter is { } limit && limit < Now)
            {
                _commands.OnNotSent(outgoing.SendId, NotSentReason.Expired, wasTaken: false);
                continue;
            }

            if (outgoing.SendId != 0)
                _commands.OnSent(outgoing.SendId);
            return true;
        }

        return false;
    }

    /// <summary>Takes the next fact.</summary>
    public bool TryTakeFact([NotNullWhen(true)] out VehicleFact? fact) => _talk.Facts.TryTake(out fact);

    /// <summary>Copies the state, with ages.</summary>
    public VehicleSnapshot Snapshot(DateTimeOffset now) => VehicleSnapshot.Of(Key, State, _talk.Options, now);

    private DateTimeOffset Now => _talk.Now;

    private void Tell(VehicleFact fact) => _talk.Tell(fact);
}
