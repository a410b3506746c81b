using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>One way to a vehicle, as it is known now.</summary>
/// <param name="Network">The network.</param>
/// <param name="SystemId">The vehicle's system id in it.</param>
/// <param name="Link">The link.</param>
/// <param name="Peer">The endpoint on that link, in words.</param>
/// <param name="Age">Since it was last heard by this way.</param>
/// <param name="LossRatio">Share of its frames lost recently on this way, 0..1.</param>
/// <param name="IsCurrent">Whether messages to it go this way.</param>
public sealed record RouteStatus(string Network, byte SystemId, LinkId Link, string Peer, TimeSpan Age, double LossRatio, bool IsCurrent);

public sealed partial class Router
{
    private readonly long _routeSilence;

    /// <summary>Queues a message to a vehicle on the best of its links, or on the next best where that one cannot take it.</summary>
    /// <param name="network">The vehicle's network.</param>
    /// <param name="systemId">Its system id.</param>
    /// <param name="message">The message; where it names a target component that has a way of its own, it goes there.</param>
    /// <param name="sender">Our address.</param>
    /// <param name="notAfter">When it is too late; null for never.</param>
    /// <returns><see cref="SendResult.Sent"/> when it was queued: use <see cref="SendAsync"/> to learn what became of it.</returns>
    public SendResult Send(string network, byte systemId, OutgoingMessage message, MavlinkAddress sender, DateTimeOffset? notAfter)
    {
        var outcome = SendResult.NoLink;
        foreach (var (link, peer) in WaysTo(network, systemId, message))
        {
            outcome = link.TrySend(message, sender, peer, notAfter);
            if (outcome is SendResult.Sent or SendResult.Expired)
                break;
        }

        return outcome;
    }

    /// <summary>Queues a message to a vehicle on every open way to it: for what may arrive twice and must arrive. A way that died a moment ago
    /// still counts as the best one for <see cref="RouterOptions.RouteSilence"/>.</summary>
    /// <param name="network">The vehicle's network.</param>
    /// <param name="systemId">Its system id.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Our address.</param>
    /// <param name="notAfter">When it is too late; null for never.</param>
    /// <returns><see cref="SendResult.Sent"/> when at least one link queued it, and how many did.</returns>
    public (SendResult Result, int Copies) SendByAllWays(string network, byte systemId, OutgoingMessage message, MavlinkAddress sender, DateTimeOffset? notAfter)
    {
        var (outcome, copies) = (SendResult.NoLink, 0);
        foreach (var (link, peer) in WaysTo(network, systemId, message))
        {
            var result = link.TrySend(message, sender, peer, notAfter);
            if (result == SendResult.Sent)
                copies++;
            else if (outcome == SendResult.NoLink)
                outcome = result;
        }

        return (copies > 0 ? SendResult.Sent : outcome, copies);
    }

    /// <summary>The same as <see cref="Send"/>, and waits until the bytes went out or it is certain that they will not. It is never sent by a
    /// second link once a first has accepted it: that could execute a command twice.</summary>
    public async Task<SendResult> SendAsync(string network, byte systemId, OutgoingMessage message, MavlinkAddress sender, DateTimeOffset? notAfter)
    {
        var outcome = SendResult.NoLink;
        foreach (var (link, peer) in WaysTo(network, systemId, message))
        {
            outcome = await link.SendAsync(message, sender, peer, notAfter);
            // No link and a full queue both mean that no byte of it has left.
            if (outcome is not (SendResult.NoLink or SendResult.QueueFull))
                break;
        }

        return outcome;
    }

    /// <summary>Queues a message for everybody in a network, our heartbeat for example.</summary>
    /// <returns>The number of links that took it.</returns>
    public int Broadcast(string network, OutgoingMessage message, MavlinkAddress sender)
    {
        if (!_networks.TryGetValue(network, out var found))
            return 0;
        Link[] links;
        lock (found.Gate)
            links = found.Links;
        return links.Count(link => link.TrySend(message, sender, peer: null, notAfter: null) == SendResult.Sent);
    }

