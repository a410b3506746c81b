using System.Diagnostics.CodeAnalysis;
using DroneOps.Mavlink;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Our heartbeat in one network: fed from many vehicles' loops, sent by the gateway's tick.</summary>
internal sealed class NetworkHeartbeat(string network)
{
    private readonly Lock _gate = new();
    private readonly GcsHeartbeat _heartbeat = new();

    /// <summary>The network.</summary>
    public string Network => network;

    /// <summary>Something went the whole way that commands go.</summary>
    public void Feed(DateTimeOffset now)
    {
        lock (_gate)
            _heartbeat.Feed(now);
    }

    /// <summary>Whether heartbeats go out.</summary>
    public bool IsAlive(DateTimeOffset now)
    {
        lock (_gate)
            return _heartbeat.IsAlive(now);
    }

    /// <summary>The heartbeat to send now, if one is due.</summary>
    /// <param name="feed">Whether nobody can feed it yet because no vehicle is there.</param>
    public bool TryTake(DateTimeOffset now, bool feed, [NotNullWhen(true)] out OutgoingMessage? message)
    {
        lock (_gate)
        {
            if (feed)
                _heartbeat.Feed(now);
            return _heartbeat.Tick(now, out message);
        }
    }
}
