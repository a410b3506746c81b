using System.Collections.Concurrent;
using DroneOps.Links.Transports;
using DroneOps.Mavlink;

namespace DroneOps.Links;

/// <summary>Knows how to open what a link's address names; keeps the ends of memory links by name. Safe to share.</summary>
public sealed class LinkTransports(MessageCatalog catalog, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, MemoryLink> _memory = new(StringComparer.Ordinal);

    /// <summary>The messages that its links know.</summary>
    public MessageCatalog Catalog => catalog;

    /// <summary>The clock of its links.</summary>
    public TimeProvider Time => time;

    /// <summary>Makes memory://NAME a link and answers the end that the other side (a simulator, a test) uses.</summary>
    /// <param name="name">The name after memory://.</param>
    /// <param name="capacity">Datagrams that may wait in each direction.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public MemoryLink OfferMemory(string name, int capacity = 4096)
    {
        var (near, far) = MemoryLink.CreatePair(capacity);
        return _memory.TryAdd(name, near) ? far : throw new ArgumentException($"memory://{name} exists already.", nameof(name));
    }

    internal Transport Create(LinkUri uri, LinkOptions options) => uri.Kind switch
    {
        LinkKind.UdpListen => new UdpListenTransport(uri, options),
        LinkKind.Udp => new UdpTransport(uri, options),
        LinkKind.TcpListen => new TcpListenTransport(uri, options, catalog),
        LinkKind.Tcp => new TcpTransport(uri, catalog),
        LinkKind.Serial => new SerialTransport(uri, catalog, time),
        _ => _memory.TryGetValue(uri.Target, out var end)
            ? new MemoryTransport(uri, end)
            : throw new IOException($"Nobody offers {uri}."),
    };
}
