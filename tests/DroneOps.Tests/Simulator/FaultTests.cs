using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Faults;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class FaultTests
{
    private static Ground Streaming()
    {
        var ground = Ground.Ready();
        ground.Interval(Attitude.MsgId, 20);
        ground.Run(1);
        ground.Log.Clear();
        return ground;
    }

    [Fact]
    public void Loss_takes_its_share_and_leaves_gaps_in_the_sequence()
    {
        var ground = Streaming();
        ground.Copter.DownFaults = new(Loss: 0.25);
        ground.Run(50);

        Assert.InRange(ground.All<Attitude>().Count(), 700, 800);
        Assert.Contains(ground.Log.Zip(ground.Log.Skip(1)), pair => (byte)(pair.Second.Sequence - pair.First.Sequence) > 1);
    }

    [Fact]
    public void Duplicates_arrive_twice_with_the_same_sequence_number()
    {
        var ground = Streaming();
        ground.Copter.DownFaults = new(Duplicate: 1);
        ground.Run(10);

        Assert.InRange(ground.All<Attitude>().Count(), 398, 402);
        Assert.Contains(ground.Log.Zip(ground.Log.Skip(1)), pair => pair.Second.Frame.SequenceEqual(pair.First.Frame));
    }

    [Fact]
    public void Delayed_datagrams_come_late_and_in_order()
    {
        var ground = Streaming();
        ground.Copter.DownFaults = new(DelaySeconds: 2);
        ground.Run(1.9);
        Assert.Empty(ground.Log);
        ground.Run(3);

        var times = ground.All<Attitude>().Select(a => a.TimeBootMs).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.InRange(ground.Seconds - (times[^1] / 1000.0), 1.9, 2.2);
    }

    [Fact]
    public void Reordered_datagrams_are_overtaken()
    {
        var ground = Ground.Ready();
        ground.Interval(Attitude.MsgId, 100);
        ground.Log.Clear();
        ground.Copter.DownFaults = new(Reorder: 0.3);
        ground.Run(1);
        for (var i = 0; i < 90; i++)
            ground.Run(0.01);

        var times = ground.All<Attitude>().Select(a => a.TimeBootMs).ToArray();
        Assert.NotEqual(times.Order(), times);
    }

    [Fact]
    public void In_silence_nothing_passes_either_way_and_then_all_is_well()
    {
        var ground = Streaming();
        ground.Copter.Plan(new(FaultKind.Silence, ground.Seconds + 1, ForSeconds: 5));
        ground.Run(1.5);
        ground.Log.Clear();
        ground.Send(new CommandLong { Command = MavCmd.RequestMessage, TargetSystem = 1, Param1 = SysStatus.MsgId });
        ground.Run(4);
        Assert.Empty(ground.Log);
        ground.Run(2);

        Assert.NotEmpty(ground.All<Attitude>());
    }

    [Fact]
    public void A_command_on_a_slow_line_is_answered_after_both_ways()
    {
        var ground = Streaming();
        ground.Copter.UpFaults = new(DelaySeconds: 1);
        ground.Copter.DownFaults = new(DelaySeconds: 1);
        ground.Send(new CommandLong { Command = MavCmd.RequestMessage, TargetSystem = 1, Param1 = SysStatus.MsgId });
        ground.Run(1.8);
        Assert.Empty(ground.All<CommandAck>());
        ground.Run(0.4);

        Assert.Single(ground.All<CommandAck>());
    }

    [Fact]
    public void A_watchdog_reset_restarts_the_clock_in_mid_flight()
    {
        var ground = Ground.Ready();
        ground.Interval(SystemTime.MsgId, 1);
        ground.TakeOff(15);
        ground.Run(2);
        var before = ground.Last<SystemTime>().TimeBootMs;
        ground.Copter.Plan(new(FaultKind.Watchdog, ground.Seconds + 0.5));
        ground.Run(1);
        ground.Log.Clear();
        ground.Run(2);
        Assert.Empty(ground.All<GlobalPositionInt>());
        ground.Command(MavCmd.RequestMessage, SystemTime.MsgId);

        Assert.True(ground.Last<SystemTime>().TimeBootMs < before);
        Assert.True(ground.Copter.IsArmed);
        Assert.InRange(ground.Copter.Height, 14, 16);
    }

    [Fact]
    public void A_weak_battery_by_plan_triggers_the_failsafe_that_is_set()
    {
        var ground = Ground.Ready();
        ground.SetParameter("BATT_LOW_MAH", 2000);
        ground.SetParameter("BATT_FS_LOW_ACT", 2);
        ground.TakeOff(15);
        ground.Copter.Plan(new(FaultKind.LowBattery, ground.Seconds, Value: 0.2));
        ground.RunUntil(() => ground.Copter.Mode == "RTL", 20);

        Assert.Contains(ground.Texts, t => t.StartsWith("Battery 1 is low", StringComparison.Ordinal));
    }

    [Fact]
    public void A_jump_of_the_receiver_moves_what_is_reported_and_not_the_vehicle()
    {
        var ground = Ground.Ready();
        ground.Copter.Plan(new(FaultKind.GpsJump, ground.Seconds, ForSeconds: 5, Value: 500));
        ground.Run(3);
        var reported = (ground.Last<GlobalPositionInt>().Lat - 245105000) * 0.0111319;
        Assert.InRange(reported, 495, 505);
        Assert.Equal(0, ground.Copter.DistanceFromDock);
        ground.Run(5);

        Assert.InRange((ground.Last<GlobalPositionInt>().Lat - 245105000) * 0.0111319, -1, 1);
    }

    [Fact]
    public void Without_most_of_its_thrust_it_comes_down()
    {
        var ground = Ground.Ready();
        ground.TakeOff(15);
        ground.Copter.Plan(new(FaultKind.EngineFailure, ground.Seconds, Value: 0.4));
        ground.Run(10);

        Assert.Equal(0, ground.Copter.Height);
    }

    [Fact]
    public void A_reboot_in_the_air_lets_it_fall()
    {
        var ground = Ground.Ready();
        ground.TakeOff(15);
        ground.Copter.Reboot();
        ground.Run(5);

        Assert.False(ground.Copter.IsArmed);
        Assert.Equal(0, ground.Copter.Height);
    }
}
