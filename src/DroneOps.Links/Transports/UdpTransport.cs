using System.Net;
using System.Net.Sockets;

namespace DroneOps.Links.Transports;

/// <summary>UDP to one other side. The socket is connected, so that the kernel drops what comes from anybody else.</summary>
internal sealed class UdpTransport(LinkUri uri, LinkOptions options) : Transport
{
    private readonly LinkPeer _peer = new($"{uri.Target}:{uri.Port}");
    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;
    private volatile bool _disposed;

    public override string ToString() => $"{_socket?.LocalEndPoint} to {_peer.Name}";

    public override LinkPeer FixedPeer => _peer;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var address = await HostAddress.ResolveAsync(uri.Target, cancellationToken);
        _socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = options.ReceiveBufferBytes };
        await _socket.ConnectAsync(new IPEndPoint(address, uri.Port), cancellationToken);
    }

    public override async Task ReadAsync(IByteSink sink)
    {
        while (!_disposed)
        {
            int count;
            try
            {
                count = await _socket!.ReceiveAsync(_buffer.AsMemory(), SocketFlags.None, CancellationToken.None);
            }
            catch (SocketException error) when (!_disposed && IsNobodyThere(error.SocketErrorCode))
            {
                continue;
            }
            catch (Exception error) when (_disposed && error is SocketException or ObjectDisposedException)
            {
                return;
            }

            sink.Datagram(_peer, _buffer.AsSpan(0, count));
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        try
        {
            await _socket!.SendAsync(bytes, SocketFlags.None, cancellationToken);
        }
        catch (SocketException error) when (IsNobodyThere(error.SocketErrorCode))
        {
            // Datagrams to a server that is not up yet are lost, as datagrams are; the link stays open for when it is.
        }
    }

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsNobodyThere(SocketError error) =>
        error is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.HostDown;
}
