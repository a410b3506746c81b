using DroneOps.Mavlink.Messages;
using DroneOps.Simulator;
using DroneOps.Simulator.Airframe;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class BatteryTests
{
    [Theory]
    [InlineData(0, 168.5)]
    [InlineData(10.2, 126.0)]
    public void Power_over_airspeed_is_that_of_the_published_model(double airspeed, double watts) =>
        Assert.Equal(watts, PowerModel.Level(airspeed), 0.1);

    [Fact]
    public void Best_range_is_at_18_metres_a_second()
    {
        var best = Enumerable.Range(50, 200).Select(i => i / 10.0).MinBy(v => PowerModel.Level(v) / v);

        Assert.Equal(18.3, best, 0.2);
        Assert.Equal(8.83, PowerModel.Level(best) / best, 0.02);
    }

    [Fact]
    public void Hovering_ten_minutes_takes_what_the_model_says()
    {
        var ground = Ground.Ready();
        ground.TakeOff(10);
        ground.Run(5);
        var before = ground.Copter.BatteryUsedWh;
        ground.Run(600);

        Assert.Equal((168.5 + PowerModel.Avionics) / 6, ground.Copter.BatteryUsedWh - before, 0.3);
    }

    [Fact]
    public void A_full_pack_flies_thirty_five_to_forty_minutes_at_patrol_speed()
    {
        var joules = 7.5 * 3600 * 11.4;

        Assert.InRange(joules / PowerModel.Flight(10, 0) / 60, 35, 41);
    }

    [Fact]
    public void A_head_wind_costs_energy()
    {
        static double Used(float wind)
        {
            var ground = Ground.Ready();
            ground.Copter.TrySetParameter("SIM_WIND_SPD", wind);
            ground.Copter.TrySetParameter("SIM_WIND_DIR", 0);
            ground.TakeOff(30);
            var before = ground.Copter.BatteryUsedWh;
            ground.CommandInt(MavCmd.DoReposition, Ground.At(800, 0), 30);
            ground.RunUntil(() => ground.Copter.DistanceFromDock > 795, 120);
            return ground.Copter.BatteryUsedWh - before;
        }

        Assert.True(Used(10) > Used(0) * 1.2);
    }

    [Fact]
    public void Voltage_falls_with_charge_and_recovers_with_rest()
    {
        var battery = new Battery(7500);
        var last = 12.7;
        while (battery.Charge > 0.05)
        {
            battery.Draw(150, 30, Battery.FullVolts);
            Assert.True(battery.Volts < last);
            last = battery.Volts;
        }

        Assert.InRange(last, 9.5, 10.5);
        battery.Draw(1, 0.001, Battery.FullVolts);
        Assert.True(battery.Volts > last);
    }

    [Fact]
    public void The_dock_swaps_the_pack_in_its_time_and_the_failsafe_is_over()
    {
        var ground = Ground.Ready();
        ground.Run(200);
        ground.SetParameter("BATT_LOW_MAH", 3000);
        ground.TakeOff(10);
        ground.Copter.Plan(new(DroneOps.Simulator.Faults.FaultKind.LowBattery, ground.Seconds, Value: 0.3));
        ground.Run(12);
        ground.SetMode(CopterMode.Rtl);
        ground.RunUntil(() => !ground.Copter.IsArmed, 90);
        ground.Run(110);
        Assert.InRange(ground.Copter.BatteryCharge, 0.2, 0.3);
        ground.Run(15);

        Assert.InRange(ground.Copter.BatteryCharge, 0.99, 1);
        ground.SetMode(CopterMode.Guided);
        Assert.Equal(MavResult.Accepted, ground.Arm());
    }

    [Fact]
    public void A_charging_dock_fills_the_pack_over_its_time()
    {
        var ground = new Ground(dock: new(DockMode.Charge, 3600));
        ground.Copter.Plan(new(DroneOps.Simulator.Faults.FaultKind.LowBattery, 1, Value: 0.5));
        ground.Run(1201);
        Assert.InRange(ground.Copter.BatteryCharge, 0.82, 0.85);
        ground.Run(700);

        Assert.Equal(1, ground.Copter.BatteryCharge);
    }

    [Fact]
    public void Away_from_the_dock_nothing_is_charged()
    {
        var ground = Ground.Ready();
        ground.TakeOff(10);
        ground.CommandInt(MavCmd.DoReposition, Ground.At(40, 0), 10);
        ground.Copter.Plan(new(DroneOps.Simulator.Faults.FaultKind.LowBattery, ground.Seconds, Value: 0.5));
        ground.Run(15);
        ground.SetMode(CopterMode.Land);
        ground.RunUntil(() => !ground.Copter.IsArmed, 60);
        ground.Run(600);

        Assert.InRange(ground.Copter.BatteryCharge, 0.4, 0.5);
    }
}
