using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class CommandTests
{
    [Fact]
    public void Every_copy_of_a_command_is_acknowledged()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        for (var i = 0; i < 3; i++)
            ground.Send(new CommandLong { Command = MavCmd.RequestMessage, Param1 = SysStatus.MsgId, TargetSystem = 1, Confirmation = (byte)i });

        Assert.Equal(3, ground.All<CommandAck>().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(191)]
    public void The_target_component_does_not_matter(byte component)
    {
        var ground = Ground.Ready();
        ground.Send(new CommandLong { Command = MavCmd.RequestMessage, Param1 = SysStatus.MsgId, TargetSystem = 1, TargetComponent = component });

        Assert.Equal(MavResult.Accepted, ground.Last<CommandAck>().Result);
    }

    [Fact]
    public void Target_system_0_is_obeyed_and_another_ignored_without_an_answer()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new CommandLong { Command = MavCmd.RequestMessage, Param1 = SysStatus.MsgId, TargetSystem = 77 });
        Assert.Empty(ground.Log);

        ground.Send(new CommandLong { Command = MavCmd.RequestMessage, Param1 = SysStatus.MsgId, TargetSystem = 0 });

        Assert.Equal(MavResult.Accepted, Assert.Single(ground.All<CommandAck>()).Result);
    }

    [Fact]
    public void Any_ground_station_is_obeyed_and_the_acknowledgement_names_it()
    {
        var ground = Ground.Ready();
        ground.Self = new(254, 190);

        Assert.Equal(MavResult.Accepted, ground.SetMode(CopterMode.Guided));
        Assert.Equal((254, 190), (ground.Last<CommandAck>().TargetSystem, ground.Last<CommandAck>().TargetComponent));
        Assert.Equal("GUIDED", ground.Copter.Mode);
    }

    [Fact]
    public void A_new_mode_shows_in_a_heartbeat_at_once_and_arming_in_the_next_regular_one()
    {
        var ground = Ground.Ready();
        ground.Run(0.3);
        ground.Log.Clear();
        ground.SetMode(CopterMode.Guided);
        Assert.Equal((uint)CopterMode.Guided, Assert.Single(ground.All<Heartbeat>()).CustomMode);

        ground.Arm();
        Assert.Single(ground.All<Heartbeat>());
        ground.Run(1);
        Assert.Equal(0xD9u, (uint)ground.Last<Heartbeat>().BaseMode & 0xF9);
    }

    [Fact]
    public void A_mode_that_does_not_exist_is_refused_with_a_text()
    {
        var ground = Ground.Ready();

        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.DoSetMode, 1, 99));
        Assert.Contains("No such mode 99", ground.Texts);
        Assert.Equal(MavResult.Denied, ground.Command(MavCmd.DoSetMode, 0, 4));
    }

    [Fact]
    public void The_legacy_mode_message_works_without_an_acknowledgement()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new SetMode { TargetSystem = 1, BaseMode = MavModeFlag.CustomModeEnabled, CustomMode = (uint)CopterMode.Loiter });

        Assert.Equal("LOITER", ground.Copter.Mode);
        Assert.Empty(ground.All<CommandAck>());
    }

    [Fact]
    public void Commands_it_does_not_know_are_unsupported() =>
        Assert.Equal(MavResult.Unsupported, Ground.Ready().Command((MavCmd)31999));

    [Fact]
    public void Arming_an_armed_vehicle_is_accepted()
    {
        var ground = Ground.Ready();
        ground.SetMode(CopterMode.Guided);
        Assert.Equal(MavResult.Accepted, ground.Arm());
        Assert.Contains("Arming motors", ground.Texts);
        Assert.Equal(MavResult.Accepted, ground.Arm());
    }

    [Fact]
    public void Armed_and_not_flown_it_disarms_itself_after_ten_seconds()
    {
        var ground = Ground.Ready();
        ground.SetMode(CopterMode.Guided);
        ground.Arm();
        var armed = ground.Seconds;

        var disarmed = ground.RunUntil(() => !ground.Copter.IsArmed, 20);

        Assert.InRange(disarmed - armed, 9.9, 10.3);
        Assert.Contains("Disarming motors", ground.Texts);
    }

    [Fact]
    public void A_plain_disarm_in_the_air_fails_without_a_text_and_a_forced_one_drops_it()
    {
        var ground = Ground.Ready();
        ground.TakeOff(12);
        ground.Log.Clear();
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.ComponentArmDisarm, 0));
        Assert.Empty(ground.Texts);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.ComponentArmDisarm, 0, 21196));
        ground.Run(4);

        Assert.False(ground.Copter.IsArmed);
        Assert.Equal(0, ground.Copter.Height);
        Assert.Contains(ground.Texts, t => t.StartsWith("SIM Hit ground at 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_off_needs_guided_and_arming_and_the_ground()
    {
        var ground = Ground.Ready();
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.NavTakeoff, p7: 10));
        ground.SetMode(CopterMode.Guided);
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.NavTakeoff, p7: 10));
        ground.TakeOff(5);
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.NavTakeoff, p7: 10));
    }

    [Fact]
    public void Mission_start_is_accepted_while_disarmed_and_merely_changes_the_mode()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 20));

        Assert.Equal(MavResult.Denied, ground.Command(MavCmd.MissionStart, 1, 5));
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.MissionStart));
        Assert.Equal("AUTO", ground.Copter.Mode);
        Assert.False(ground.Copter.IsArmed);
        Assert.Equal(2, ground.Texts.Count(t => t == "Mission: 1 Takeoff"));
    }

    [Theory]
    [InlineData(CopterMode.Auto, "Arm: AUTO mode not armable")]
    [InlineData(CopterMode.Rtl, "Arm: RTL mode not armable")]
    public void Some_modes_cannot_be_armed(CopterMode mode, string reason)
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 20));
        ground.SetMode(mode);

        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains(reason, ground.Texts);
    }

    [Fact]
    public void Auto_without_a_mission_cannot_be_armed()
    {
        var ground = Ground.Ready();
        ground.SetMode(CopterMode.Auto);

        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: Mode requires mission", ground.Texts);
    }

    [Fact]
    public void With_auto_options_3_arming_in_auto_takes_off_by_itself()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 20));
        ground.SetParameter("AUTO_OPTIONS", 3);
        ground.SetMode(CopterMode.Auto);
        Assert.Equal(MavResult.Accepted, ground.Arm());
        ground.Run(5);

        Assert.InRange(ground.Copter.Height, 1, 10);
    }

    [Fact]
    public void With_auto_options_1_an_armed_vehicle_waits_for_the_mission_start()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 20));
        ground.SetParameter("AUTO_OPTIONS", 1);
        ground.SetMode(CopterMode.Auto);
        Assert.Equal(MavResult.Accepted, ground.Arm());
        ground.Run(5);
        Assert.Equal(0, ground.Copter.Height);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.MissionStart));
        ground.Run(6);
        Assert.InRange(ground.Copter.Height, 3, 12);
    }

    [Fact]
    public void Reposition_wants_the_integer_form_and_the_change_mode_flag()
    {
        var ground = Ground.Ready();
        var place = Ground.At(500_000, 0);

        Assert.Equal(MavResult.Unsupported, ground.Command(MavCmd.DoReposition, p5: 24.51f, p6: 117.65f, p7: 20));
        Assert.Equal(MavResult.Denied, ground.CommandInt(MavCmd.DoReposition, place, 20));
        Assert.Equal(MavResult.Accepted, ground.CommandInt(MavCmd.DoReposition, place, 20, p2: 1));
        Assert.Equal("GUIDED", ground.Copter.Mode);
    }

    [Fact]
    public void Prearm_checks_report_and_are_rejected_while_armed()
    {
        var ground = Ground.Ready();
        ground.SetParameter("BATT_ARM_VOLT", 20);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.RunPrearmChecks));
        Assert.Contains("PreArm: Battery 1 below minimum arming voltage", ground.Texts);
        ground.SetParameter("BATT_ARM_VOLT", 0);
        ground.SetMode(CopterMode.Guided);
        ground.Arm();

        Assert.Equal(MavResult.TemporarilyRejected, ground.Command(MavCmd.RunPrearmChecks));
    }

    [Fact]
    public void Armed_it_refuses_reboot_and_calibration()
    {
        var ground = Ground.Ready();
        ground.SetMode(CopterMode.Guided);
        ground.Arm();

        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.PreflightRebootShutdown, 1));
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.PreflightCalibration, p3: 1));
        Assert.Contains("Disarm to allow calibration", ground.Texts);
    }

    [Fact]
    public void A_calibration_with_an_airspeed_sensor_reports_progress_and_rejects_a_repetition()
    {
        var ground = new Ground(airspeedSensor: true);
        ground.Run(5);
        ground.Log.Clear();
        Assert.Equal(MavResult.InProgress, ground.Command(MavCmd.PreflightCalibration, p3: 1));
        ground.Run(0.5);
        Assert.Equal(MavResult.TemporarilyRejected, ground.Command(MavCmd.PreflightCalibration, p3: 1));
        ground.Run(2);

        Assert.Equal(
            [MavResult.InProgress, MavResult.TemporarilyRejected, MavResult.InProgress, MavResult.Accepted],
            ground.All<CommandAck>().Select(a => a.Result));
    }

    [Fact]
    public void A_gyro_calibration_is_acknowledged_after_half_a_second_of_silence()
    {
        var ground = Ground.Ready();
        ground.Interval(Attitude.MsgId, 50);
        ground.Run(1);
        ground.Log.Clear();
        ground.Send(new CommandLong { Command = MavCmd.PreflightCalibration, TargetSystem = 1, Param1 = 1 });
        ground.Run(0.5);
        Assert.Empty(ground.All<Attitude>());
        Assert.Empty(ground.All<CommandAck>());

        ground.Run(0.2);

        Assert.Equal(MavResult.Accepted, Assert.Single(ground.All<CommandAck>()).Result);
        Assert.EndsWith("Init Gyro**\n", ground.Console.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_motor_test_shows_as_armed_in_the_heartbeat()
    {
        var ground = Ground.Ready();
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoMotorTest, 1, 0, 20, 2));
        ground.Run(1);
        Assert.True(ground.Last<Heartbeat>().BaseMode.HasFlag(MavModeFlag.SafetyArmed));
        ground.Run(3);
        Assert.False(ground.Last<Heartbeat>().BaseMode.HasFlag(MavModeFlag.SafetyArmed));
        Assert.Contains("finished motor test", ground.Texts);
    }

    [Fact]
    public void Texts_of_a_refusal_come_before_or_after_the_acknowledgement()
    {
        var ground = Ground.Ready();
        ground.SetParameter("BATT_ARM_VOLT", 20);
        ground.Log.Clear();
        for (var i = 0; i < 2; i++)
            ground.Arm();

        var order = ground.Log.Select(h => h.MessageId).ToArray();
        Assert.Contains(order, id => id == Statustext.MsgId);
        Assert.True(order is [CommandAck.MsgId, Statustext.MsgId, Statustext.MsgId, CommandAck.MsgId]
            or [Statustext.MsgId, CommandAck.MsgId, CommandAck.MsgId, Statustext.MsgId]);
    }
}
