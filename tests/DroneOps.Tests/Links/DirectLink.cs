using DroneOps.Links;
using DroneOps.Mavlink;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Tests.Links;

/// <summary>Links that are fed on the test's own thread, below their transports: for order, counts and allocations.</summary>
internal sealed class DirectLink
{
    public DirectLink(Router router, TimeProvider time, string query = "", LinkOptions? options = null, int id = 1)
    {
        Link = new Link(
            new LinkId(id), LinkUri.Parse("memory://direct" + query), options ?? new LinkOptions(),
            new LinkTransports(MessageCatalog.Default, time), NullLogger<Link>.Instance);
        router.Attach(Link);
    }

    public Link Link { get; }

    public LinkPeer Peer { get; } = new("direct");

    public void Receive(ReadOnlySpan<byte> datagram) => Link.ReceiveDatagram(Peer, datagram);

    public void Receive(LinkPeer peer, ReadOnlySpan<byte> datagram) => Link.ReceiveDatagram(peer, datagram);
}
