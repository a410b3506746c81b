namespace DroneOps.Vehicles.Protocols;

/// <summary>What time says about the heartbeats.</summary>
internal enum HeartbeatChange
{
    /// <summary>Nothing new.</summary>
    None,

    /// <summary>The first heartbeat ever.</summary>
    First,

    /// <summary>Just now silent for too long.</summary>
    Lost,

    /// <summary>The first heartbeat after a loss.</summary>
    Restored,
}

/// <summary>Watches the heartbeats of the autopilot. A loss is told once, not once a second.</summary>
internal sealed class HeartbeatWatch(TimeSpan timeout)
{
    public VehicleLinkState State { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    /// <summary>How long it was silent before the last heartbeat.</summary>
    public TimeSpan Silence { get; private set; }

    public HeartbeatChange Heard(DateTimeOffset at)
    {
        var before = State;
        Silence = before == VehicleLinkState.NeverHeard || at <= LastAt ? TimeSpan.Zero : at - LastAt;
        if (at > LastAt)
            LastAt = at;
        State = VehicleLinkState.Up;
        return before switch
        {
            VehicleLinkState.NeverHeard => HeartbeatChange.First,
            VehicleLinkState.Lost => HeartbeatChange.Restored,
            _ => HeartbeatChange.None,
        };
    }

    public HeartbeatChange Tick(DateTimeOffset now)
    {
        if (State != VehicleLinkState.Up || now - LastAt < timeout)
            return HeartbeatChange.None;
        State = VehicleLinkState.Lost;
        return HeartbeatChange.Lost;
    }
}
