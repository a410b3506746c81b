namespace DroneOps.Missions.Flight;

/// <summary>What a piece of flight takes.</summary>
/// <param name="Seconds">Time; positive infinity when it cannot be flown.</param>
/// <param name="EnergyWh">Energy from the battery, watt-hours; positive infinity when it cannot be flown.</param>
/// <param name="DistanceM">Length over the ground, metres.</param>
public readonly record struct FlightCost(double Seconds, double EnergyWh, double DistanceM)
{
    /// <summary>Whether it can be flown at all.</summary>
    public bool IsFlyable => double.IsFinite(Seconds);

    /// <summary>One after the other.</summary>
    public static FlightCost operator +(FlightCost left, FlightCost right) =>
        new(left.Seconds + right.Seconds, left.EnergyWh + right.EnergyWh, left.DistanceM + right.DistanceM);

    /// <summary>One after the other; see <see cref="op_Addition"/>.</summary>
    public static FlightCost Add(FlightCost left, FlightCost right) => left + right;
}
