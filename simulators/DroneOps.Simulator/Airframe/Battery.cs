namespace DroneOps.Simulator.Airframe;

/// <summary>A three-cell lithium-polymer pack: charge counted in ampere-seconds, a resting voltage over charge, a drop over the
/// inner resistance.</summary>
internal sealed class Battery
{
    /// <summary>Volts of the full pack at rest; SIM_BATT_VOLTAGE pins the voltage once it differs from this.</summary>
    public const double FullVolts = 12.6;

    private const int Cells = 3;
    private const double InnerResistance = 0.018;

    /// <summary>Volts of one cell at rest at 0, 5, 10, 20 ... 100 % of charge.</summary>
    private static readonly double[] CellVolts = [3.20, 3.45, 3.58, 3.69, 3.74, 3.78, 3.81, 3.85, 3.91, 3.98, 4.08, 4.20];

    private double _capacity;
    private double _used;

    public Battery(double capacityMah) => _capacity = capacityMah * 3.6;

    /// <summary>Volts at the terminals.</summary>
    public double Volts { get; private set; } = FullVolts;

    /// <summary>Amperes out of the pack; negative while it charges.</summary>
    public double Amperes { get; private set; }

    /// <summary>Drawn since the pack was full, mAh.</summary>
    public double UsedMah => _used / 3.6;

    /// <summary>Drawn since the pack was full, J.</summary>
    public double UsedJoules { get; private set; }

    /// <summary>0..1.</summary>
    public double Charge => Math.Clamp(1 - (_used / _capacity), 0, 1);

    public bool IsEmpty => _used >= _capacity;

    /// <summary>Takes power for some time.</summary>
    /// <param name="watts">Power drawn.</param>
    /// <param name="dt">Seconds.</param>
    /// <param name="pinnedVolts">SIM_BATT_VOLTAGE.</param>
    public void Draw(double watts, double dt, double pinnedVolts)
    {
        var rest = RestingVolts(Charge);
        // P = I (U0 - I R), solved for the smaller current.
        var root = (rest * rest) - (4 * InnerResistance * watts);
        Amperes = root > 0 ? (rest - Math.Sqrt(root)) / (2 * InnerResistance) : rest / (2 * InnerResistance);
        _used = Math.Min(_capacity, _used + (Amperes * dt));
        UsedJoules += watts * dt;
        Volts = Math.Abs(pinnedVolts - FullVolts) > 0.01 ? pinnedVolts : rest - (Amperes * InnerResistance);
    }

    /// <summary>Charges at a constant current.</summary>
    /// <returns>Whether the pack is full.</returns>
    public bool ChargeWith(double amperes, double dt)
    {
        _used = Math.Max(0, _used - (amperes * dt));
        UsedJoules = Math.Max(0, UsedJoules - (amperes * Volts * dt));
        Amperes = _used > 0 ? -amperes : 0;
        Volts = RestingVolts(Charge) - (Amperes * InnerResistance);
        if (_used > 0)
            return false;
        UsedJoules = 0;
        return true;
    }

    /// <summary>A full pack is put in, or one of another charge (a fault that a scenario asks for).</summary>
    public void Replace(double capacityMah, double charge)
    {
        _capacity = capacityMah * 3.6;
        _used = _capacity * (1 - charge);
        UsedJoules = charge >= 1 ? 0 : (1 - charge) * _capacity * FullVolts;
        Volts = RestingVolts(Charge);
        Amperes = 0;
    }

    private static double RestingVolts(double charge)
    {
        // The first tenth has a point of its own in the middle: the curve falls steeply there.
        if (charge < 0.1)
        {
            var half = charge * 20;
            var below = (int)half;
            return Cells * (CellVolts[below] + ((half - below) * (CellVolts[below + 1] - CellVolts[below])));
        }

        var tenth = Math.Min(charge * 10, 9.999999);
        var index = (int)tenth;
        return Cells * (CellVolts[index + 1] + ((tenth - index) * (CellVolts[index + 2] - CellVolts[index + 1])));
    }
}
