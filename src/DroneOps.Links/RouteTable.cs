namespace DroneOps.Links;

/// <summary>One way to a component: a link, and who on it.</summary>
internal sealed class Route(Link link, LinkPeer peer)
{
    public Link Link { get; } = link;

    public LinkPeer Peer { get; set; } = peer;

    public long LastHeard { get; set; }

    public double Loss => Peer.Sequences.RecentLoss;
}

/// <summary>The ways to one component, and the one in use.</summary>
internal sealed class ComponentRoutes(byte componentId)
{
    public byte ComponentId { get; } = componentId;

    public List<Route> Ways { get; } = [];

    public Route? Current { get; set; }

    public Route? By(Link link)
    {
        foreach (var way in Ways)
        {
            if (ReferenceEquals(way.Link, link))
                return way;
        }

        return null;
    }

    public void Note(Link link, LinkPeer peer, long now)
    {
        var way = By(link);
        if (way is null)
            Ways.Add(way = new Route(link, peer));
        way.Peer = peer;
        way.LastHeard = now;
    }

    public void Forget(Link link)
    {
        Ways.RemoveAll(way => ReferenceEquals(way.Link, link));
        if (ReferenceEquals(Current?.Link, link))
            Current = null;
    }
}

/// <summary>Which links lead to which component of which system, within one network. Bounded: 255 systems, each with at
/// most <see cref="MostComponents"/> components, each by at most the links there are. Owned by its router.</summary>
internal sealed class RouteTable
{
    /// <summary>The component whose ways stand for its system.</summary>
    public const byte Autopilot = 1;

    private const int MostComponents = 64;

    // Of each system, first the ways to whatever component of it, under id 0, which no sender may have.
    private readonly List<ComponentRoutes>?[] _systems = new List<ComponentRoutes>?[256];

    /// <summary>Notes that a component was heard by this way.</summary>
    public void Learn(byte systemId, byte componentId, Link link, LinkPeer peer, long now)
    {
        if (systemId == 0)
            return;
        var components = _systems[systemId] ??= [new(0)];
        components[0].Note(link, peer, now);
        if (componentId == 0)
            return;
        foreach (var component in components)
        {
            if (component.ComponentId == componentId)
            {
                component.Note(link, peer, now);
                return;
            }
        }

        if (components.Count > MostComponents)
            return;
        ComponentRoutes learned = new(componentId);
        learned.Note(link, peer, now);
        components.Add(learned);
    }

    /// <summary>The ways to a component, or to its system where the component was never heard; null where neither was.</summary>
    public ComponentRoutes? Find(byte systemId, byte componentId)
    {
        if (_systems[systemId] is not { } components)
            return null;
        foreach (var component in components)
        {
            if (component.ComponentId == componentId && component.Ways.Count > 0)
                return component;
        }

        return components[0];
    }

    /// <summary>Every system that was heard, with the ways to its autopilot where that was heard, else to any of it.</summary>
    public IEnumerable<(byte SystemId, ComponentRoutes Routes)> Systems()
    {
        for (var id = 1; id < _systems.Length; id++)
        {
            if (Find((byte)id, Autopilot) is { } routes)
                yield return ((byte)id, routes);
        }
    }

    public void Forget(Link link)
    {
        foreach (var components in _systems)
        {
            foreach (var component in components ?? [])
                component.Forget(link);
        }
    }
}
