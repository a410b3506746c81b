using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <content>The battery, from BATTERY_STATUS where the vehicle sends it, else from SYS_STATUS.</content>
public sealed partial class Vehicle
{
    private const double TellVoltageV = 0.1;
    private const int LevelHysteresisPercent = 5;
    private static readonly TimeSpan TellBatteryEvery = TimeSpan.FromSeconds(10);

    private DateTimeOffset? _batteryStatusAt;
    private Sampled<BatteryReading>? _toldBattery;
    private BatteryLevel _warnedLevel;

    private void FoldBattery(in BatteryStatus message, DateTimeOffset at)
    {
        if (message.Id != 0)
            return;
        _batteryStatusAt = at;
        FoldBattery(
            Judged(new(
                message.BatteryRemaining is >= 0 and <= 100 ? message.BatteryRemaining : null,
                PackVoltage(message),
                message.CurrentBattery < 0 ? null : message.CurrentBattery / 100.0,
                message.CurrentConsumed < 0 ? null : message.CurrentConsumed,
                message.TimeRemaining <= 0 ? null : TimeSpan.FromSeconds(message.TimeRemaining),
                message.Temperature == short.MaxValue ? null : message.Temperature / 100.0,
                message.ChargeState switch
                {
                    MavBatteryChargeState.Ok or MavBatteryChargeState.Charging => BatteryLevel.Ok,
                    MavBatteryChargeState.Low => BatteryLevel.Low,
                    MavBatteryChargeState.Critical => BatteryLevel.Critical,
                    MavBatteryChargeState.Emergency or MavBatteryChargeState.Failed or MavBatteryChargeState.Unhealthy => BatteryLevel.Emergency,
                    _ => BatteryLevel.Unknown,
                })),
            at);
    }

    private void FoldBattery(in SysStatus message, DateTimeOffset at)
    {
        if (_batteryStatusAt is { } better && at - better <= _talk.Options.SlowStaleAfter)
            return;
        if (message.VoltageBattery is 0 or ushort.MaxValue && message.BatteryRemaining < 0)
            return;
        FoldBattery(
            Judged(new(
                message.BatteryRemaining is >= 0 and <= 100 ? message.BatteryRemaining : null,
                message.VoltageBattery is 0 or ushort.MaxValue ? null : message.VoltageBattery / 1000.0,
                message.CurrentBattery < 0 ? null : message.CurrentBattery / 100.0,
                ConsumedMah: null,
                TimeRemaining: null,
                TemperatureC: null,
                BatteryLevel.Unknown)),
            at);
    }

    private void FoldBattery(in BatteryReading battery, DateTimeOffset at)
    {
        State.Battery = new(battery, at);
        WeighPack();
        if (_toldBattery is not { } told || WorthTelling(told, battery, at))
        {
            _toldBattery = new(battery, at);
            Tell(new VehicleFact.BatteryReported(at, battery));
        }

        if (battery.Level >= BatteryLevel.Low && battery.Level > _warnedLevel)
        {
            _warnedLevel = battery.Level;
            Tell(new VehicleFact.LowBattery(at, battery.Level, battery));
            UpdateReadiness(at);
        }
        else if (battery.Level == BatteryLevel.Ok && !(battery.RemainingPercent < _talk.Options.LowBatteryPercent + LevelHysteresisPercent))
        {
            _warnedLevel = BatteryLevel.Ok;
        }
    }

    private static bool WorthTelling(in Sampled<BatteryReading> told, in BatteryReading battery, DateTimeOffset at) =>
        told.Value.RemainingPercent != battery.RemainingPercent
        || told.Value.Level != battery.Level
        || Math.Abs((told.Value.VoltageV ?? 0) - (battery.VoltageV ?? 0)) >= TellVoltageV
        || at - told.At >= TellBatteryEvery;

    /// <summary>The worse of what the autopilot tells and what the percentage says: an ArduPilot tells that all is well until its own failsafe
    /// has fired, and with none set it tells so of an empty pack.</summary>
    private BatteryReading Judged(in BatteryReading battery)
    {
        if (battery.RemainingPercent is not { } percent)
            return battery;
        var byPercent = percent <= _talk.Options.CriticalBatteryPercent ? BatteryLevel.Critical
            : percent <= _talk.Options.LowBatteryPercent ? BatteryLevel.Low
            : BatteryLevel.Ok;
        return battery.Level >= byPercent ? battery : battery with { Level = byPercent };
    }

    /// <summary>The sum of the cells; 65535 marks a cell that is not there (in the extension: 0), and a pack above 65.534 V is spread over
    /// several cells.</summary>
    private static double? PackVoltage(in BatteryStatus message)
    {
        var millivolts = 0;
        foreach (var cell in message.Voltages)
        {
            if (cell != ushort.MaxValue)
                millivolts += cell;
        }

        foreach (var cell in message.VoltagesExt)
            millivolts += cell == ushort.MaxValue ? 0 : cell;
        return millivolts == 0 ? null : millivolts / 1000.0;
    }
}
