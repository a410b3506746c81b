using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class RouterTests
{
    [Fact]
    public async Task A_frame_reaches_the_sink_as_it_was_sent()
    {
        await using Bench bench = new();
        var (link, far) = await bench.OpenMemoryAsync("a", "?network=city");
        var sent = Bench.HeartbeatOf(7, 0);

        far.TrySend(sent);

        using var received = await bench.NextAsync();
        Assert.Equal(sent, received.Bytes.ToArray());
        Assert.Equal(("city", link.Id, (byte)7, (byte)1), (received.Network, received.LinkId, received.SystemId, received.ComponentId));
        Assert.Equal(bench.Time.GetUtcNow(), received.ReceivedAt);
    }

    [Fact]
    public async Task A_message_goes_to_the_link_by_which_the_vehicle_was_heard()
    {
        await using Bench bench = new();
        var (_, far1) = await bench.OpenMemoryAsync("a");
        var (_, far2) = await bench.OpenMemoryAsync("b");
        far1.TrySend(Bench.HeartbeatOf(1, 0));
        far2.TrySend(Bench.HeartbeatOf(2, 0));
        await bench.Router.WhenIdleAsync();

        var result = bench.Router.Send("default", 2, ArmMessage(2), Bench.Ground, notAfter: null);

        Assert.Equal(SendResult.Sent, result);
        var datagram = await Bench.ReceiveAsync(far2);
        Assert.True(Bench.Parse(datagram).Is<CommandLong>());
        Assert.Equal((byte)255, Bench.Parse(datagram).SystemId);
        Assert.False(far1.TryReceive(out _));
    }

    [Fact]
    public async Task A_vehicle_that_was_never_heard_has_no_link()
    {
        await using Bench bench = new();
        await bench.OpenMemoryAsync("a");
        Assert.Equal(SendResult.NoLink, bench.Router.Send("default", 9, ArmMessage(9), Bench.Ground, notAfter: null));
        Assert.Equal(SendResult.NoLink, bench.Router.Send("elsewhere", 9, ArmMessage(9), Bench.Ground, notAfter: null));
    }

    [Fact]
    public async Task Equal_system_ids_in_two_networks_are_two_vehicles()
    {
        await using Bench bench = new();
        var (_, north) = await bench.OpenMemoryAsync("a", "?network=north");
        var (_, south) = await bench.OpenMemoryAsync("b", "?network=south");
        north.TrySend(Bench.HeartbeatOf(1, 0));
        south.TrySend(Bench.HeartbeatOf(1, 0));
        using var one = await bench.NextAsync();
        using var two = await bench.NextAsync();
        Assert.Equal(["north", "south"], new[] { one.Network, two.Network }.Order());

        bench.Router.Send("south", 1, ArmMessage(1), Bench.Ground, notAfter: null);
        await Bench.ReceiveAsync(south);
        Assert.False(north.TryReceive(out _));
    }

    [Fact]
    public async Task Commands_change_to_the_other_link_when_the_first_falls_silent()
    {
        await using Bench bench = new();
        var (_, lte) = await bench.OpenMemoryAsync("lte", "?priority=1");
        var (_, radio) = await bench.OpenMemoryAsync("radio", "?priority=2");
        for (byte second = 0; second < 5; second++)
        {
            lte.TrySend(Bench.HeartbeatOf(1, second));
            radio.TrySend(Bench.HeartbeatOf(1, second));
            await bench.Router.WhenIdleAsync();
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        bench.Router.Send("default", 1, ArmMessage(1), Bench.Ground, notAfter: null);
        await Bench.ReceiveAsync(lte);

        for (byte second = 5; second < 9; second++)
        {
            radio.TrySend(Bench.HeartbeatOf(1, second));
            await bench.Router.WhenIdleAsync();
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        bench.Router.Send("default", 1, ArmMessage(1), Bench.Ground, notAfter: null);
        await Bench.ReceiveAsync(radio);
        Assert.False(lte.TryReceive(out _));
        Assert.Equal(new LinkId(2), Assert.Single(bench.Router.Routes(), route => route.IsCurrent).Link);
        Assert.Equal(bench.Router.Routes().Single(route => route.IsCurrent).LossRatio, bench.Router.LossRatio("default", 1));
        Assert.Null(bench.Router.LossRatio("default", 2));
        Assert.Equal(9, bench.PassedWaiting);
    }

    [Fact]
    public async Task By_all_ways_a_message_goes_to_every_open_link_to_the_vehicle_and_to_no_other()
    {
        await using Bench bench = new();
        var (_, lte) = await bench.OpenMemoryAsync("lte", "?priority=1");
        var (_, radio) = await bench.OpenMemoryAsync("radio", "?priority=2");
        var (_, elsewhere) = await bench.OpenMemoryAsync("elsewhere", "?priority=3");
        var (closed, farOfClosed) = await bench.OpenMemoryAsync("closed", "?priority=4");
        foreach (var far in (MemoryLink[])[lte, radio, farOfClosed])
            far.TrySend(Bench.HeartbeatOf(1, 0));
        elsewhere.TrySend(Bench.HeartbeatOf(2, 0));
        await bench.Router.WhenIdleAsync();
        await closed.DisposeAsync();

        Assert.Equal((SendResult.Sent, 2), bench.Router.SendByAllWays("default", 1, ArmMessage(1), Bench.Ground, notAfter: null));
        await bench.Router.WhenIdleAsync();

        Assert.Equal((1, 1, 0), (lte.Waiting, radio.Waiting, elsewhere.Waiting));
        Assert.Equal((SendResult.NoLink, 0), bench.Router.SendByAllWays("default", 9, ArmMessage(9), Bench.Ground, notAfter: null));
        Assert.Equal((SendResult.Expired, 0), bench.Router.SendByAllWays("default", 1, ArmMessage(1), Bench.Ground, bench.Time.GetUtcNow() - TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_command_goes_by_the_other_link_when_the_first_is_closed()
    {
        await using Bench bench = new();
        var (first, farOfFirst) = await bench.OpenMemoryAsync("first", "?priority=1");
        var (_, farOfSecond) = await bench.OpenMemoryAsync("second", "?priority=2");
        farOfFirst.TrySend(Bench.HeartbeatOf(1, 0));
        farOfSecond.TrySend(Bench.HeartbeatOf(1, 0));
        await bench.Router.WhenIdleAsync();
        await first.DisposeAsync();

        Assert.Equal(SendResult.Sent, await bench.Router.SendAsync("default", 1, ArmMessage(1), Bench.Ground, notAfter: null));
        await Bench.ReceiveAsync(farOfSecond);
        Assert.False(farOfFirst.TryReceive(out _));
    }

    [Fact]
    public async Task A_camera_that_has_a_link_of_its_own_is_reached_by_it()
    {
        await using Bench bench = new();
        var (_, autopilot) = await bench.OpenMemoryAsync("a", "?priority=1");
        var (_, camera) = await bench.OpenMemoryAsync("b", "?priority=2");
        autopilot.TrySend(Bench.HeartbeatOf(1, 0, component: 1));
        camera.TrySend(Bench.HeartbeatOf(1, 0, component: 100));
        await bench.Router.WhenIdleAsync();

        var shot = OutgoingMessage.From(new CommandLong { TargetSystem = 1, TargetComponent = 100, Command = MavCmd.ImageStartCapture });
        bench.Router.Send("default", 1, shot, Bench.Ground, notAfter: null);

        await Bench.ReceiveAsync(camera);
        Assert.False(autopilot.TryReceive(out _));
    }

    [Fact]
    public void A_heartbeat_of_a_sender_that_does_not_count_passes_every_second()
    {
        WatchedTime time = new();
        var passed = 0;
        Router router = new(new RouterOptions(), MessageCatalog.Default, time, frame =>
        {
            passed++;
            frame.Dispose();
        });
        DirectLink link = new(router, time);
        for (var second = 0; second < 10; second++)
        {
            link.Receive(Bench.HeartbeatOf(1, 0));
            link.Receive(Bench.HeartbeatOf(1, 0));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, passed);
        Assert.Equal(10, router.Counters().Duplicates);
    }

    [Fact]
    public void A_duplicate_window_of_a_second_or_more_is_refused()
    {
        RouterOptions options = new() { DuplicateWindow = TimeSpan.FromSeconds(1) };
        Assert.Throws<ArgumentOutOfRangeException>(() => new Router(options, MessageCatalog.Default, TimeProvider.System, frame => frame.Dispose()));
    }

    [Property(MaxTest = 200)]
    public Property Each_frame_passes_once_and_in_order_whatever_links_it_comes_by() => Prop.ForAll(
        Gen.Choose(1, 3).Select(copies => (byte)copies).ListOf().ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (copies, seed) =>
        {
            System.Random random = new(seed);
            WatchedTime time = new();
            List<byte> passed = [];
            Router router = new(new RouterOptions(), MessageCatalog.Default, time, frame =>
            {
                passed.Add(frame.Bytes.Span[4]);
                frame.Dispose();
            });
            DirectLink[] links = [new(router, time, id: 1), new(router, time, id: 2), new(router, time, id: 3)];
            var frames = copies.Take(200).ToArray();
            for (var i = 0; i < frames.Length; i++)
            {
                foreach (var link in links.OrderBy(_ => random.Next()).Take(frames[i]))
                    link.Receive(Bench.HeartbeatOf(1, (byte)i));
                time.Advance(TimeSpan.FromMilliseconds(random.Next(30)));
            }

            return passed.SequenceEqual(Enumerable.Range(0, frames.Length).Select(i => (byte)i))
                && router.Counters().Duplicates == frames.Sum(count => (long)count - 1);
        });

    [Fact]
    public void A_frame_costs_no_allocation_once_the_first_ones_are_through()
    {
        var time = TimeProvider.System;
        Router router = new(new RouterOptions(), MessageCatalog.Default, time, frame => frame.Dispose());
        DirectLink link = new(router, time);
        byte[][] datagrams = [.. Enumerable.Range(0, 1024).Select(i => Bench.FrameOf(
            new Attitude { TimeBootMs = (uint)i, Roll = i }, (byte)((i % 200) + 1), (byte)(i / 200)))];
        Run(20);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                foreach (var datagram in datagrams)
                    link.Receive(datagram);
            }
        }
    }

    [Fact]
    public void A_flood_of_garbage_from_many_endpoints_takes_no_memory()
    {
        var time = TimeProvider.System;
        Router router = new(new RouterOptions(), MessageCatalog.Default, time, frame => frame.Dispose());
        DirectLink link = new(router, time);
        System.Random random = new(5);
        var noise = new byte[4096];
        random.NextBytes(noise);
        noise.AsSpan(0, 1024).Fill(0xFD);
        LinkPeer[] peers = [.. Enumerable.Range(0, 100).Select(i => new LinkPeer($"peer {i}"))];
        foreach (var peer in peers)
            link.Receive(peer, noise);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            link.Receive(peers[i % peers.Length], noise.AsSpan(i % 1024));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Equal(0, link.Link.Status().Peers);
        Assert.True(link.Link.Status().Frames.SkippedBytes > 1_000_000);
    }

    [Fact]
    public void Lost_frames_are_estimated_from_the_gaps_in_the_counters()
    {
        WatchedTime time = new();
        Router router = new(new RouterOptions(), MessageCatalog.Default, time, frame => frame.Dispose());
        DirectLink link = new(router, time);
        for (var i = 0; i < 5000; i++)
        {
            if (i % 4 != 0)
                link.Receive(Bench.HeartbeatOf(1, (byte)i));
        }

        Assert.InRange(link.Link.Status().LossRatio, 0.2, 0.3);
    }

    internal static OutgoingMessage ArmMessage(byte system) => OutgoingMessage.From(new CommandLong
    {
        TargetSystem = system,
        TargetComponent = 1,
        Command = MavCmd.ComponentArmDisarm,
        Param1 = 1,
    });
}
