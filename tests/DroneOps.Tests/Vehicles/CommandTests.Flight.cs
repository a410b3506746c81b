using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Tests.Vehicles;

/// <content>What each command becomes on a copter and on a PX4.</content>
public sealed partial class CommandTests
{
    [Fact]
    public void A_takeoff_sets_guided_arms_and_then_takes_off_each_once()
    {
        var bench = Bench.WithCopter();
        bench.ObeyCommands();

        var ticket = bench.Begin(new VehicleCommand.Takeoff(Altitude.Relative(30)));
        bench.RunUntil(() => bench.OutcomeOf(ticket) is not null, 5 * Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
        Assert.Equal(
            [MavCmd.DoSetMode, MavCmd.ComponentArmDisarm, MavCmd.NavTakeoff], bench.SentOf<CommandLong>().Where(NotQuery).Select(c => c.Command));
        Assert.Equal(30, bench.SentCommands(MavCmd.NavTakeoff)[0].Param7);
    }

    [Fact]
    public void A_takeoff_stops_at_the_step_that_is_refused()
    {
        var bench = Bench.WithCopter();
        bench.Mode = CopterMode.Guided;
        bench.Beat();
        bench.OnSent = _ => bench.Ack(MavCmd.ComponentArmDisarm, MavResult.Failed);

        var ticket = bench.Begin(new VehicleCommand.Takeoff(Altitude.Relative(30)));
        bench.Run(5 * Second);

        Assert.Equal("arm", Assert.IsType<CommandOutcome.Rejected>(bench.OutcomeOf(ticket)).Step);
        Assert.Empty(bench.SentCommands(MavCmd.NavTakeoff));
    }

    [Fact]
    public void A_vehicle_in_the_air_is_not_told_to_take_off()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new ExtendedSysState { LandedState = MavLandedState.InAir });

        var ticket = bench.Begin(new VehicleCommand.Takeoff(Altitude.Relative(30)));

