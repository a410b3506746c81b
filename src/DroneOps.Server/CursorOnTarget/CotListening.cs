using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using DroneOps.Server.Cluster;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>The ports to which TAK clients come.</summary>
/// <remarks>Owner of the listening sockets and of their clients.</remarks>
internal sealed partial class CotListening(CotVisits visits, CotFigures figures, TimeProvider time, IOptions<CursorOnTargetOptions> options, ILogger<CotListening> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TcpListener> _ports = [];
    private readonly List<Task> _accepting = [];
    private readonly Acceptor _acceptor = new(time);

    /// <summary>Where we listen, in the order of the options.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => [.. _ports.Select(port => (IPEndPoint)port.LocalEndpoint)];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listener in options.Value.Listeners)
        {
            var address = CotAddress.Parse(listener.Address);
            var tls = address.IsTls ? CotCertificates.ForListener(listener) : null;
            TcpListener port = new(IPAddress.Parse(address.Host), address.Port);
            try
            {
                port.Start();
            }
            catch (SocketException taken)
            {
                port.Dispose();
                throw new StartupException($"TAK clients cannot be listened for at {address}: {taken.Message}.", taken);
            }

            _ports.Add(port);
            Door door = new(address, tls, [.. listener.Networks.Select(text => IPNetwork.Parse(text))], listener.MostClients);
            _accepting.Add(_acceptor.RunAsync(port.AcceptSocketAsync, socket => ServeAsync(socket, door), gone => LogNotAccepted(gone, door.Address), _stopping.Token));
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        foreach (var port in _ports)
            port.Stop();
        await Task.WhenAll(_accepting);
        await _acceptor.WhenGoneAsync();
    }

    public void Dispose()
    {
        foreach (var port in _ports)
            port.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(Socket socket, Door door)
    {
        var remote = socket.RemoteEndPoint is IPEndPoint from ? from : new IPEndPoint(IPAddress.None, 0);
        if (!door.LetsIn(remote.Address) || !door.Enter())
        {
            figures.CountTurnedAway();
            LogTurnedAway(door.Address, remote, "foreign network, or no room");
            return;
        }

        try
        {
            CotVisits.Prepare(socket);
            await using NetworkStream plain = new(socket);
            if (door.Tls is null)
            {
                LogEnded(door.Address, remote, await visits.RunAsync(plain, door.Address, remote.ToString(), isServer: false, _stopping.Token));
                return;
            }

            await using SslStream secured = new(plain);
            await ShakeHandsAsync(secured, door.Tls);
            LogEnded(door.Address, remote, await visits.RunAsync(secured, door.Address, remote.ToString(), isServer: false, _stopping.Token));
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException or SocketException or OperationCanceledException)
        {
            if (_stopping.IsCancellationRequested)
                return;
            figures.CountTurnedAway();
            LogTurnedAway(door.Address, remote, refused.Message);
        }
        finally
        {
            door.Exit();
        }
    }

    private async Task ShakeHandsAsync(SslStream stream, SslServerAuthenticationOptions tls)
    {
        using CancellationTokenSource limit = new(HandshakeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopping.Token);
        await stream.AuthenticateAsServerAsync(tls, either.Token);
    }

    [LoggerMessage(LogLevel.Warning, "A TAK client could not be taken at {Address}")]
    private partial void LogNotAccepted(Exception gone, CotAddress address);

    [LoggerMessage(LogLevel.Warning, "A TAK client from {Remote} was turned away at {Address}: {Reason}")]
    private partial void LogTurnedAway(CotAddress address, IPEndPoint remote, string reason);

    [LoggerMessage(LogLevel.Information, "The TAK client from {Remote} at {Address} has left: {Reason}")]
    private partial void LogEnded(CotAddress address, IPEndPoint remote, string reason);

    /// <summary>Who may come in at one port, and how many.</summary>
    private sealed class Door(CotAddress address, SslServerAuthenticationOptions? tls, IReadOnlyList<IPNetwork> networks, int most)
    {
        private int _inside;

        public CotAddress Address => address;

        public SslServerAuthenticationOptions? Tls => tls;

        public bool LetsIn(IPAddress from)
        {
            var real = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
            return networks.Count == 0 || networks.Any(network => network.Contains(real));
        }

        public bool Enter()
        {
            if (Interlocked.Increment(ref _inside) <= most)
                return true;
            Interlocked.Decrement(ref _inside);
            return false;
        }

        public void Exit() => Interlocked.Decrement(ref _inside);
    }
}
