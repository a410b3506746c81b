using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DroneOps.Links.Transports;

/// <summary>One UDP socket that many vehicles send to. Answers leave from the same port: an autopilot's socket is often
/// connected and takes datagrams only from where it sends to.</summary>
internal sealed class UdpListenTransport(LinkUri uri, LinkOptions options) : Transport
{
    private const int LargestDatagram = 64 * 1024;

    private readonly Dictionary<SocketAddress, Endpoint> _endpoints = [];
    private Socket? _socket;
    private volatile bool _disposed;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_socket?.LocalEndPoint}, receive buffer {GrantedBuffer / 1024} KiB of {options.ReceiveBufferBytes / 1024} asked for");

    /// <summary>Receive buffer that the kernel granted, bytes. Linux answers twice what it lets a program use, and caps
    /// what is asked for at net.core.rmem_max.</summary>
    public int GrantedBuffer { get; private set; }

    public int LocalPort => ((IPEndPoint)_socket!.LocalEndPoint!).Port;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var address = await HostAddress.ResolveAsync(uri.Target, cancellationToken);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.ReceiveBufferSize = options.ReceiveBufferBytes;
        GrantedBuffer = OperatingSystem.IsLinux() ? _socket.ReceiveBufferSize / 2 : _socket.ReceiveBufferSize;
        _socket.Bind(new IPEndPoint(address, uri.Port));
    }

    public override Task ReadAsync(IByteSink sink)
    {
        // A blocking call on a thread of its own costs less than half of an asynchronous receive, and a fleet's port is busy.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Receive(sink, ended)) { IsBackground = true, Name = $"{uri.Target}:{uri.Port} receive" };
        thread.Start();
        return ended.Task;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        try
        {
            _socket!.SendTo(bytes.Span, SocketFlags.None, ((Endpoint)peer).Address);
        }
        catch (SocketException error) when (IsAboutOnePeer(error.SocketErrorCode))
        {
            // An unreachable vehicle is its own trouble, not the port's; its silence shows soon enough.
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Receive(IByteSink sink, TaskCompletionSource ended)
    {
        var socket = _socket!;
        var buffer = new byte[LargestDatagram];
        var from = new SocketAddress(socket.AddressFamily);
        var stranger = new Endpoint(this, from);
        try
        {
            while (!_disposed)
            {
                int count;
                try
                {
                    count = socket.ReceiveFrom(buffer, SocketFlags.None, from);
                }
                catch (SocketException error) when (!_disposed && IsAboutOnePeer(error.SocketErrorCode))
                {
                    continue;
                }

                if (!_endpoints.TryGetValue(from, out var peer) || !peer.IsAdmitted)
                    peer = stranger;
                sink.Datagram(peer, buffer.AsSpan(0, count));
                if (stranger.IsAdmitted)
                    stranger = new Endpoint(this, from);
            }

            ended.SetResult();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            if (_disposed)
                ended.SetResult();
            else
                ended.SetException(error);
        }
        catch (Exception error)
        {
            ended.SetException(error);
        }
    }

    // ICMP errors of an earlier datagram surface on the socket; they say nothing of the socket itself.
    private static bool IsAboutOnePeer(SocketError error) =>
        error is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.MessageSize or SocketError.AccessDenied;

    /// <summary>An endpoint. Until it is admitted it stands for whoever sent the datagram in hand, and borrows the
    /// receive address; from then on it has a copy of its own.</summary>
    private sealed class Endpoint(UdpListenTransport transport, SocketAddress address) : LinkPeer("")
    {
        public SocketAddress Address { get; private set; } = address;

        internal override void Settle()
        {
            SocketAddress own = new(Address.Family, Address.Size);
            Address.Buffer.Span[..Address.Size].CopyTo(own.Buffer.Span);
            Address = own;
            Name = new IPEndPoint(IPAddress.Any, 0).Create(own).ToString() ?? "";
            transport.Prune();
            transport._endpoints[own] = this;
        }
    }

    // Peers that lost their place in the link's table are dropped here when they come to outnumber the living.
    private void Prune()
    {
        if (_endpoints.Count < 2 * options.MaxPeers)
            return;
        foreach (var (address, endpoint) in _endpoints)
        {
            if (!endpoint.IsAdmitted)
                _endpoints.Remove(address);
        }
    }
}
