using System.Net;
using System.Net.Sockets;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video.Rtsp;

/// <summary>The port to which viewers come that speak RTSP.</summary>
/// <remarks>Owner of the listening socket, of the two ports of datagrams and of the connections.</remarks>
internal sealed partial class RtspListening(
    RtspAdmission admission, RtspViewings viewings, VideoStreams streams, IOptions<RtspOptions> options, IOptions<VideoOptions> video, TimeProvider time, ILoggerFactory loggers, ILogger<RtspListening> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Acceptor _acceptor = new(time);
    private readonly List<Task> _loops = [];
    private TcpListener? _port;
    private RtspDatagrams? _datagrams;

    /// <summary>How many viewers are connected.</summary>
    public int Connections => _acceptor.Count;

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
        var (port, datagrams) = (_port, _datagrams);
        _loops.Add(_acceptor.RunAsync(port.AcceptSocketAsync, socket => ServeAsync(socket, datagrams), LogNotAccepted, _stopping.Token));
        _loops.Add(Task.Run(() => _datagrams.ReceiveAsync(_stopping.Token), CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _port?.Stop();
        await Task.WhenAll(_loops);
        await _acceptor.WhenGoneAsync();
    }

    public void Dispose()
    {
        _port?.Dispose();
        _datagrams?.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(Socket socket, RtspDatagrams datagrams)
    {
        if (socket.RemoteEndPoint is not IPEndPoint remote)
            return;
        if (_acceptor.Count > options.Value.MostConnections)
        {
            LogFull(remote);
            return;
        }

        try
        {
            socket.NoDelay = true;
            SendQueue.KeepShort(socket);
            await using NetworkStream stream = new(socket);
            using RtspConnection connection = new(stream, remote, datagrams, admission, viewings, streams, video, time, loggers.CreateLogger<RtspConnection>());
            await connection.RunAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The service stops.
        }
        catch (Exception broken)
        {
            // One viewer's trouble is no other's.
            LogBroken(broken, remote);
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
