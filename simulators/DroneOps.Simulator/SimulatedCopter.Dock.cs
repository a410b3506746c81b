using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator;

/// <summary>What the dock does with a battery once its vehicle stands in it, disarmed.</summary>
internal enum DockMode
{
    /// <summary>Nothing: the pack stays as it is.</summary>
    None,

    /// <summary>A charged pack is put in after <see cref="DockCare.Seconds"/>.</summary>
    Swap,

    /// <summary>The pack is charged; from empty to full takes <see cref="DockCare.Seconds"/>.</summary>
    Charge,
}

/// <summary>How a dock cares for batteries.</summary>
/// <param name="Mode">What it does.</param>
/// <param name="Seconds">How long it takes, vehicle seconds.</param>
internal sealed record DockCare(DockMode Mode, double Seconds)
{
    /// <summary>A swap in two minutes, what dock makers promise.</summary>
    public static DockCare TwoMinuteSwap { get; } = new(DockMode.Swap, 120);
}

/// <summary>The time between flights.</summary>
internal sealed partial class SimulatedCopter
{
    private const double DockRadius = 5;

    /// <summary>A pack fuller than this is left in.</summary>
    private const double SwapBelow = 0.9;

    private double _dockedFor;

    private void StepDock(double dt)
    {
        var battery = _copter.Battery;
        if (_setup.Dock.Mode == DockMode.None || DistanceFromDock > DockRadius)
        {
            _dockedFor = 0;
            battery.Draw(PowerModel.Avionics, dt, _parameters[Known.BatteryVoltage]);
            return;
        }

        _dockedFor += dt;
        if (_setup.Dock.Mode == DockMode.Swap)
        {
            if (battery.Charge < SwapBelow && _dockedFor >= _setup.Dock.Seconds)
                ReplaceBattery(1);
            return;
        }

        var capacity = _parameters[Known.BatteryCapacity];
        if (battery.Charge < 1 && battery.ChargeWith(capacity * 3.6 / Math.Max(1, _setup.Dock.Seconds), dt))
            _copter.OnBatteryReplaced();
    }

    private void ReplaceBattery(double charge)
    {
        _copter.Battery.Replace(_parameters[Known.BatteryCapacity], charge);
        _copter.OnBatteryReplaced();
    }
}
