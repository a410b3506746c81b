namespace DroneOps.Simulator.Airframe;

/// <summary>Electrical power of a rotary wing over airspeed, in the form of Zeng, Xu and Zhang ("Energy Minimization for
/// Wireless Communication With Rotary-Wing UAV", 2019, eq. 12, with its constants for a 2 kg aircraft): blade profile, induced and parasite power.
/// It gives 168.5 W in hover and a minimum of 126.0 W at 10.2 m/s.</summary>
internal static class PowerModel
{
    /// <summary>Weight of the aircraft, N.</summary>
    public const double Weight = 20;

    /// <summary>What autopilot, radio and camera draw while the motors stand still, W.</summary>
    public const double Avionics = 6;

    private const double BladeProfile = 79.8563;
    private const double Induced = 88.6279;
    private const double TipSpeed = 120;
    private const double HoverInducedSpeed = 4.03;
    private const double HalfDragArea = 0.5 * 0.6 * 1.225 * 0.05 * 0.503;

    /// <summary>How much of the battery's power becomes climb.</summary>
    private const double ClimbEfficiency = 0.6;

    /// <summary>Power in steady flight, W.</summary>
    /// <param name="airspeed">Horizontal speed through the air, m/s.</param>
    public static double Level(double airspeed)
    {
        var squared = airspeed * airspeed;
        var ratio = squared / (2 * HoverInducedSpeed * HoverInducedSpeed);
        return (BladeProfile * (1 + (3 * squared / (TipSpeed * TipSpeed))))
            + (Induced * Math.Sqrt(Math.Sqrt(1 + (ratio * ratio)) - ratio))
            + (HalfDragArea * squared * airspeed);
    }

    /// <summary>Power in flight, W. A descent costs what level flight does: the rotors do not give energy back.</summary>
    /// <param name="airspeed">Horizontal speed through the air, m/s.</param>
    /// <param name="climb">Upwards speed, m/s.</param>
    public static double Flight(double airspeed, double climb) =>
        Level(airspeed) + (climb > 0 ? Weight * climb / ClimbEfficiency : 0) + Avionics;
}
