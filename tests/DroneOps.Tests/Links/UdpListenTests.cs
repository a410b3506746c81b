using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DroneOps.Links;
using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Links;

/// <summary>On real sockets of the loopback interface. Datagrams of different senders may overtake each other there, too, so
/// a test waits for what one has sent before the next sends.</summary>
public sealed class UdpListenTests
{
    [Fact]
    public async Task Answers_leave_from_the_listening_port_to_each_vehicles_own()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        using var first = Vehicle(link);
        using var second = Vehicle(link);
        await first.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
        await second.SendAsync(Bench.HeartbeatOf(2, 0), TestContext.Current.CancellationToken);
        (await bench.NextAsync()).Dispose();
        (await bench.NextAsync()).Dispose();

        bench.Router.Send("default", 1, RouterTests.ArmMessage(1), Bench.Ground, notAfter: null);
        bench.Router.Send("default", 2, RouterTests.ArmMessage(2), Bench.Ground, notAfter: null);

        // The sockets are connected, as an autopilot's are: they take datagrams from the listening port only.
        Assert.Equal(1, (await ReceiveAsync(first)).TargetSystem);
        Assert.Equal(2, (await ReceiveAsync(second)).TargetSystem);
    }

    [Fact]
    public async Task A_stray_packet_never_moves_the_downlink()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        using var vehicle = Vehicle(link);
        using var forger = Vehicle(link);
        TaskCompletionSource<PeerConflict> refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        link.ConflictSeen += conflict => refused.TrySetResult(conflict);
        await vehicle.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
        using var one = await bench.NextAsync();
        await forger.SendAsync(Bench.HeartbeatOf(1, 1), TestContext.Current.CancellationToken);
        Assert.Equal(vehicle.LocalEndPoint!.ToString(), (await refused.Task).Owner);
        await vehicle.SendAsync(Bench.HeartbeatOf(1, 2), TestContext.Current.CancellationToken);
        using var two = await bench.NextAsync();
        Assert.Equal((0, 2), (one.Bytes.Span[4], two.Bytes.Span[4]));

        Assert.Equal(SendResult.Sent, await bench.Router.SendAsync("default", 1, RouterTests.ArmMessage(1), Bench.Ground, notAfter: null));
        Assert.Equal(1, bench.Router.Broadcast("default", RouterTests.ArmMessage(0), Bench.Ground));

        Assert.Equal(1, (await ReceiveAsync(vehicle)).TargetSystem);
        Assert.Equal(0, (await ReceiveAsync(vehicle)).TargetSystem);
        await link.WhenIdleAsync();
        Assert.Equal(0, forger.Available);
        Assert.Equal(1, link.Status().RefusedFrames);
    }

    [Fact]
    public async Task Every_frame_of_a_datagram_is_taken()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        using var vehicle = Vehicle(link);
        byte[] packed = [.. Enumerable.Range(0, 8).SelectMany(i => Bench.HeartbeatOf(1, (byte)i))];

        await vehicle.SendAsync(packed, TestContext.Current.CancellationToken);

        for (var i = 0; i < 8; i++)
        {
            using var frame = await bench.NextAsync();
            Assert.Equal(i, frame.Bytes.Span[4]);
        }
    }

    [Fact]
    public async Task Console_text_of_a_booting_vehicle_is_skipped_and_counted()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        using var vehicle = Vehicle(link);
        var text = 0;
        var frames = 0;
        foreach (var line in await File.ReadAllLinesAsync(Checkout.Golden("tlogs", "boot-raw-datagrams.jsonl"), TestContext.Current.CancellationToken))
        {
            using var datagram = JsonDocument.Parse(line);
            var hex = datagram.RootElement.GetProperty("hex").GetString()!;
            await vehicle.SendAsync(Convert.FromHexString(hex), TestContext.Current.CancellationToken);
            if (!hex.StartsWith("fd", StringComparison.Ordinal))
            {
                text += hex.Length / 2;
                continue;
            }

            frames++;
            using var frame = await bench.NextAsync();
            Assert.Equal(hex, Convert.ToHexStringLower(frame.Bytes.Span));
        }

        var status = link.Status();
        Assert.Equal(text, status.TextBytes);
        Assert.Equal(text, status.Frames.SkippedBytes);
        Assert.Equal((0, 0, 0), (status.Frames.BadChecksums, status.Frames.Truncated, status.Frames.UnsupportedFlags));
        Assert.Equal(frames, status.Frames.Frames);
    }

    [Fact]
    public async Task Closing_ends_the_blocked_receiver()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        await link.DisposeAsync();
        Assert.Equal(LinkState.Closed, link.State);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_so()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        await using var second = bench.Make($"udp-listen://127.0.0.1:{link.LocalPort}");
        var cause = await second.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SocketError.AddressAlreadyInUse, Assert.IsType<SocketException>(cause).SocketErrorCode);
    }

    [Fact]
    public async Task A_vehicle_that_is_gone_does_not_close_the_port_for_the_others()
    {
        await using Bench bench = new();
        var link = await bench.OpenAsync("udp-listen://127.0.0.1:0");
        using var second = Vehicle(link);
        using (var first = Vehicle(link))
        {
            await first.SendAsync(Bench.HeartbeatOf(1, 0), TestContext.Current.CancellationToken);
            (await bench.NextAsync()).Dispose();
        }

        for (var i = 0; i < 3; i++)
            await bench.Router.SendAsync("default", 1, RouterTests.ArmMessage(1), Bench.Ground, notAfter: null);
        await second.SendAsync(Bench.HeartbeatOf(2, 0), TestContext.Current.CancellationToken);
        using var frame = await bench.NextAsync();
        Assert.Equal(2, frame.SystemId);
        Assert.Equal(LinkState.Open, link.State);
    }

    internal static Socket Vehicle(Link link)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, link.LocalPort);
        return socket;
    }

    private static async Task<CommandLong> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[1024];
        var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        return Bench.Parse(buffer.AsMemory(0, count)).Decode<CommandLong>();
    }
}
