using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class BootTests
{
    [Fact]
    public void Console_text_precedes_the_first_frame()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(0.9);
        Assert.StartsWith("\n\nInit ArduCopter V4.7.0-dev", ground.Console.ToString(), StringComparison.Ordinal);
        Assert.Empty(ground.Log);

        ground.Run(0.2);

        Assert.Equal(Heartbeat.MsgId, ground.Log[0].MessageId);
        var first = ground.Log[0].Decode<Heartbeat>();
        Assert.Equal(MavState.Boot, first.SystemStatus);
        Assert.Equal(0x59u, (uint)first.BaseMode);
    }

    [Fact]
    public void Nothing_is_streamed_until_somebody_asks()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(60);

        uint[] unasked = [Heartbeat.MsgId, Statustext.MsgId, Timesync.MsgId, GpsGlobalOrigin.MsgId, HomePosition.MsgId];
        Assert.DoesNotContain(ground.Log, h => !unasked.Contains(h.MessageId));
        Assert.InRange(ground.All<Heartbeat>().Count(), 59, 60);
        Assert.InRange(ground.All<Timesync>().Count(), 5, 6);
    }

    [Fact]
    public void Position_is_zero_until_the_receiver_locks_after_ten_seconds()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(2);
        ground.Interval(GlobalPositionInt.MsgId, 1);
        ground.Interval(GpsRawInt.MsgId, 1);
        ground.Interval(SystemTime.MsgId, 1);
        ground.Run(7);
        Assert.All(ground.All<GlobalPositionInt>(), p => Assert.Equal((0, 0, 0), (p.Lat, p.Lon, p.Alt)));
        Assert.All(ground.All<GpsRawInt>(), p => Assert.Equal((GpsFixType.NoGps, ushort.MaxValue), (p.FixType, p.Eph)));
        Assert.All(ground.All<SystemTime>(), p => Assert.Equal(0ul, p.TimeUnixUsec));

        ground.Run(4);

        Assert.Equal(245105000, ground.Last<GlobalPositionInt>().Lat);
        Assert.Equal((GpsFixType.RtkFixed, 10), (ground.Last<GpsRawInt>().FixType, (int)ground.Last<GpsRawInt>().SatellitesVisible));
        Assert.NotEqual(0ul, ground.Last<SystemTime>().TimeUnixUsec);
    }

    [Fact]
    public void Origin_and_home_are_announced_at_twenty_seconds()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(19.5);
        Assert.Empty(ground.All<HomePosition>());
        ground.Run(1);

        var home = Assert.Single(ground.All<HomePosition>());
        Assert.Equal((245105000, 1176550000, 10000), (home.Latitude, home.Longitude, home.Altitude));
        Assert.All(home.Q.ToArray(), q => Assert.True(float.IsNaN(q)));
        Assert.Single(ground.All<GpsGlobalOrigin>());
        Assert.Contains("EKF3 IMU0 origin set", ground.Texts);
        Assert.Contains("Field Elevation Set: 10m", ground.Texts);
    }

    [Fact]
    public void The_estimator_uses_gps_from_forty_one_seconds()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(2);
        ground.Interval(EkfStatusReport.MsgId, 2);
        ground.Run(2);
        Assert.Equal(0x0400u, (uint)ground.Last<EkfStatusReport>().Flags);
        ground.Run(1.4);
        Assert.Equal(0x0000u, (uint)ground.Last<EkfStatusReport>().Flags);
        ground.Run(34);
        Assert.Equal(0x00A7u, (uint)ground.Last<EkfStatusReport>().Flags);
        Assert.DoesNotContain("EKF3 IMU0 is using GPS", ground.Texts);

        ground.Run(3);

        Assert.Equal(0x033Fu, (uint)ground.Last<EkfStatusReport>().Flags);
        Assert.Contains("EKF3 IMU0 is using GPS", ground.Texts);
    }

    [Fact]
    public void The_prearm_bit_depends_on_the_mode()
    {
        const uint PrearmBit = 0x10000000;
        var ground = new Ground(fastBoot: false);
        ground.Run(2);
        ground.Interval(SysStatus.MsgId, 2);
        ground.Run(28);
        Assert.NotEqual(0u, (uint)ground.Last<SysStatus>().OnboardControlSensorsHealth & PrearmBit);

        ground.SetMode(CopterMode.Guided);
        ground.Run(3);

        Assert.Equal(0u, (uint)ground.Last<SysStatus>().OnboardControlSensorsHealth & PrearmBit);
        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: Need Position Estimate", ground.Texts);
        ground.Run(12);
        Assert.NotEqual(0u, (uint)ground.Last<SysStatus>().OnboardControlSensorsHealth & PrearmBit);
    }

    [Fact]
    public void An_early_arm_is_refused_with_every_reason()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(1.7);
        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: System not initialised", ground.Texts);

        ground.Run(1.2);
        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Equal(
            ["Arm: Accels inconsistent", "Arm: EKF attitude is bad", "Arm: AHRS: not using configured AHRS type"],
            ground.Texts.Where(t => t.StartsWith("Arm: ", StringComparison.Ordinal)).TakeLast(3));
    }

    [Fact]
    public void A_standing_reason_is_repeated_every_half_minute_unasked()
    {
        var ground = Ground.Ready();
        ground.SetParameter("BATT_ARM_VOLT", 20);
        ground.Run(65);

        Assert.InRange(ground.Texts.Count(t => t == "PreArm: Battery 1 below minimum arming voltage"), 2, 3);
    }

    [Fact]
    public void A_reboot_forgets_streams_and_counts_from_zero_again_but_keeps_parameters_and_plans()
    {
        var ground = Ground.Ready();
        ground.SetParameter("RTL_ALT", 3000);
        ground.Upload(MavMissionType.Mission, Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 20));
        ground.Interval(SystemTime.MsgId, 1);
        ground.Run(2);
        var boots = ground.Copter.BootCount;
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.PreflightRebootShutdown, 1));
        ground.Run(0.3);
        Assert.Equal(boots + 1, ground.Copter.BootCount);
        ground.Log.Clear();

        ground.Run(5);

        Assert.Equal(0, ground.Log[0].Sequence);
        Assert.Empty(ground.All<GlobalPositionInt>());
        Assert.Equal("STABILIZE", ground.Copter.Mode);
        ground.Command(MavCmd.RequestMessage, SystemTime.MsgId);
        Assert.InRange(ground.Last<SystemTime>().TimeBootMs, 4000u, 6000u);
        ground.Send(new ParamRequestRead { TargetSystem = 1, TargetComponent = 1, ParamIndex = -1, ParamId = "RTL_ALT" });
        Assert.Equal(3000, ground.Last<ParamValue>().ParamValueValue);
        Assert.Equal(2, ground.Download(MavMissionType.Mission).Length);
    }

    [Fact]
    public void Instances_differ_in_the_first_byte_of_their_hardware_id()
    {
        var ids = new List<byte[]>();
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var id in (byte[])[1, 2])
        {
            var copter = new DroneOps.Simulator.SimulatedCopter(
                new(id, Ground.HomePlace, 10, 0, 1, true, 1, DroneOps.Simulator.DockCare.TwoMinuteSwap, false), now);
            copter.Step(now.AddSeconds(3));
            copter.Drain(_ => { });
            var frame = new byte[DroneOps.Mavlink.MavlinkFrame.MaxLength];
            var length = DroneOps.Mavlink.FrameWriter.Write(
                frame, new CommandLong { Command = MavCmd.RequestMessage, Param1 = AutopilotVersion.MsgId, TargetSystem = id }, new(255, 190), 0);
            copter.OnDatagram(frame.AsSpan(0, length));
            copter.Drain(datagram =>
            {
                if (DroneOps.Mavlink.MavlinkFrame.TryParse(datagram, DroneOps.Mavlink.MessageCatalog.Default, out var answer) && answer.Is<AutopilotVersion>())
                    ids.Add(answer.Decode<AutopilotVersion>().Uid2.ToArray());
            });
        }

        Assert.NotEqual(ids[0][0], ids[1][0]);
        Assert.Equal(ids[0][1..], ids[1][1..]);
    }
}
