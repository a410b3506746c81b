using System.Net.Sockets;
using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A TCP connection that we make.</summary>
internal sealed class TcpTransport(LinkUri uri, MessageCatalog catalog) : Transport
{
    private Socket? _socket;
    private StreamPeer? _peer;
    private Task _reader = Task.CompletedTask;
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

    public override Task ReadAsync(IByteSink sink) => _reader = ReadToEndAsync(sink);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken) =>
        _peer!.Stream.WriteAsync(bytes, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_socket is null)
            return;
        // First end the conversation, then the socket: disposing one that is being read resets the connection, and what
        // was written last would be lost.
        TcpSettings.End(_socket);
        await _reader.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private async Task ReadToEndAsync(IByteSink sink)
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

    public static void End(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has ended already, or never began.
        }
    }
}
