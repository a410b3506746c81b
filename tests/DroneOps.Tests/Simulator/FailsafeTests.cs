using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class FailsafeTests
{
    private static Ground Flying()
    {
        var ground = Ground.Ready();
        ground.Interval(BatteryStatus.MsgId, 1);
        ground.TakeOff(20);
        ground.CommandInt(MavCmd.DoReposition, Ground.At(60, 0), 20);
        ground.Run(15);
        return ground;
    }

    [Fact]
    public void A_low_battery_returns_after_its_timer_and_a_critical_one_lands()
    {
        var ground = Flying();
        ground.SetParameter("BATT_LOW_VOLT", 11.3f);
        ground.SetParameter("BATT_CRT_VOLT", 10.6f);
        ground.SetParameter("BATT_LOW_TIMER", 5);
        ground.SetParameter("BATT_FS_LOW_ACT", 2);
        ground.SetParameter("BATT_FS_CRT_ACT", 1);
        ground.SetParameter("SIM_BATT_VOLTAGE", 10.9f);
        var sagged = ground.Seconds;
        var returned = ground.RunUntil(() => ground.Copter.Mode == "RTL", 10);
        Assert.InRange(returned - sagged, 5.0, 5.3);
        Assert.Contains(ground.Texts, t => t.StartsWith("Battery 1 is low 10.90V used ", StringComparison.Ordinal) && t.EndsWith(" mAh", StringComparison.Ordinal));
        Assert.Contains("Battery Failsafe", ground.Texts);
        ground.Run(1);
        Assert.Equal(MavBatteryChargeState.Low, ground.Last<BatteryStatus>().ChargeState);
        Assert.Equal(0u, (uint)ground.Last<SysStatus>().OnboardControlSensorsHealth & 0x02000000);

        Assert.Equal(MavResult.Accepted, ground.SetMode(CopterMode.Guided));
        ground.SetParameter("SIM_BATT_VOLTAGE", 10.2f);
        sagged = ground.Seconds;
        var landed = ground.RunUntil(() => ground.Copter.Mode == "LAND", 10);

        Assert.InRange(landed - sagged, 5.0, 5.3);
        ground.Run(1);
        Assert.Equal(MavBatteryChargeState.Critical, ground.Last<BatteryStatus>().ChargeState);
        Assert.Equal(MavState.Critical, ground.Last<Heartbeat>().SystemStatus);
        ground.RunUntil(() => !ground.Copter.IsArmed, 90);
        ground.SetMode(CopterMode.Guided);
        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: Battery failsafe", ground.Texts);
    }

    [Fact]
    public void Without_an_action_a_low_battery_is_only_told()
    {
        var ground = Flying();
        ground.SetParameter("SIM_BATT_VOLTAGE", 10.4f);
        ground.Run(12);

        Assert.Contains(ground.Texts, t => t.StartsWith("Battery 1 is low 10.40V", StringComparison.Ordinal));
        Assert.Equal("GUIDED", ground.Copter.Mode);
    }

    [Fact]
    public void A_lost_ground_station_is_no_reason_to_return_by_default()
    {
        var ground = Flying();
        ground.SendsHeartbeats = false;
        ground.Run(30);

        Assert.Equal("GUIDED", ground.Copter.Mode);
    }

    [Fact]
    public void A_lost_ground_station_returns_the_vehicle_after_five_seconds_and_the_mode_stays_when_it_is_back()
    {
        var ground = Flying();
        ground.SetParameter("FS_GCS_ENABLE", 1);
        ground.Run(1);
        ground.SendsHeartbeats = false;
        var lost = Math.Floor(ground.Seconds);
        var returned = ground.RunUntil(() => ground.Copter.Mode == "RTL", 10);
        Assert.InRange(returned - lost, 4.9, 5.3);
        Assert.Contains("GCS Failsafe", ground.Texts);

        ground.SendsHeartbeats = true;
        ground.Run(2);

        Assert.Contains("GCS Failsafe Cleared", ground.Texts);
        Assert.Equal("RTL", ground.Copter.Mode);
    }

    [Fact]
    public void Heartbeats_of_another_ground_station_do_not_count()
    {
        var ground = Flying();
        ground.SetParameter("FS_GCS_ENABLE", 1);
        ground.Self = new(250, 190);
        ground.Run(7);

        Assert.Equal("RTL", ground.Copter.Mode);
    }

    [Fact]
    public void On_the_ground_and_armed_a_lost_ground_station_disarms()
    {
        var ground = Ground.Ready();
        ground.SetParameter("FS_GCS_ENABLE", 1);
        ground.SetMode(CopterMode.Guided);
        ground.Run(1);
        ground.SendsHeartbeats = false;
        ground.Arm();
        ground.RunUntil(() => !ground.Copter.IsArmed, 6);

        Assert.Contains("GCS Failsafe - Disarming", ground.Texts);
    }

    [Fact]
    public void A_lost_receiver_lands_the_vehicle_after_eight_seconds()
    {
        var ground = Flying();
        ground.SetParameter("SIM_GPS1_ENABLE", 0);
        var lost = ground.Seconds;
        var landing = ground.RunUntil(() => ground.Copter.Mode == "LAND", 15);

        Assert.InRange(landing - lost, 7.9, 8.4);
        Assert.Contains("EKF variance", ground.Texts);
        Assert.Contains("EKF Failsafe: changed to LAND Mode", ground.Texts);
    }

    [Fact]
    public void In_loiter_without_a_transmitter_it_sinks_and_an_override_holds_it()
    {
        var ground = Flying();
        ground.SetMode(CopterMode.Loiter);
        var before = ground.Copter.Height;
        ground.Run(3);
        Assert.InRange(before - ground.Copter.Height, 3, 8);

        for (var i = 0; i < 12; i++)
        {
            ground.Send(new RcChannelsOverride { TargetSystem = 1, Chan3Raw = 1500 });
            ground.Run(0.5);
        }

        before = ground.Copter.Height;
        ground.Send(new RcChannelsOverride { TargetSystem = 1, Chan3Raw = 1500 });
        ground.Run(2);
        Assert.InRange(before - ground.Copter.Height, -0.2, 0.2);
    }
}
