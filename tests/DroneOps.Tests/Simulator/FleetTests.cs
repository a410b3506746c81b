using System.Net;
using System.Net.Sockets;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator;
using DroneOps.Simulator.Scenarios;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class FleetTests
{
    private static readonly Scenario Three = new(Count: 3, FastBoot: true);
    private readonly FakeTimeProvider _time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly byte[] _frame = new byte[MavlinkFrame.MaxLength];

    private ReadOnlySpan<byte> Frame<T>(T message)
        where T : unmanaged, IMavlinkMessage<T> => _frame.AsSpan(0, FrameWriter.Write(_frame, message, new(255, 190), 0));

    [Fact]
    public void All_vehicles_talk_over_one_line_in_this_process_and_hear_what_is_theirs()
    {
        var (near, far) = MemoryLink.CreatePair();
        using var fleet = new SimulatedFleet(new(Three, 1, 1, null, far), _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        fleet.Step(_time.GetUtcNow());
        Assert.Equal([1, 2, 3], Frames(near).Where(f => f.Id == Heartbeat.MsgId).Select(f => (int)f.System).Distinct().Order());

        near.TrySend(Frame(new CommandLong { Command = MavCmd.DoSetMode, TargetSystem = 2, Param1 = 1, Param2 = (uint)CopterMode.Guided }));
        _time.Advance(TimeSpan.FromSeconds(1));
        fleet.Step(_time.GetUtcNow());

        Assert.Equal(["STABILIZE", "GUIDED", "STABILIZE"], fleet.Copters.Select(c => c.Mode));
        Assert.Equal(2, Assert.Single(Frames(near), f => f.Id == CommandAck.MsgId).System);
        near.Dispose();
    }

    [Fact]
    public void Speedup_lets_vehicle_time_run_faster()
    {
        using var fleet = new SimulatedFleet(new(Three, 1, 5, null, null), _time);
        _time.Advance(TimeSpan.FromSeconds(10));
        fleet.Step(_time.GetUtcNow());

        Assert.All(fleet.Copters, c => Assert.Equal(TimeSpan.FromSeconds(50), c.VehicleTime));
    }

    [Fact]
    public void Each_vehicle_has_its_own_port_hears_only_the_address_it_sends_to_and_reboots_onto_another()
    {
        using var ground = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        ground.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using var fleet = new SimulatedFleet(new(Three, 1, 1, (IPEndPoint)ground.LocalEndPoint!, null), _time);
        Advance(fleet, 4);
        var ports = Ports(ground);
        Assert.Equal([1, 2, 3], ports.Keys.Order());
        Assert.Equal(3, ports.Values.Select(p => p.Port).Distinct().Count());

        stranger.SendTo(Frame(new CommandLong { Command = MavCmd.DoSetMode, TargetSystem = 1, Param1 = 1, Param2 = (uint)CopterMode.Loiter }), ports[1]);
        ground.SendTo(Frame(new CommandLong { Command = MavCmd.DoSetMode, TargetSystem = 2, Param1 = 1, Param2 = (uint)CopterMode.Loiter }), ports[2]);
        ground.SendTo(Frame(new CommandLong { Command = MavCmd.PreflightRebootShutdown, TargetSystem = 3, Param1 = 1 }), ports[3]);
        Advance(fleet, 1);
        Assert.Equal("STABILIZE", fleet.Copters[0].Mode);
        Assert.Equal("LOITER", fleet.Copters[1].Mode);
        _ = Ports(ground);
        Advance(fleet, 2);

        Assert.NotEqual(ports[3].Port, Ports(ground)[3].Port);
    }

    [Fact]
    public async Task It_stops_when_it_is_told_to()
    {
        using var end = new CancellationTokenSource();
        using var fleet = new SimulatedFleet(new(Three, 1, 1, null, null), _time);
        var run = fleet.RunAsync(end.Token);
        await end.CancelAsync();

        await run;
        Assert.True(run.IsCompletedSuccessfully);
    }

    private void Advance(SimulatedFleet fleet, double seconds)
    {
        for (var i = 0; i < seconds * 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            fleet.Step(_time.GetUtcNow());
        }
    }

    private static List<(byte System, uint Id)> Frames(MemoryLink line)
    {
        var frames = new List<(byte, uint)>();
        while (line.TryReceive(out var datagram))
        {
            if (MavlinkFrame.TryParse(datagram.Span, MessageCatalog.Default, out var frame))
                frames.Add((frame.SystemId, frame.MessageId));
        }

        return frames;
    }

    private static Dictionary<int, IPEndPoint> Ports(Socket ground)
    {
        var ports = new Dictionary<int, IPEndPoint>();
        var buffer = new byte[2048];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (ground.Available > 0)
        {
            var length = ground.ReceiveFrom(buffer, ref from);
            if (MavlinkFrame.TryParse(buffer.AsSpan(0, length), MessageCatalog.Default, out var frame))
                ports[frame.SystemId] = (IPEndPoint)from;
        }

        return ports;
    }
}
