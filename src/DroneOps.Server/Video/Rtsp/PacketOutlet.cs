using System.Net;
using DroneOps.Media.Rtp;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>The way by which one viewer's packets leave.</summary>
internal abstract class PacketOutlet
{
    /// <summary>The channel that the packets of pictures are marked with; the next one is that of reports.</summary>
    public abstract byte Channel { get; }

    /// <summary>What the answer to SETUP says of it.</summary>
    public abstract string Describe(uint source);

    /// <summary>Its name in the audit log.</summary>
    public abstract string Name { get; }

    /// <summary>Sends pictures. Waits while the viewer takes nothing.</summary>
    public abstract ValueTask SendAsync(RtpBatch packets, CancellationToken cancellation);

    /// <summary>Sends reports.</summary>
    public abstract ValueTask ReportAsync(RtpBatch packets, CancellationToken cancellation);
}

/// <summary>In RTSP's own connection (RFC 2326, 10.12).</summary>
internal sealed class InterleavedOutlet(RtspWire wire, RtspTransport transport) : PacketOutlet
{
    public override byte Channel => (byte)transport.First;

    public override string Name => "tcp";

    public override string Describe(uint source) => $"RTP/AVP/TCP;unicast;interleaved={transport.First}-{transport.Second};ssrc={source:X8}";

    public override ValueTask SendAsync(RtpBatch packets, CancellationToken cancellation) => wire.WriteAsync(packets.Interleaved, cancellation);

    public override ValueTask ReportAsync(RtpBatch packets, CancellationToken cancellation) => wire.WriteAsync(packets.Interleaved, cancellation);
}

/// <summary>As datagrams to the two ports that the viewer named, at the address from which it came.</summary>
internal sealed class DatagramOutlet(RtspDatagrams datagrams, IPAddress viewer, RtspTransport transport) : PacketOutlet
{
    private readonly SocketAddress _pictures = new IPEndPoint(viewer, transport.First).Serialize();
    private readonly SocketAddress _reports = new IPEndPoint(viewer, transport.Second).Serialize();

    public override byte Channel => 0;

    public override string Name => "udp";

    public override string Describe(uint source) =>
        $"RTP/AVP;unicast;client_port={transport.First}-{transport.Second};server_port={datagrams.Port}-{datagrams.Port + 1};ssrc={source:X8}";

    public override async ValueTask SendAsync(RtpBatch packets, CancellationToken cancellation)
    {
        for (var number = 0; number < packets.Count; number++)
            await datagrams.SendAsync(packets[number], _pictures, cancellation);
    }

    public override async ValueTask ReportAsync(RtpBatch packets, CancellationToken cancellation)
    {
        for (var number = 0; number < packets.Count; number++)
            await datagrams.ReportAsync(packets[number], _reports, cancellation);
    }
}
