using System.Globalization;

namespace DroneOps.Missions.Flight;

/// <summary>What a type of multirotor can do: the figures planning needs. Immutable; check one from outside with
/// <see cref="Check"/>.</summary>
public sealed record AirframeProfile
{
    /// <summary>What people call the type.</summary>
    public required string Name { get; init; }

    /// <summary>Take-off mass in kilograms.</summary>
    public double MassKg { get; init; } = 1.85;

    /// <summary>The ground speed of transits when nothing else is asked, metres per second.</summary>
    public double CruiseSpeedMps { get; init; } = 12;

    /// <summary>The highest airspeed it can hold, metres per second; sets what wind it can fly in.</summary>
    public double MaxAirspeedMps { get; init; } = 20;

    /// <summary>Climb rate, metres per second.</summary>
    public double ClimbMps { get; init; } = 5;

    /// <summary>Descent rate, metres per second.</summary>
    public double DescentMps { get; init; } = 3;

    /// <summary>Rate of the last part of a landing (below <see cref="LandingHeightM"/>), metres per second.</summary>
    public double LandingMps { get; init; } = 0.5;

    /// <summary>Where the last part of a landing begins, metres above home.</summary>
    public double LandingHeightM { get; init; } = 10;

    /// <summary>Acceleration and braking along the track, m/s².</summary>
    public double AccelerationMps2 { get; init; } = 2.5;

    /// <summary>Acceleration across the track in turns and orbits, m/s².</summary>
    public double LateralMps2 { get; init; } = 2.5;

    /// <summary>How far a corner may be cut, metres; 0 means a stop at every corner.</summary>
    public double CornerM { get; init; } = 2;

    /// <summary>From the order to lift-off, seconds, typical (p50).</summary>
    public double LaunchS { get; init; } = 20;

    /// <summary>From the order to lift-off, seconds, nine times out of ten (p90).</summary>
    public double LaunchP90S { get; init; } = 35;

    /// <summary>From the order until a vehicle in the air begins to leave what it flies, seconds, typical (p50): a mission goes up and is
    /// read back.</summary>
    public double RetaskS { get; init; } = 1;

    /// <summary>The same, nine times out of ten (p90): over a slow link.</summary>
    public double RetaskP90S { get; init; } = 4;

    /// <summary>Energy of a full battery, watt-hours.</summary>
    public double BatteryWh { get; init; } = 149;

    /// <summary>What must be left in the battery at landing, percent of full.</summary>
    public double ReservePercent { get; init; } = 20;

    /// <summary>Power of everything that does not turn rotors: computer, radio, camera, watts.</summary>
    public double AvionicsW { get; init; } = 15;

    /// <summary>Power for the rotors.</summary>
    public PowerModel Power { get; init; } = PowerModel.ZengXuZhang;

    /// <summary>From battery to lift: motor, controller and rotor efficiency in climbs, 0..1.</summary>
    public double ClimbEfficiency { get; init; } = 0.6;

    /// <summary>The height of the vehicle's own return, metres above home (ArduPilot RTL_ALT, PX4 RTL_RETURN_ALT).</summary>
    public double ReturnHeightM { get; init; } = 60;

    /// <summary>The highest steady wind it may be sent into, metres per second.</summary>
    public double MaxWindMps { get; init; } = 12;

    /// <summary>A generic 1.85 kg patrol quadrotor: 183 W in hover, 141 W at its best endurance speed of 10 m/s, 63 minutes there to an
    /// empty 149 Wh battery. Figures of the class; a real type brings its own.</summary>
    public static AirframeProfile PatrolQuad { get; } = new() { Name = "Patrol quadrotor, 1.85 kg" };

    /// <summary>Watts in hover, everything included.</summary>
    public double HoverW(Wind wind) => Power.WattsAt(wind.SpeedMps) + AvionicsW;

    /// <summary>Watts of climbing, on top of level flight.</summary>
    /// <param name="climbMps">Climb rate, metres per second; descending saves nothing.</param>
    public double ClimbExtraW(double climbMps) => climbMps <= 0 ? 0 : MassKg * 9.80665 * climbMps / ClimbEfficiency;

    /// <summary>What is wrong with the figures; empty when they can be used. Codes: <c>airframe.range</c>.</summary>
    public IReadOnlyList<InputFault> Check()
    {
        var faults = new List<InputFault>();
        void Range(double value, double least, double most, string name)
        {
            if (!(value >= least && value <= most))
                faults.Add(new("airframe.range", name, string.Create(CultureInfo.InvariantCulture, $"It must be {least} to {most}; it is {value}.")));
        }

        Range(MassKg, 0.05, 150, nameof(MassKg));
        Range(CruiseSpeedMps, 0.5, 60, nameof(CruiseSpeedMps));
        Range(MaxAirspeedMps, CruiseSpeedMps, 80, nameof(MaxAirspeedMps));
        Range(ClimbMps, 0.1, 20, nameof(ClimbMps));
        Range(DescentMps, 0.1, 20, nameof(DescentMps));
        Range(LandingMps, 0.1, 5, nameof(LandingMps));
        Range(LandingHeightM, 0, 50, nameof(LandingHeightM));
        Range(AccelerationMps2, 0.1, 20, nameof(AccelerationMps2));
        Range(LateralMps2, 0.1, 20, nameof(LateralMps2));
        Range(CornerM, 0, 50, nameof(CornerM));
        Range(LaunchS, 0, 600, nameof(LaunchS));
        Range(LaunchP90S, LaunchS, 1200, nameof(LaunchP90S));
        Range(RetaskS, 0, 60, nameof(RetaskS));
        Range(RetaskP90S, RetaskS, 120, nameof(RetaskP90S));
        Range(BatteryWh, 1, 20_000, nameof(BatteryWh));
        Range(ReservePercent, 0, 90, nameof(ReservePercent));
        Range(AvionicsW, 0, 2000, nameof(AvionicsW));
        Range(ClimbEfficiency, 0.1, 1, nameof(ClimbEfficiency));
        Range(ReturnHeightM, 0, 1000, nameof(ReturnHeightM));
        Range(MaxWindMps, 0, 40, nameof(MaxWindMps));
        Range(Power.BladeProfileW, 0, 50_000, "Power.BladeProfileW");
        Range(Power.InducedW, 1, 50_000, "Power.InducedW");
        Range(Power.TipSpeedMps, 20, 340, "Power.TipSpeedMps");
        Range(Power.HoverInducedMps, 0.5, 30, "Power.HoverInducedMps");
        Range(Power.DragWPerMps3, 0, 10, "Power.DragWPerMps3");
        return faults;
    }
}
