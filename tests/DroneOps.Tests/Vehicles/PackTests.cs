using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>How much energy a full pack holds, by what the vehicle says of it.</summary>
public sealed class PackTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(7500, 12.6, 100, 3)]
    [InlineData(7500, 10.9, 20, 3)]
    [InlineData(5200, 16.2, 90, 4)]
    [InlineData(5200, 14.0, 20, 4)]
    [InlineData(13_000, 25.2, 100, 6)]
    [InlineData(13_000, 21.6, 50, 6)] // under load
    [InlineData(13_000, 20.6, 20, 6)] // lithium-ion
    [InlineData(13_000, 26.1, 100, 6)] // high-voltage
    [InlineData(22_000, 52.2, 100, 12)] // high-voltage: never one cell too many
    public void Parameters_tell_its_charge_and_the_voltage_its_cells(int milliampereHours, double volts, int percent, int cells)
    {
        var bench = Audited(new() { ["BATT_CAPACITY"] = milliampereHours });
        Assert.Null(bench.Vehicle.State.BatteryFullWh);
        bench.Receive(Status(volts, percent));
        Assert.Equal(milliampereHours / 1000.0 * cells * 3.7, bench.Vehicle.State.BatteryFullWh!.Value, 6);

        // Under load the voltage sinks; the pack stays what it is.
        bench.Receive(Status(volts * 0.85, percent));
        Assert.Equal(milliampereHours / 1000.0 * cells * 3.7, bench.Vehicle.Snapshot(bench.Now).BatteryFullWh!.Value, 6);
    }

    [Fact]
    public void Px4_tells_its_cells_itself()
    {
        var bench = Audited(new() { ["BAT1_CAPACITY"] = 4500, ["BAT1_N_CELLS"] = 4 }, MavAutopilot.Px4);
        Assert.Equal(4.5 * 4 * 3.7, bench.Vehicle.State.BatteryFullWh!.Value, 6);
    }

    [Theory]
    [InlineData("BATT_CAPACITY", 0f)]
    [InlineData("BATT_CAPACITY", -1f)]
    [InlineData("BATT_CAPACITY", float.PositiveInfinity)]
    [InlineData("BATT_CAPACITY", float.NaN)]
    public void A_capacity_that_is_not_set_tells_nothing(string name, float value)
    {
        var bench = Audited(new() { [name] = value });
        bench.Receive(Status(12.6, 100));
        Assert.Null(bench.Vehicle.State.BatteryFullWh);
    }

    [Fact]
    public void What_a_smart_pack_says_goes_before_parameters_and_what_is_left_of_it_before_what_it_was_built_for()
    {
        var bench = Audited(new() { ["BATT_CAPACITY"] = 7500 });
        bench.Receive(Status(25.0, 98));
        bench.Receive(new SmartBatteryInfo { CapacityFullSpecification = 5935, CapacityFull = 5300, CellsInSeries = 6 });
        Assert.Equal(5.3 * 6 * 3.7, bench.Vehicle.State.BatteryFullWh!.Value, 6);
        bench.Receive(new SmartBatteryInfo { CapacityFullSpecification = 5935, CapacityFull = -1, CellsInSeries = 6 });
        Assert.Equal(5.935 * 6 * 3.7, bench.Vehicle.State.BatteryFullWh!.Value, 6);
        bench.Receive(new BatteryInfo { DesignCapacity = 6, FullChargeCapacity = 5.5f, NominalVoltage = 22.8f });
        Assert.Equal(5.5 * 22.8, bench.Vehicle.State.BatteryFullWh!.Value, 3);

        // The second pack of a vehicle says nothing about the first.
        bench.Receive(new BatteryInfo { Id = 1, DesignCapacity = 60, FullChargeCapacity = 60, NominalVoltage = 22.8f });
        Assert.Equal(5.5 * 22.8, bench.Vehicle.State.BatteryFullWh!.Value, 3);
    }

    [Fact]
    public void How_worn_it_is_a_smart_pack_says_and_another_one_does_not()
    {
        var bench = Audited([]);
        bench.Receive(Status(25.0, 98));
        Assert.Null(bench.Vehicle.Snapshot(bench.Now).BatteryCycles);
        bench.Receive(new SmartBatteryInfo { CapacityFullSpecification = 5000, CapacityFull = 4100, CycleCount = 212 });
        Assert.Equal((212, 82), (bench.Vehicle.Snapshot(bench.Now).BatteryCycles, bench.Vehicle.Snapshot(bench.Now).BatteryHealthPercent));
        bench.Receive(new SmartBatteryInfo { CapacityFullSpecification = -1, CapacityFull = -1, CycleCount = ushort.MaxValue });
        Assert.Equal((212, 82), (bench.Vehicle.State.BatteryCycles, bench.Vehicle.State.BatteryHealthPercent));
        bench.Receive(new BatteryInfo { CycleCount = 213, StateOfHealth = 79, DesignCapacity = 5, FullChargeCapacity = 4.4f });
        Assert.Equal((213, 79), (bench.Vehicle.State.BatteryCycles, bench.Vehicle.State.BatteryHealthPercent));
        bench.Receive(new BatteryInfo { CycleCount = ushort.MaxValue, StateOfHealth = byte.MaxValue, FullChargeCapacity = float.NaN });
        Assert.Equal((213, 79), (bench.Vehicle.State.BatteryCycles, bench.Vehicle.State.BatteryHealthPercent));
    }

    [Fact]
    public void What_is_not_a_number_says_nothing_of_it()
    {
        var bench = Audited([]);
        bench.Receive(new BatteryInfo { DesignCapacity = 6, FullChargeCapacity = 5.5f, NominalVoltage = 22.8f, CycleCount = 3, StateOfHealth = byte.MaxValue });
        bench.Receive(new BatteryInfo { DesignCapacity = float.PositiveInfinity, FullChargeCapacity = float.PositiveInfinity, NominalVoltage = float.PositiveInfinity, CycleCount = 4, StateOfHealth = byte.MaxValue });
        Assert.Equal(5.5 * 22.8, bench.Vehicle.State.BatteryFullWh!.Value, 3);
        Assert.Equal((4, 92), (bench.Vehicle.State.BatteryCycles, bench.Vehicle.State.BatteryHealthPercent));
    }

    private static BatteryStatus Status(double volts, int percent)
    {
        BatteryStatus status = new() { BatteryRemaining = (sbyte)percent, CurrentBattery = -1, CurrentConsumed = -1, Temperature = short.MaxValue };
        status.SetVoltages([(ushort)(volts * 1000), ushort.MaxValue, ushort.MaxValue]);
        return status;
    }

    private static Bench Audited(Dictionary<string, float> values, MavAutopilot autopilot = MavAutopilot.Ardupilotmega)
    {
        Bench bench = new(new VehicleOptions { Streams = [] }) { Autopilot = autopilot };
        bench.OnSent = message =>
        {
            if (message.Is<ParamRequestRead>() && values.TryGetValue(message.Decode<ParamRequestRead>().ParamId, out var value))
                bench.Reply(StreamAndParameterTests.Value(message.Decode<ParamRequestRead>().ParamId, value, MavParamType.Real32));
        };
        bench.Beat();
        bench.Receive(Bench.Version(1));
        bench.Run(20 * Second);
        Assert.NotNull(bench.Vehicle.State.Failsafes);
        return bench;
    }
}
