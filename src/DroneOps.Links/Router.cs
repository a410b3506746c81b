using System.Security.Cryptography;
using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>Joins links into networks: passes each received frame up once, learns by which links a vehicle is heard, sends
/// by the best of them, and, where asked, passes frames on between links. It never changes a frame.</summary>
/// <remarks>Safe to share. Each network has one lock. The sink is called under it, so frames of one network reach the sink
/// in the order in which they were accepted, whatever links they came by; the sink must only queue and return.</remarks>
public sealed partial class Router
{
    private readonly RouterOptions _options;
    private readonly MessageCatalog _catalog;
    private readonly TimeProvider _time;
    private readonly Action<ReceivedFrame> _sink;
    private readonly FramePool _pool;
    private readonly Lock _gate = new();
    private volatile Dictionary<string, Network> _networks = new(StringComparer.Ordinal);

    /// <summary>A router without links.</summary>
    /// <param name="options">Its limits.</param>
    /// <param name="catalog">Which messages are known, and where their target lies.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sink">Gets every frame that is new, and disposes it when done.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option cannot work.</exception>
    public Router(RouterOptions options, MessageCatalog catalog, TimeProvider time, Action<ReceivedFrame> sink)
    {
        options.Validate();
        _options = options;
        _catalog = catalog;
        _time = time;
        _sink = sink;
        _pool = new FramePool(options.PooledFrames);
        _routeSilence = (long)(options.RouteSilence.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Takes a link into the network that its address names. From now on its frames come here.</summary>
    /// <exception cref="InvalidOperationException">The link is attached somewhere already.</exception>
    public void Attach(Link link)
    {
        if (link.Arrived is not null)
            throw new InvalidOperationException($"The link {link.Uri} is attached already.");
        Network network;
        lock (_gate)
        {
            if (!_networks.TryGetValue(link.Uri.Network, out network!))
            {
                network = new Network(link.Uri.Network, this);
                // Replaced, not changed: senders look networks up without a lock.
                _networks = new(_networks, StringComparer.Ordinal) { [network.Name] = network };
            }
        }

        lock (network.Gate)
            network.Links = [.. network.Links, link];
        link.Repeated = network.ReceiveRepeat;
        link.Arrived = network.Receive;
    }

    /// <summary>Lets a link go, and forgets the ways by it.</summary>
    public void Detach(Link link)
    {
        if (!_networks.TryGetValue(link.Uri.Network, out var network))
            return;
        lock (network.Gate)
        {
            network.Links = [.. network.Links.Where(other => !ReferenceEquals(other, link))];
            network.Routes.Forget(link);
        }

        link.Arrived = link.Repeated = null;
    }

    /// <summary>All links.</summary>
    public IReadOnlyList<Link> Links => [.. _networks.Values.SelectMany(network => network.Links)];

    /// <summary>How many frames were passed up, and how many were repeats, over all networks.</summary>
    public RouterCounters Counters()
    {
        RouterCounters sum = default;
        foreach (var network in _networks.Values)
        {
            lock (network.Gate)
                sum = new(sum.Passed + network.Passed, sum.Duplicates + network.Duplicates, sum.Forwarded + network.Forwarded);
        }

        return sum;
    }

    /// <summary>Completes once no link has anything to send or, on memory links, to hand over.</summary>
    public async Task WhenIdleAsync()
    {
        // What one link hands over may be queued on another, so first all of the one, then all of the other.
        foreach (var link in Links)
            await link.WhenQuietAsync();
        foreach (var link in Links)
            await link.WhenWrittenAsync();
    }

    private sealed class Network(string name, Router router)
    {
        private readonly Deduplicator _recent = new(
            (long)(router._options.DuplicateWindow.TotalSeconds * router._time.TimestampFrequency),
            router._options.DuplicateCapacity,
            BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));

        public string Name => name;

        public Lock Gate { get; } = new();

        public RouteTable Routes { get; } = new();

        public Link[] Links { get; set; } = [];

        public long Passed { get; private set; }

        public long Duplicates { get; private set; }

        public long Forwarded { get; private set; }

        public void Receive(Link link, LinkPeer peer, in MavlinkFrame frame, DateTimeOffset receivedAt)
        {
            lock (Gate)
            {
                var now = router._time.GetTimestamp();
                // A repeat teaches the way by which it came, too: that is how both links of a vehicle are known to live.
                if (frame.IsKnown)
                    Routes.Learn(frame.SystemId, frame.ComponentId, link, peer, now);
                if (!_recent.IsNew(frame.Bytes, now))
                {
                    Duplicates++;
                    return;
                }

                Passed++;
                var copy = router._pool.Copy(frame, link.Id, name, receivedAt);
                if (router._options.Forwards)
                    Forward(link, frame, copy);
                router._sink(copy);
            }
        }

        /// <summary>A signed frame whose stamp was seen before. If we passed on the very same one a moment ago, it is a
        /// repeat by a second link, which shows that this link works; otherwise it is a replay and shows nothing.</summary>
        public void ReceiveRepeat(Link link, LinkPeer peer, in MavlinkFrame frame, DateTimeOffset receivedAt)
        {
            lock (Gate)
            {
                var now = router._time.GetTimestamp();
                if (!_recent.IsRemembered(frame.Bytes, now))
                    return;
                Duplicates++;
                Routes.Learn(frame.SystemId, frame.ComponentId, link, peer, now);
            }
        }

        private void Forward(Link from, in MavlinkFrame frame, ReceivedFrame copy)
        {
            var (system, component) = router.TargetOf(frame);
            foreach (var link in Links)
            {
                if (ReferenceEquals(link, from) || (link.Uri.Group is { } group && group == from.Uri.Group))
                    continue;
                LinkPeer? peer = null;
                if (system != 0)
                {
                    // Addressed frames go only where their target was heard (MAVLink guide, "Routing").
                    if (Routes.Find(system, component)?.By(link) is not { } way)
                        continue;
                    peer = way.Peer;
                }

                if (link.TryForward(copy.Retain(), peer) == SendResult.Sent)
                    Forwarded++;
            }
        }
    }
}

/// <summary>What a router has done.</summary>
/// <param name="Passed">Frames passed up.</param>
/// <param name="Duplicates">Repeats that were dropped.</param>
/// <param name="Forwarded">Frames queued on other links, once for each.</param>
public readonly record struct RouterCounters(long Passed, long Duplicates, long Forwarded);
