using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using DroneOps.Links;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Keeps the connections to TAK servers: makes each, and makes it again after it ended, with growing pauses.</summary>
internal sealed partial class CotCalling(CotVisits visits, TimeProvider time, IOptions<CursorOnTargetOptions> options, ILogger<CotCalling> logger) : BackgroundService
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly BackOff Pauses = new() { First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(1), Settled = TimeSpan.FromMinutes(1) };

    private readonly List<(CotAddress Address, SslClientAuthenticationOptions? Tls)> _servers = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var output in options.Value.Outputs)
        {
            var address = CotAddress.Parse(output.Address);
            _servers.Add((address, address.IsTls ? CotCertificates.ForOutput(output, address) : null));
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_servers.Select(server => KeepAsync(server.Address, server.Tls, stoppingToken)));

    private async Task KeepAsync(CotAddress address, SslClientAuthenticationOptions? tls, CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            try
            {
                var reason = await CallAsync(address, tls, stopping);
                LogEnded(address, reason);
            }
            catch (Exception failed) when (failed is SocketException or IOException or AuthenticationException or OperationCanceledException)
            {
                if (stopping.IsCancellationRequested)
                    return;
                LogFailed(address, failed is OperationCanceledException ? "no answer in time" : failed.Message);
            }

            failures = time.GetElapsedTime(began) >= Pauses.Settled ? 1 : failures + 1;
            try
            {
                await Task.Delay(Pauses.Next(failures, Random.Shared), time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<string> CallAsync(CotAddress address, SslClientAuthenticationOptions? tls, CancellationToken stopping)
    {
        using TcpClient client = new();
        using CancellationTokenSource limit = new(ConnectLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        await client.ConnectAsync(address.Host, address.Port, either.Token);
        CotVisits.Prepare(client.Client);
        var remote = client.Client.RemoteEndPoint?.ToString() ?? address.ToString();
        await using var plain = client.GetStream();
        if (tls is null)
            return await visits.RunAsync(plain, address, remote, isServer: true, stopping);
        await using SslStream secured = new(plain);
        await secured.AuthenticateAsClientAsync(tls, either.Token);
        return await visits.RunAsync(secured, address, remote, isServer: true, stopping);
    }

    [LoggerMessage(LogLevel.Information, "The connection to the TAK server {Address} has ended: {Reason}")]
    private partial void LogEnded(CotAddress address, string reason);

    [LoggerMessage(LogLevel.Warning, "The TAK server {Address} cannot be reached: {Reason}")]
    private partial void LogFailed(CotAddress address, string reason);
}
