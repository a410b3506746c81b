using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace DroneOps.Server.Feed;

/// <summary>The hub's connections, so that a message which is encoded already can be written to one of them, and its writer learns when the
/// connection has room again: SignalR's own ways encode for each client, or wait for the slowest of a group.</summary>
internal sealed class FeedConnections(ILogger<DefaultHubLifetimeManager<FeedHub>> logger) : DefaultHubLifetimeManager<FeedHub>(logger)
{
    private const int Tcp = 6; // IPPROTO_TCP
    private const int NotSentLowWater = 25; // TCP_NOTSENT_LOWAT, Linux
    private const int NotSentBytes = 128 * 1024;

    private readonly ConcurrentDictionary<string, HubConnectionContext> _connections = new(StringComparer.Ordinal);

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        KeepQueueShort(connection.Features.Get<IConnectionSocketFeature>()?.Socket ?? connection.GetHttpContext()?.Features.Get<IConnectionSocketFeature>()?.Socket);
        _connections[connection.ConnectionId] = connection;
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _connections.TryRemove(connection.ConnectionId, out _);
        return base.OnDisconnectedAsync(connection);
    }

    /// <summary>Writes a message; completes when the connection has room for the next. To one that has gone it does nothing.</summary>
    public ValueTask WriteAsync(string connection, FeedMessage message, CancellationToken cancellationToken) =>
        _connections.TryGetValue(connection, out var open) ? open.WriteAsync(message.Hub, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Ends a connection at once; its client comes again.</summary>
    public void Abort(string connection)
    {
        if (_connections.TryGetValue(connection, out var open))
            open.Abort();
    }

    /// <summary>The kernel would queue megabytes for a slow client, minutes of pictures that nobody wants to see any more. Within this
    /// limit the queue is here, where a newer snapshot replaces an older one.</summary>
    public static void KeepQueueShort(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux())
            return;
        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(NotSentBytes));
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            // It only bounds what waits.
        }
    }
}
