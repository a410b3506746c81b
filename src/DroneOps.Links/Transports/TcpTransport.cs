using System.Net.Sockets;
using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A TCP connection that we make.</summary>
internal sealed class TcpTransport(LinkUri uri, MessageCatalog catalog) : Transport
{
    private Socket? _socket;
    private StreamPeer? _peer;
    private Task _reader = Task.CompletedTask;
    private bool _isWriting;
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

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        // Left set by a write that fails or is given up: then the other side takes nothing any more.
        _isWriting = true;
        await _peer!.Stream.WriteAsync(bytes, cancellationToken);
        _isWriting = false;
    }

    public override async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_socket is null)
            return;
        if (_isWriting)
        {
            TcpSettings.Abort(_socket);
            await _reader.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

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

    // Linux, tcp(7). As long as a command waits for its answer: what is not acknowledged by then is given up with the
    // connection, because the system would deliver it for a quarter of an hour, whenever the network comes back.
    private const int UserTimeoutOption = 18;
    private const int UserTimeoutMs = 3000;

    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendBufferSize = SendBufferBytes;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveS);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveS);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        // Elsewhere the option has another number and another unit, or is missing: there the system's own patience decides.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeoutOption, BitConverter.GetBytes(UserTimeoutMs));
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

    /// <summary>Closes a connection that takes nothing any more, and throws away what the system has of it: a command in
    /// there would still be sent after the socket is gone.</summary>
    public static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Nothing is left to be thrown away.
        }

        socket.Dispose();
    }
}
