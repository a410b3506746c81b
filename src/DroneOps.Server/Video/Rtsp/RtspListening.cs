using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>The port to which viewers come that speak RTSP.</summary>
/// <remarks>Owner of the listening socket, of the two ports of datagrams and of the tasks of the connections.</remarks>
internal sealed partial class RtspListening(
    RtspAdmission admission, RtspViewings viewings, VideoStreams streams, IOptions<RtspOptions> options, IOptions<VideoOptions> video, TimeProvider time, ILoggerFactory loggers, ILogger<RtspListening> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly List<Task> _loops = [];
    private TcpListener? _port;
    private RtspDatagrams? _datagrams;
    private long _number;

    /// <summary>How many viewers are connected.</summary>
    public int Connections => _connections.Count;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Port == 0)
            return Task.CompletedTask;
        var address = IPAddress.Parse(options.Value.Address);
        try
        {
            _port = new(address, options.Value.Port);
            if (address.Equals(IPAddress.IPv6Any))
                _port.Server.DualMode = true;
            _port.Start();
            _datagrams = new(address, options.Value.UdpPort);
        }
        catch (SocketException taken)
        {
            throw new StartupException($"DroneOps:Rtsp: viewers cannot be listened for at {address}, port {options.Value.Port}, UDP {options.Value.UdpPort}: {taken.Message}.", taken);
        }

        LogListening(_port.LocalEndpoint, _datagrams.Port);
        _loops.Add(Task.Run(() => AcceptAsync(_port, _datagrams), CancellationToken.None));
        _loops.Add(Task.Run(() => _datagrams.ReceiveAsync(_stopping.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _port?.Stop();
        await Task.WhenAll([.. _loops, .. _connections.Values]);
    }

    public void Dispose()
    {
        _port?.Dispose();
        _datagrams?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener port, RtspDatagrams datagrams)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await port.AcceptSocketAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException gone)
            {
                LogNotAccepted(gone);

                // Either that viewer went before it was let in, or there is nothing left to let anybody in with. That lasts, and asking at once would take a whole core.
                if (gone.SocketErrorCode is not (SocketError.ConnectionAborted or SocketError.ConnectionReset))
                    await Task.Delay(Breath, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (_connections.Count >= options.Value.MostConnections)
            {
                LogFull(socket.RemoteEndPoint);
                socket.Dispose();
                continue;
            }

            var number = Interlocked.Increment(ref _number);
            var connection = Task.Run(() => ServeAsync(socket, datagrams), CancellationToken.None);
            _connections[number] = connection;
            _ = connection.ContinueWith(_ => _connections.TryRemove(number, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket, RtspDatagrams datagrams)
    {
        using (socket)
        {
            if (socket.RemoteEndPoint is not IPEndPoint remote)
                return;
            try
            {
                socket.NoDelay = true;
                SendQueue.KeepShort(socket);
                await using NetworkStream stream = new(socket);
                using RtspConnection connection = new(stream, remote, datagrams, admission, viewings, streams, video, time, loggers.CreateLogger<RtspConnection>());
                await connection.RunAsync(_stopping.Token);
            }
            catch (Exception broken) when (!_stopping.IsCancellationRequested)
            {
                // One viewer's trouble is no other's.
                LogBroken(broken, remote);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Viewers are listened for by RTSP at {Address}, datagrams from UDP port {Port}")]
    private partial void LogListening(EndPoint address, int port);

    [LoggerMessage(LogLevel.Warning, "An RTSP viewer could not be taken")]
    private partial void LogNotAccepted(Exception gone);

    [LoggerMessage(LogLevel.Warning, "The RTSP viewer at {Remote} was turned away: there is no room")]
    private partial void LogFull(EndPoint? remote);

    [LoggerMessage(LogLevel.Error, "The connection of the RTSP viewer at {Remote} broke")]
    private partial void LogBroken(Exception broken, EndPoint remote);
}
