namespace DroneOps.Missions.Flight;

/// <summary>The electric power a multirotor draws in level flight, in the form of Zeng, Xu and Zhang (IEEE Trans. Wireless
/// Communications 18, 2019):
/// P(V) = P0 (1 + 3V²/Utip²) + Pi (sqrt(1 + V⁴/4v0⁴) - V²/2v0²)^½ + k V³, V the AIRSPEED in metres per second.</summary>
/// <param name="BladeProfileW">P0, watts: turning the blades.</param>
/// <param name="InducedW">Pi, watts: holding the weight in hover.</param>
/// <param name="TipSpeedMps">Utip, metres per second.</param>
/// <param name="HoverInducedMps">v0, metres per second: the air's speed through the rotors in hover.</param>
/// <param name="DragWPerMps3">k = ½ d0 ρ s A, watts per (m/s)³: the body's drag.</param>
public sealed record PowerModel(double BladeProfileW, double InducedW, double TipSpeedMps, double HoverInducedMps, double DragWPerMps3)
{
    /// <summary>The paper's own 20 N example: hover 168.5 W, least 126.0 W at 10.2 m/s, best range 8.83 J/m at 18.3 m/s.</summary>
    public static PowerModel ZengXuZhang { get; } = new(79.8563, 88.6279, 120, 4.03, 0.5 * 0.6 * 1.225 * 0.05 * 0.503);

    /// <summary>Watts in level flight at an airspeed in metres per second; 0 is hover in still air.</summary>
    public double WattsAt(double airspeedMps)
    {
        var square = airspeedMps * airspeedMps;
        var inflow = square / (2 * HoverInducedMps * HoverInducedMps);

        // sqrt(1 + x²) - x loses digits for large x; 1 / (sqrt(1 + x²) + x) is the same number without the loss.
        var induced = 1 / Math.Sqrt(Math.Sqrt(1 + (inflow * inflow)) + inflow);
        return (BladeProfileW * (1 + (3 * square / (TipSpeedMps * TipSpeedMps)))) + (InducedW * induced) + (DragWPerMps3 * square * airspeedMps);
    }

    /// <summary>The same aircraft with every part of its power scaled, to fit a measured hover power.</summary>
    public PowerModel ScaledToHover(double hoverW)
    {
        var factor = hoverW / (BladeProfileW + InducedW);
        return this with { BladeProfileW = BladeProfileW * factor, InducedW = InducedW * factor, DragWPerMps3 = DragWPerMps3 * factor };
    }
}
