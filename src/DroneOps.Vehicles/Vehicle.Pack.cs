using System.Globalization;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>The pack: which one it is and how much energy it holds when full, from SMART_BATTERY_INFO or BATTERY_INFO where the vehicle sends one of
/// them, else from its parameters.</content>
/// <remarks>Capacity is told in charge, planning needs energy. Where nobody says how many cells there are, they are counted by the voltage; in
/// doubt there is one less, because who plans with too little energy comes home.</remarks>
public sealed partial class Vehicle
{
    // Lithium polymer; a high-voltage cell holds a little more, a lithium-ion cell as much.
    private const double CellNominalV = 3.7;

    // What a cell shows at rest, about: 3.5 V when empty, 4.15 V when full.
    private const double CellEmptyV = 3.5;
    private const double CellSpanV = 0.65;
    private const double CellInDoubt = 0.6;

    // Less than the smallest multirotor's is "not set" in some way.
    private const double LeastMah = 100;

    private double? _toldMah;
    private double? _parameterMah;
    private double? _toldVolts;
    private int? _toldCells;
    private int? _countedCells;

    private void FoldPack(in SmartBatteryInfo message)
    {
        if (message.Id != 0)
            return;
        FoldBatterySerial(message.SerialNumber);
        FoldWear(message.CycleCount, message is { CapacityFull: > 0, CapacityFullSpecification: > 0 } ? 100.0 * message.CapacityFull / message.CapacityFullSpecification : null);
        _toldMah = message.CapacityFull >= LeastMah ? message.CapacityFull : message.CapacityFullSpecification >= LeastMah ? message.CapacityFullSpecification : _toldMah;
        _toldCells = message.CellsInSeries > 0 ? message.CellsInSeries : _toldCells;
        WeighPack();
    }

    private void FoldPack(in BatteryInfo message)
    {
        if (message.Id != 0)
            return;
        FoldBatterySerial(message.SerialNumber);
        var (full, design) = (FiniteOrZero(message.FullChargeCapacity * 1000.0), FiniteOrZero(message.DesignCapacity * 1000.0));
        FoldWear(message.CycleCount, message.StateOfHealth is > 0 and <= 100 ? message.StateOfHealth : full > 0 && design > 0 ? 100 * full / design : null);
        _toldMah = full >= LeastMah ? full : design >= LeastMah ? design : _toldMah;
        _toldVolts = FiniteOrZero(message.NominalVoltage) is > 0 and var nominal ? nominal : _toldVolts;
        _toldCells = message.CellsInSeries > 0 ? message.CellsInSeries : _toldCells;
        WeighPack();
    }

    private void FoldPack(IReadOnlyDictionary<string, double> parameters)
    {
        if (parameters.TryGetValue(FailsafeAudit.BatterySerial, out var number) && number > 0)
            FoldBatterySerial(number.ToString("0", CultureInfo.InvariantCulture));
        foreach (var name in FailsafeAudit.BatteryCapacity)
        {
            if (parameters.TryGetValue(name, out var mah) && mah >= LeastMah)
                _parameterMah = mah;
        }

        if (parameters.TryGetValue(FailsafeAudit.BatteryCells, out var cells) && cells >= 1)
            _toldCells ??= (int)cells;
        WeighPack();
    }

    /// <summary>Zero is "not told" of a capacity and of a voltage.</summary>
    private static double FiniteOrZero(double value) => double.IsFinite(value) ? value : 0;

    private void FoldBatterySerial(string serial)
    {
        if (serial.Trim() is { Length: > 0 } told)
            State.BatterySerial = told;
    }

    /// <summary>How worn the pack is. A count of 0 is what a pack tells that does not count, and what a new one tells: neither is worth keeping.</summary>
    private void FoldWear(ushort cycles, double? healthPercent)
    {
        if (cycles is > 0 and < ushort.MaxValue)
            State.BatteryCycles = cycles;
        if (healthPercent is { } health)
            State.BatteryHealthPercent = (int)Math.Round(Math.Min(health, 100));
    }

    private void WeighPack()
    {
        if ((_toldMah ?? _parameterMah) is not { } mah)
            return;
        // Counted once: under load the voltage sinks, the number of cells does not.
        if (_countedCells is null && State.Battery is { Value: { VoltageV: { } volts, RemainingPercent: { } percent } })
            _countedCells = Math.Max(1, (int)Math.Floor((volts / (CellEmptyV + (CellSpanV * percent / 100))) + 1 - CellInDoubt));
        if ((_toldVolts ?? (_toldCells ?? _countedCells) * CellNominalV) is { } nominal)
            State.BatteryFullWh = mah / 1000 * nominal;
    }

    /// <summary>A pack is changed with the power off.</summary>
    private void ForgetPack()
    {
        _toldMah = _parameterMah = _toldVolts = null;
        _toldCells = _countedCells = null;
        State.BatteryCycles = State.BatteryHealthPercent = null;
        State.BatteryFullWh = null;
    }
}