    /// <summary>The ways to all vehicles that were heard.</summary>
    public IReadOnlyList<RouteStatus> Routes()
    {
        List<RouteStatus> all = [];
        foreach (var network in _networks.Values)
        {
            lock (network.Gate)
            {
                var now = _time.GetTimestamp();
                foreach (var (system, routes) in network.Routes.Systems())
                {
                    all.AddRange(routes.Ways.Select(route => new RouteStatus(
                        network.Name, system, route.Link.Id, route.Peer.Name, _time.GetElapsedTime(route.LastHeard, now),
                        route.Loss, ReferenceEquals(route, routes.Current))));
                }
            }
        }

        return all;
    }

    /// <summary>The share of a vehicle's frames lost recently on the way that messages to it go, 0..1; null before one went.</summary>
    public double? LossRatio(string network, byte systemId)
    {
        if (!_networks.TryGetValue(network, out var found))
            return null;
        lock (found.Gate)
            return found.Routes.Find(systemId, RouteTable.Autopilot)?.Current?.Loss;
    }

    private (Link Link, LinkPeer Peer)[] WaysTo(string network, byte systemId, OutgoingMessage message)
    {
        if (!_networks.TryGetValue(network, out var found))
            return [];
        var component = ComponentIn(message);
        lock (found.Gate)
        {
            if (found.Routes.Find(systemId, component) is not { Ways.Count: > 0 } routes)
                return [];
            var now = _time.GetTimestamp();
            var current = routes.Current;
            Route[] ranked = [.. routes.Ways.Order(Comparer<Route>.Create((a, b) => Rank(a, b, current, now)))];
            if (ranked[0].Link.State == LinkState.Open)
                routes.Current = ranked[0];
            return [.. ranked.Select(route => (route.Link, route.Peer))];
        }
    }

    // Open before closed, heard lately before silent, the configured priority, then the way in use unless another loses
    // clearly less, so that commands do not hop between two equal links.
    private int Rank(Route a, Route b, Route? current, long now)
    {
        var byState = (b.Link.State == LinkState.Open).CompareTo(a.Link.State == LinkState.Open);
        if (byState != 0)
            return byState;
        var aLives = now - a.LastHeard < _routeSilence;
        var bLives = now - b.LastHeard < _routeSilence;
        if (aLives != bLives)
            return aLives ? -1 : 1;
        if (!aLives)
            return b.LastHeard.CompareTo(a.LastHeard);
        var byPriority = a.Link.Uri.Priority.CompareTo(b.Link.Uri.Priority);
        if (byPriority != 0)
            return byPriority;
        var byLoss = Cost(a).CompareTo(Cost(b));
        return byLoss != 0 ? byLoss : a.Link.Id.Value.CompareTo(b.Link.Id.Value);

        double Cost(Route route) => route.Loss - (ReferenceEquals(route.Link, current?.Link) ? _options.LossAdvantage : 0);
    }

    private byte ComponentIn(OutgoingMessage message) =>
        _catalog.TryFind(message.MessageId, out var info) && info.TargetComponentOffset is >= 0 and var offset && offset < message.Payload.Length
            ? message.Payload[offset]
            : (byte)0;

    private (byte System, byte Component) TargetOf(in MavlinkFrame frame)
    {
        if (!frame.IsKnown || !_catalog.TryFind(frame.MessageId, out var info) || info.TargetSystemOffset < 0)
            return (0, 0);
        // MAVLink 2 cuts trailing zeros off, a target of zero included.
        var payload = frame.Payload;
        return (At(payload, info.TargetSystemOffset), At(payload, info.TargetComponentOffset));

        static byte At(ReadOnlySpan<byte> payload, int offset) => offset >= 0 && offset < payload.Length ? payload[offset] : (byte)0;
    }
}
