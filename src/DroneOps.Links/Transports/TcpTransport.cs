using System.Net.Sockets;
using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A TCP connection that we make.</summary>
internal sealed class TcpTransport(LinkUri uri, MessageCatalog catalog) : Transport
{
    private Socket? _socket;
    private StreamPeer? _peer;
    private volatile bool _disposed;

    public override string ToString() => $"{_socket?.LocalEndPoint} to {uri.Target}:{uri.Port}";

    public override LinkPeer? FixedPeer => _peer;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var address = await HostAddress.ResolveAsync(uri.Target, cancellationToken);
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        TcpSettings.Apply(_socket);
        await _socket.ConnectAsync(address, uri.Port, cancellationToken);
        _peer = new StreamPeer($"{uri.Target}:{uri.Port}", new NetworkStream(_socket), catalog);
    }

    public override async Task ReadAsync(IByteSink sink)
    {
        try
        {
            await _peer!.ReadAsync(sink);
        }
        catch (Exception error) when (_disposed && error is IOException or ObjectDisposedException)
        {
            return;
        }

        if (!_disposed)
            throw new EndOfStreamException("the other side closed the connection");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken) =>
        _peer!.Stream.WriteAsync(bytes, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        _disposed = true;
        _socket?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Socket options that every TCP link has.</summary>
internal static class TcpSettings
{
    // A command that sits in the kernel's buffer can no longer expire, so the buffer is kept to about two seconds of a
    // slow link; the bounded queue above it is where things wait.
    private const int SendBufferBytes = 16 * 1024;
    private const int KeepAliveS = 5;

    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = SendBufferBytes;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveS);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveS);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
