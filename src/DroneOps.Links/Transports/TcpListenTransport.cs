using System.Net;
using System.Net.Sockets;
using DroneOps.Mavlink;

namespace DroneOps.Links.Transports;

/// <summary>A TCP port that several vehicles or bridges connect to; every connection is a peer.</summary>
internal sealed class TcpListenTransport(LinkUri uri, LinkOptions options, MessageCatalog catalog) : Transport
{
    private const int SlowestWriteMs = 1000;

    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _connections = [];
    private Socket? _listener;
    private bool _disposed;

    public override string ToString() => $"{_listener?.LocalEndPoint}, TCP";

    public int LocalPort => ((IPEndPoint)_listener!.LocalEndPoint!).Port;

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var address = await HostAddress.ResolveAsync(uri.Target, cancellationToken);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address, uri.Port));
        _listener.Listen(backlog: 64);
    }

    public override async Task ReadAsync(IByteSink sink)
    {
        HashSet<Task> readers = [];
        try
        {
            while (true)
            {
                var connection = await _listener!.AcceptAsync();
                if (!TryKeep(connection))
                {
                    connection.Dispose();
                    continue;
                }

                readers.RemoveWhere(reader => reader.IsCompleted);
                readers.Add(ServeAsync(connection, sink));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(readers);
            lock (_gate)
            {
                if (_disposed)
                    return;
            }

            throw;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, LinkPeer peer, CancellationToken cancellationToken)
    {
        // One vehicle that does not read must not hold up the others: what it does not take within the socket's send
        // timeout ends its connection. Only a synchronous write honours that timeout.
        var stream = (NetworkStream)((StreamPeer)peer).Stream;
        try
        {
            stream.Write(bytes.Span);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Its reader notices the same and takes the peer out.
            TcpSettings.Abort(stream.Socket);
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Socket[] connections;
        lock (_gate)
        {
            _disposed = true;
            connections = [.. _connections];
        }

        _listener?.Dispose();
        // Each connection's reader then ends and disposes it.
        foreach (var connection in connections)
            TcpSettings.End(connection);
        return ValueTask.CompletedTask;
    }

    private bool TryKeep(Socket connection)
    {
        lock (_gate)
            return !_disposed && _connections.Count < options.MaxPeers && _connections.Add(connection);
    }

    private async Task ServeAsync(Socket connection, IByteSink sink)
    {
        StreamPeer? peer = null;
        try
        {
            TcpSettings.Apply(connection);
            connection.SendTimeout = SlowestWriteMs;
            peer = new StreamPeer(connection.RemoteEndPoint?.ToString() ?? "", new NetworkStream(connection, ownsSocket: true), catalog);
            await peer.ReadAsync(sink);
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // A connection that breaks is over, as one that ends is.
        }
        finally
        {
            if (peer is not null)
                sink.Gone(peer);
            lock (_gate)
                _connections.Remove(connection);
            connection.Dispose();
        }
    }
}