        Assert.Equal(NotSentReason.WrongState, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(ticket)).Reason);
    }

    [Fact]
    public void A_mission_is_started_only_once_the_heartbeat_shows_armed()
    {
        var bench = Bench.WithCopter();
        bench.ObeyCommands();
        bench.OnStep = _ => Assert.True(bench.Armed || bench.SentCommands(MavCmd.MissionStart).Count == 0);

        var ticket = bench.Begin(new VehicleCommand.StartMission());
        bench.RunUntil(() => bench.OutcomeOf(ticket) is not null, 5 * Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
        Assert.Equal(
            [MavCmd.DoSetMode, MavCmd.ComponentArmDisarm, MavCmd.MissionStart], bench.SentOf<CommandLong>().Where(NotQuery).Select(c => c.Command));
    }

    [Fact]
    public void A_mission_started_in_the_air_begins_at_its_first_item()
    {
        var bench = Bench.WithCopter();
        bench.Armed = true;
        bench.Mode = CopterMode.Brake;
        bench.Beat();
        bench.Receive(new MissionCurrent { Seq = 5, Total = 9, MissionState = MissionState.NotStarted });
        bench.ObeyCommands();

        var ticket = bench.Begin(new VehicleCommand.StartMission());
        bench.RunUntil(() => bench.OutcomeOf(ticket) is not null, 5 * Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
        Assert.Equal([MavCmd.DoSetMissionCurrent, MavCmd.MissionStart], bench.SentOf<CommandLong>().Where(NotQuery).Select(c => c.Command));
        Assert.Equal(1, bench.SentCommands(MavCmd.DoSetMissionCurrent)[0].Param1);
    }

    [Fact]
    public void A_coordinate_that_is_not_known_goes_out_as_the_largest_integer_and_not_as_zero()
    {
        var bench = Bench.WithCopter();

        bench.Begin(new VehicleCommand.Orbit(null, Altitude.Relative(60), 40, 5));

        var command = Assert.Single(bench.SentOf<CommandInt>());
        Assert.Equal((int.MaxValue, int.MaxValue), (command.X, command.Y));
    }

    [Fact]
    public void An_armed_motor_test_is_not_armed_for_a_mission()
    {
        var bench = Bench.WithCopter();
        bench.Say("starting motor test", MavSeverity.Info);
        bench.Armed = true;
        bench.Beat();
        Assert.True(bench.Vehicle.State.MotorTest);

        bench.Begin(new VehicleCommand.StartMission());
        bench.Run(Second);

        Assert.Empty(bench.SentCommands(MavCmd.MissionStart));
    }

    [Fact]
    public void A_mission_start_that_is_accepted_without_auto_showing_is_unknown()
    {
        var bench = Bench.WithCopter();
        bench.Armed = true;
        bench.Beat();
        bench.OnSent = _ => bench.Ack(MavCmd.MissionStart, MavResult.Accepted);

        var ticket = bench.Begin(new VehicleCommand.StartMission());
        bench.Run(10 * Second);

        Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_hold_brakes_and_hovers_in_guided_where_braking_is_refused()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = message =>
        {
            var mode = (CopterMode)message.Decode<CommandLong>().Param2;
            bench.Ack(MavCmd.DoSetMode, mode == CopterMode.Brake ? MavResult.Failed : MavResult.Accepted);
        };

        var ticket = bench.Begin(new VehicleCommand.Hold());
        bench.Run(Second);

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
        Assert.Equal([CopterMode.Brake, CopterMode.Guided], bench.SentCommands(MavCmd.DoSetMode).Select(c => (CopterMode)c.Param2));
    }

    [Fact]
    public void A_safe_stop_ends_a_takeoff_that_is_under_way()
    {
        var bench = Bench.WithCopter();
        var takeoff = bench.Begin(new VehicleCommand.Takeoff(Altitude.Relative(30)));
        bench.Run(TimeSpan.FromMilliseconds(100));

        var land = bench.Begin(new VehicleCommand.Land());
        bench.ObeyCommands();
        bench.Run(5 * Second);

        Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(takeoff));
        Assert.Empty(bench.SentCommands(MavCmd.ComponentArmDisarm));
        Assert.NotNull(bench.OutcomeOf(land));
        Assert.NotEmpty(bench.SentCommands(MavCmd.NavLand));
    }

    [Fact]
    public void The_answer_to_a_superseded_mode_change_is_not_taken_for_the_hold()
    {
        var bench = Bench.WithCopter();
        bench.Begin(new VehicleCommand.SetMode("GUIDED"));
        var hold = bench.Begin(new VehicleCommand.Hold());

        bench.Ack(MavCmd.DoSetMode, MavResult.Accepted);
        bench.Run(TimeSpan.FromMilliseconds(100));
        Assert.Null(bench.OutcomeOf(hold));
        bench.Ack(MavCmd.DoSetMode, MavResult.Accepted);
        bench.Run(TimeSpan.FromMilliseconds(100));

        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(hold));
    }

    [Fact]
    public void A_start_that_a_hold_came_before_has_not_shown_its_effect_by_what_prepared_it()
    {
        var bench = Bench.WithCopter();
        var start = bench.Begin(new VehicleCommand.StartMission());
        bench.Run(TimeSpan.FromMilliseconds(100));
        bench.Mode = CopterMode.Guided;
        bench.Beat();

        bench.Begin(new VehicleCommand.Hold());

        var unknown = Assert.IsType<CommandOutcome.Unknown>(bench.OutcomeOf(start));
        Assert.Equal(("set mode GUIDED", false, true), (unknown.Step, unknown.EffectSeen, unknown.IsSuperseded));
    }

    [Fact]
    public void A_go_to_is_a_reposition_as_command_int_with_the_mode_flag()
    {
        var bench = Bench.WithCopter();

        bench.Begin(new VehicleCommand.GoTo(new GeoPoint(24.513, 117.655), Altitude.Relative(60)));

        var command = Assert.Single(bench.SentOf<CommandInt>());
        Assert.Equal(MavCmd.DoReposition, command.Command);
        Assert.Equal((245130000, 1176550000, 60f), (command.X, command.Y, command.Z));
        Assert.Equal(MavFrame.GlobalRelativeAlt, command.Frame);
        Assert.Equal(1, command.Param2);
        Assert.Equal((1, 1), (command.TargetSystem, command.TargetComponent));
    }

    [Fact]
    public void Values_that_make_no_sense_are_not_sent()
    {
        VehicleCommand[] commands =
        [
            new VehicleCommand.GoTo(new GeoPoint(double.NaN, 117), Altitude.Relative(60)),
            new VehicleCommand.GoTo(new GeoPoint(24, 181), Altitude.Relative(60)),
            new VehicleCommand.GoTo(new GeoPoint(24, 117), Altitude.Agl(60)),
            new VehicleCommand.Takeoff(Altitude.Amsl(30)),
            new VehicleCommand.Takeoff(Altitude.Relative(0)),
            new VehicleCommand.Takeoff(Altitude.Relative(double.NaN)),
            new VehicleCommand.SetSpeed(0),
            new VehicleCommand.SetSpeed(double.NaN),
            new VehicleCommand.SetMode("NO_SUCH_MODE"),
            new VehicleCommand.Orbit(new GeoPoint(24, 117), Altitude.Relative(60), 0, null),
            new VehicleCommand.SetHome(new GeoPoint(24, 117), Altitude.Relative(0)),
            new VehicleCommand.SetMessageInterval(30, double.PositiveInfinity),
        ];
        foreach (var command in commands)
        {
            var bench = Bench.WithCopter();
            var ticket = bench.Begin(command);
            Assert.Equal(NotSentReason.BadValue, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(ticket)).Reason);
            Assert.Empty(bench.Sent);
        }
    }

    [Fact]
    public void A_fence_is_enabled_again_until_it_is_live_and_its_bit_shows()
    {
        var bench = Bench.WithCopter();
        Geofence(bench, enabled: false);
        bench.OnSent = _ => bench.Ack(MavCmd.DoFenceEnable, bench.Sent.Count < 3 ? MavResult.Failed : MavResult.Accepted);

        var ticket = bench.Begin(new VehicleCommand.EnableFence(true));
        bench.Run(Second);
        Assert.Null(bench.OutcomeOf(ticket));
        Geofence(bench, enabled: true);
        bench.Run(Second);

        Assert.Equal(3, bench.SentCommands(MavCmd.DoFenceEnable).Count);
        Assert.IsType<CommandOutcome.Accepted>(bench.OutcomeOf(ticket));
    }

    [Fact]
    public void A_fence_that_never_comes_alive_is_refused()
    {
        var bench = Bench.WithCopter();
        bench.OnSent = _ => bench.Ack(MavCmd.DoFenceEnable, MavResult.Failed);

        var ticket = bench.Begin(new VehicleCommand.EnableFence(true));
        bench.Run(10 * Second);

        Assert.Equal(MavResult.Failed, Assert.IsType<CommandOutcome.Rejected>(bench.OutcomeOf(ticket)).Result);
    }

    [Fact]
    public void A_mission_is_not_taken_up_again_outside_the_fence_or_on_a_low_battery()
    {
        var bench = Bench.WithCopter();
        bench.Receive(new FenceStatus { BreachStatus = 1, BreachType = FenceBreach.Boundary });
        var breached = bench.Begin(new VehicleCommand.ContinueMission());
        bench.Receive(new FenceStatus());
        bench.Receive(new BatteryStatus { BatteryRemaining = 20, ChargeState = MavBatteryChargeState.Low });
        var low = bench.Begin(new VehicleCommand.StartMission());

        Assert.Equal(NotSentReason.WrongState, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(breached)).Reason);
        Assert.Equal(NotSentReason.WrongState, Assert.IsType<CommandOutcome.NotSent>(bench.OutcomeOf(low)).Reason);
    }

    [Fact]
    public void A_px4_gets_its_own_commands()
    {
        Bench bench = new() { Autopilot = MavAutopilot.Px4 };
        bench.Beat();
        bench.Receive(new HomePosition { Latitude = 245130000, Longitude = 1176550000, Altitude = 12_000 });
        bench.Sent.Clear();

        bench.Begin(new VehicleCommand.Takeoff(Altitude.Relative(30)));
        var hold = bench.Begin(new VehicleCommand.Hold());

        var takeoff = Assert.Single(bench.SentCommands(MavCmd.NavTakeoff));
        Assert.Equal(42, takeoff.Param7);
        Assert.True(float.IsNaN(takeoff.Param5));
        var mode = Assert.Single(bench.SentCommands(MavCmd.DoSetMode));
        Assert.Equal((1f, 4f, 3f), (mode.Param1, mode.Param2, mode.Param3));
        Assert.Null(bench.OutcomeOf(hold));
    }

    private static bool NotQuery(CommandLong command) => command.Command is not (MavCmd.RequestMessage or MavCmd.SetMessageInterval);

    private static void Geofence(Bench bench, bool enabled) => bench.Receive(new SysStatus
    {
        OnboardControlSensorsPresent = MavSysStatusSensor.Geofence,
        OnboardControlSensorsEnabled = enabled ? MavSysStatusSensor.Geofence : 0,
    });
}
