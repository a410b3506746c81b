using System.Diagnostics.CodeAnalysis;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <summary>Our own heartbeat, for one network. It is fed by the path that commands take: when that path is dead the heartbeats stop, and the
/// vehicles' ground station failsafe does what it is there for. A bare timer would hide the death (MAVLink guide, heartbeat: it must not be
/// sent by a thread that does not know whether the rest of the component works). Owned by the gateway's loop.</summary>
public sealed class GcsHeartbeat
{
    /// <summary>How often it is sent.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How long after the last feeding it still goes out: the last one leaves less than 3 s after it.</summary>
    public static readonly TimeSpan FedFor = TimeSpan.FromSeconds(2.5);

    private readonly OutgoingMessage _message = OutgoingMessage.From(new Heartbeat
    {
        Type = MavType.Gcs,
        Autopilot = MavAutopilot.Invalid,
        SystemStatus = MavState.Active,
        MavlinkVersion = 3,
    });

    private DateTimeOffset? _fedAt;
    private DateTimeOffset? _sentAt;

    /// <summary>Whether heartbeats go out.</summary>
    public bool IsAlive(DateTimeOffset now) => _fedAt is { } fed && now - fed <= FedFor;

    /// <summary>The command path works: to be called from its loop, after something went all the way through it.</summary>
    public void Feed(DateTimeOffset now) => _fedAt = now;

    /// <summary>Lets time pass.</summary>
    /// <param name="now">Now.</param>
    /// <param name="heartbeat">What to send on every link of the network.</param>
    /// <returns>Whether a heartbeat is due.</returns>
    public bool Tick(DateTimeOffset now, [NotNullWhen(true)] out OutgoingMessage? heartbeat)
    {
        heartbeat = null;
        if (!IsAlive(now) || (_sentAt is { } sent && now - sent < Period))
            return false;
        // A tick that comes late does not shift the ones after it.
        _sentAt = _sentAt is { } last && now - last < Period + Period ? last + Period : now;
        heartbeat = _message;
        return true;
    }
}
