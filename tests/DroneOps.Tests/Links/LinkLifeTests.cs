using System.Net;
using System.Net.Sockets;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class LinkLifeTests
{
    [Fact]
    public async Task A_broken_connection_is_made_again_after_a_wait()
    {
        await using Bench bench = new();
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        await using var link = bench.Make($"tcp://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}");
        using CancellationTokenSource ending = new();
        LinkKeeper keeper = new(link, new BackOff(), new Random(1), bench.Time, NullLogger<LinkKeeper>.Instance);
        var keeping = keeper.RunAsync(ending.Token);

        using (var first = await server.AcceptSocketAsync(TestContext.Current.CancellationToken))
            await first.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
        (await bench.NextAsync()).Dispose();
        bench.Time.Advance(await bench.Time.TimerAsync(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500)));

        using var second = await server.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await second.SendAsync(Bench.HeartbeatOf(1, 1), TestContext.Current.CancellationToken);
        using var frame = await bench.NextAsync();
        Assert.Equal(1, frame.Bytes.Span[4]);
        await ending.CancelAsync();
        await keeping;
        Assert.Equal(LinkState.Closed, link.State);
    }

    [Fact]
    public async Task A_server_that_is_not_up_yet_is_tried_at_growing_intervals()
    {
        await using Bench bench = new();
        await using var link = bench.Make("memory://nobody");
        using CancellationTokenSource ending = new();
        LinkKeeper keeper = new(link, new BackOff(), new Random(1), bench.Time, NullLogger<LinkKeeper>.Instance);
        var keeping = keeper.RunAsync(ending.Token);
        double[] longest = [0.5, 1, 2, 4, 8, 10, 10];
        foreach (var seconds in longest)
            bench.Time.Advance(await bench.Time.TimerAsync(TimeSpan.FromSeconds(seconds / 2), TimeSpan.FromSeconds(seconds)));
        await ending.CancelAsync();
        await keeping;
    }

    [Fact]
    public async Task A_connection_that_nobody_answers_is_given_up()
    {
        await using Bench bench = new();
        // 192.0.2.0/24 is kept for documentation (RFC 5737): nobody answers, or the network says so at once.
        await using var link = bench.Make("tcp://192.0.2.1:5760");
        var run = link.RunAsync(TestContext.Current.CancellationToken);
        bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.NotNull(await run);
        Assert.Equal(LinkState.Closed, link.State);
    }

    [Fact]
    public async Task What_waits_when_a_link_closes_is_answered_and_nothing_arrives_afterwards()
    {
        await using Bench bench = new();
        var (link, server, stuck) = await OpenStuckAsync(bench);
        using (server)
        {
            await link.DisposeAsync();
            Assert.Equal(SendResult.Broken, await stuck[0]);
            Assert.Equal(SendResult.NoLink, await stuck[^1]);
            Assert.Equal(SendResult.NoLink, link.TrySend(RouterTests.ArmMessage(1), Bench.Ground, peer: null, notAfter: null));
            Assert.Equal(LinkState.Closed, link.State);
        }
    }

    [Fact]
    public async Task A_command_whose_deadline_passes_in_the_queue_is_not_sent()
    {
        await using Bench bench = new();
        var (link, server, stuck) = await OpenStuckAsync(bench);
        using (server)
        {
            var late = link.SendAsync(RouterTests.ArmMessage(1), Bench.Ground, peer: null, bench.Time.GetUtcNow() + TimeSpan.FromSeconds(3));
            var timely = link.SendAsync(RouterTests.ArmMessage(1), Bench.Ground, peer: null, bench.Time.GetUtcNow() + TimeSpan.FromSeconds(30));
            bench.Time.Advance(TimeSpan.FromSeconds(4));
            var drain = DrainAsync(server);

            Assert.Equal(SendResult.Expired, await late);
            Assert.Equal(SendResult.Sent, await timely);
            await Task.WhenAll(stuck);
            Assert.Equal(1, link.Status().ExpiredSends);
            await link.DisposeAsync();
            await drain;
        }
    }

    [Fact]
    public async Task A_full_queue_refuses_commands_and_drops_the_oldest_of_what_is_passed_on()
    {
        await using Bench bench = new();
        LinkOptions options = new() { UrgentCapacity = 2, ForwardCapacity = 3 };
        var (link, server, _) = await OpenStuckAsync(bench, options);
        using (server)
        {
            Assert.Equal(SendResult.Sent, link.TrySend(RouterTests.ArmMessage(1), Bench.Ground, peer: null, notAfter: null));
            Assert.Equal(SendResult.Sent, link.TrySend(RouterTests.ArmMessage(1), Bench.Ground, peer: null, notAfter: null));
            Assert.Equal(SendResult.QueueFull, link.TrySend(RouterTests.ArmMessage(1), Bench.Ground, peer: null, notAfter: null));

            FramePool pool = new(16);
            for (byte i = 0; i < 5; i++)
            {
                var copy = pool.Copy(Bench.Parse(Bench.HeartbeatOf(1, i)), new LinkId(9), "default", bench.Time.GetUtcNow());
                Assert.Equal(SendResult.Sent, link.TryForward(copy, peer: null));
            }

            var status = link.Status();
            Assert.Equal((1, 2), (status.RefusedSends, status.DroppedForwards));
            await link.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_deadline_that_has_passed_already_is_refused_at_once()
    {
        await using Bench bench = new();
        var (link, _) = await bench.OpenMemoryAsync("a");
        var past = bench.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1);
        Assert.Equal(SendResult.Expired, link.TrySend(RouterTests.ArmMessage(1), Bench.Ground, peer: null, past));
        Assert.Equal(SendResult.Expired, await link.SendAsync(RouterTests.ArmMessage(1), Bench.Ground, peer: null, past));
    }

    [Fact]
    public async Task Several_connections_to_one_tcp_port_are_told_apart()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("tcp-listen://127.0.0.1:0");
        using var first = await ConnectAsync(link);
        using var second = await ConnectAsync(link);
        await first.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
        (await bench.NextAsync()).Dispose();
        // Cut in the middle of a frame: a stream keeps what is incomplete.
        var beat = Bench.HeartbeatOf(2, 0);
        await second.SendAsync(beat.AsMemory(0, 7), TestContext.Current.CancellationToken);
        await second.SendAsync(beat.AsMemory(7), TestContext.Current.CancellationToken);
        (await bench.NextAsync()).Dispose();

        bench.Router.Send("default", 2, RouterTests.ArmMessage(2), Bench.Ground, notAfter: null);

        var buffer = new byte[280];
        Assert.NotEqual(0, await second.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
        Assert.Equal(0, first.Available);
    }

    [Fact]
    public async Task A_connection_that_ends_frees_its_ids_at_once()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("tcp-listen://127.0.0.1:0");
        using (var first = await ConnectAsync(link))
        {
            await first.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
            (await bench.NextAsync()).Dispose();
            first.Shutdown(SocketShutdown.Send);
            // Our side answers by closing, after it has forgotten the peer.
            Assert.Equal(0, await first.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        }

        using var second = await ConnectAsync(link);
        await second.SendAsync(Bench.HeartbeatOf(1, 77), TestContext.Current.CancellationToken);
        using var frame = await bench.NextAsync();
        Assert.Equal(77, frame.Bytes.Span[4]);
    }

    internal static OutgoingMessage MissionItem() => OutgoingMessage.From(new MissionItemInt { TargetSystem = 1, TargetComponent = 1, MissionType = MavMissionType.Rally });

    internal static async Task<(Link Link, Socket Server, List<Task<SendResult>> Stuck)> OpenStuckAsync(Bench bench, LinkOptions? options = null)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = 4096;
        listener.Start();
        var accepting = listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var link = await bench.OpenAsync($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", options);
        var server = await accepting;

        // Far more than the kernel buffers, so that the first write stays stuck until somebody reads.
        var bulk = new byte[8 * 1024 * 1024];
        List<Task<SendResult>> stuck = [link.SendRawAsync(bulk), link.SendRawAsync(new byte[1])];
        Assert.Equal(1, await server.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        return (link, server, stuck);
    }

    internal static async Task DrainAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    private static async Task<Socket> ConnectAsync(Link link)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, link.LocalPort, TestContext.Current.CancellationToken);
        return socket;
    }
}
