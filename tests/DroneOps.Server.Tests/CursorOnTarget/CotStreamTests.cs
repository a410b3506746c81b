using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>Streams that live: pings, slow readers, servers that go and come.</summary>
public sealed class CotStreamTests
{
    private const string Ping = "<?xml version=\"1.0\"?>\n<event version=\"2.0\" uid=\"x-ping\" type=\"t-x-c-t\" time=\"2026-05-01T00:00:00Z\" start=\"2026-05-01T00:00:00Z\" stale=\"2026-05-01T00:00:10Z\" how=\"m-g\"><point lat=\"0\" lon=\"0\" hae=\"0\" ce=\"9999999\" le=\"9999999\"/></event>";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_ping_is_answered_and_nothing_else_does_anything()
    {
        await using var server = await ListeningAsync();
        await using var phone = await CotClient.ConnectAsync(PortOf(server));
        await phone.SendAsync("<event type=\"a-f-G-U-C\"><point/></event><event type=\"t-x-d-d\"><detail/></event>rubbish</event>");
        await phone.SendAsync(Ping);
        Assert.Equal("t-x-c-t-r", (await phone.NextAsync())!.Of("type"));
        var figures = server.Services.GetRequiredService<CotFigures>();
        Assert.Equal((2, 1, 1), (figures.Received(CotReceived.Other), figures.Received(CotReceived.Malformed), figures.Received(CotReceived.Ping)));
        Assert.Empty(server.Services.GetRequiredService<VehicleBoard>().All);
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_open_by_our_own_pings()
    {
        await using var server = await ListeningAsync();
        await using var phone = await CotClient.ConnectAsync(PortOf(server));
        await phone.SendAsync(Ping);
        await phone.NextAsync("t-x-c-t-r");
        server.Time.Advance(CotConnection.PingEvery);
        Assert.Equal("droneops-ping", (await phone.NextAsync("t-x-c-t")).Of("uid"));
    }

    [Fact]
    public async Task A_client_that_reads_nothing_delays_nobody_and_is_dropped()
    {
        const int vehicles = 200;
        await using var server = await ListeningAsync();
        await using var hanging = await CotClient.ConnectAsync(PortOf(server), receiveBuffer: 32768);
        await using var reading = await CotClient.ConnectAsync(PortOf(server));
        await hanging.SendAsync(Ping);
        await reading.SendAsync(Ping);
        await reading.NextAsync("t-x-c-t-r");
        for (var second = 0; second < CotConnection.WriteLimit.TotalSeconds + 2; second++)
        {
            Show(server, vehicles);
            HashSet<string> seen = [];
            while (seen.Count < vehicles)
            {
                var next = (await reading.NextAsync())!;
                if (next.Of("type") == "a-f-A-M-H-Q" && next.Of("time") == TimeOf(server, -1))
                    seen.Add(next.Of("uid"));
            }
        }

        var old = 0;
        while (await hanging.NextAsync() is not null)
            old++;
        // Only what fitted into the kernel's queues before it hung; the rest was overtaken, not kept.
        Assert.InRange(old, 1, 4 * vehicles);
        var figures = server.Services.GetRequiredService<CotFigures>();
        Assert.InRange(figures.Overtaken, 20 * vehicles, 40 * vehicles);
    }

    [Fact]
    public async Task A_tak_server_gets_the_drones_over_tls_and_knows_us_by_our_certificate()
    {
        using CotCertificateFiles files = new();
        using var port = Port();
        await using var server = await CallingAsync(port, files, "takserver");
        await using var tak = await CotClient.AcceptAsync(port, files.TakServer());
        Show(server, 1);
        Assert.Equal("droneops.vehicle.0", (await tak.NextAsync("a-f-A-M-H-Q")).Of("uid"));
        await tak.SendAsync(Ping);
        await tak.NextAsync("t-x-c-t-r");
    }

    [Fact]
    public async Task A_server_that_cannot_prove_its_name_gets_nothing()
    {
        using CotCertificateFiles files = new();
        using var port = Port();
        await using var server = await CallingAsync(port, files, "another-server");
        var seen = 0;
        try
        {
            await using var tak = await CotClient.AcceptAsync(port, files.TakServer());
            Show(server, 1);
            while (await tak.NextAsync() is not null)
                seen++;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
            // It hangs up in the middle of the handshake.
        }

        Assert.Equal(0, seen);
        Assert.Equal(0, server.Services.GetRequiredService<CotFigures>().Sent);
    }

    [Fact]
    public async Task A_tak_server_that_goes_away_is_called_again()
    {
        using var port = Port();
        await using var server = await CallingAsync(port, null, null);
        var first = await CotClient.AcceptAsync(port);
        await first.DisposeAsync();
        await using var second = await AgainAsync(server, port);
        Show(server, 1);
        Assert.Equal("droneops.vehicle.0", (await second.NextAsync("a-f-A-M-H-Q")).Of("uid"));
    }

    [Fact]
    public async Task A_tak_server_that_falls_silent_is_called_again_and_one_that_never_spoke_is_not()
    {
        using var port = Port();
        await using var server = await CallingAsync(port, null, null);
        await using var mute = await CotClient.AcceptAsync(port);
        for (var second = 0; second < 3 * CotConnection.SilenceLimit.TotalSeconds; second += 5)
        {
            server.Time.Advance(5 * Second);
            Show(server, 1);
            await mute.NextAsync("a-f-A-M-H-Q");
        }

        await mute.SendAsync(Ping);
        await mute.NextAsync("t-x-c-t-r");
        await using var again = await AgainAsync(server, port);
        Show(server, 1);
        Assert.Equal("droneops.vehicle.0", (await again.NextAsync("a-f-A-M-H-Q")).Of("uid"));
    }

    private static IPEndPoint PortOf(TestServer server) => server.Services.GetRequiredService<CotListening>().EndPoints[0];

    private static string TimeOf(TestServer server, int secondsFromNow) =>
        server.Time.GetUtcNow().AddSeconds(secondsFromNow).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static void Show(TestServer server, int vehicles)
    {
        var board = server.Services.GetRequiredService<VehicleBoard>();
        for (var number = 0; number < vehicles; number++)
            board.Show(CotSamples.Vehicle($"{number}", $"UAV-{number}", server.Time.GetUtcNow()));
        server.Time.Advance(Second);
    }

    private static TcpListener Port()
    {
        TcpListener port = new(IPAddress.Loopback, 0);
        port.Start();
        return port;
    }

    /// <summary>Lets time pass until we are called again.</summary>
    private static async Task<CotClient> AgainAsync(TestServer server, TcpListener port)
    {
        var called = CotClient.AcceptAsync(port);
        while (true)
        {
            server.Time.Advance(5 * Second);
            try
            {
                // A connection is made in real time: each step of the clock gets a moment of it.
                return await called.WaitAsync(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
            }
            catch (TimeoutException)
            {
                // Not yet: it notices the end, or it pauses.
            }
        }
    }

    private static Task<TestServer> ListeningAsync() => TestServer.StartAsync(Store.Sqlite, ("CursorOnTarget:Listeners:0:Address", "tcp://127.0.0.1:0"));

    private static Task<TestServer> CallingAsync(TcpListener port, CotCertificateFiles? files, string? serverName)
    {
        List<(string, string)> settings = [("CursorOnTarget:Outputs:0:Address", $"{(files is null ? "tcp" : "tls")}://{port.LocalEndpoint}")];
        if (files is not null)
        {
            settings.Add(("CursorOnTarget:Outputs:0:CertificateFile", files.ClientFile));
            settings.Add(("CursorOnTarget:Outputs:0:PasswordFile", files.ClientPasswordFile));
            settings.Add(("CursorOnTarget:Outputs:0:AuthorityFile", files.AuthorityFile));
            settings.Add(("CursorOnTarget:Outputs:0:ServerName", serverName!));
        }

        return TestServer.StartAsync(Store.Sqlite, [.. settings]);
    }
}
