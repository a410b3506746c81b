namespace DroneOps.Simulator.Airframe;

/// <summary>The air's motion at one vehicle: a mean wind plus gusts, an Ornstein-Uhlenbeck process per axis.
/// It blows weaker near the ground (power law, exponent 1/7, full strength at 60 m as SIM_WIND_T_ALT has it).</summary>
internal sealed class WindField(ulong seed)
{
    private const double ReferenceHeight = 60;
    private SeededNoise _noise = new(seed);
    private double _gustNorth;
    private double _gustEast;
    private double _gustDown;

    /// <summary>Velocity of the air, m/s.</summary>
    public Ned Velocity { get; private set; }

    /// <param name="dt">Seconds since the last step.</param>
    /// <param name="height">Metres above the ground.</param>
    /// <param name="speed">Mean speed, m/s.</param>
    /// <param name="fromDeg">Where it comes from, degrees true.</param>
    /// <param name="turbulence">Standard deviation of a gust, m/s.</param>
    /// <param name="timeConstant">How long a gust lasts, seconds.</param>
    public void Step(double dt, double height, double speed, double fromDeg, double turbulence, double timeConstant)
    {
        if (speed == 0 && turbulence == 0)
        {
            Velocity = default;
            return;
        }

        if (turbulence > 0)
        {
            var decay = Math.Exp(-dt / Math.Max(0.1, timeConstant));
            var kick = turbulence * Math.Sqrt(1 - (decay * decay));
            _gustNorth = (_gustNorth * decay) + (kick * _noise.NextNormal());
            _gustEast = (_gustEast * decay) + (kick * _noise.NextNormal());
            _gustDown = (_gustDown * decay) + (0.3 * kick * _noise.NextNormal());
        }

        var shear = Math.Pow(Math.Clamp(height, 1, ReferenceHeight) / ReferenceHeight, 1.0 / 7);
        var from = fromDeg * Math.PI / 180;
        Velocity = new(
            (-speed * Math.Cos(from) * shear) + _gustNorth,
            (-speed * Math.Sin(from) * shear) + _gustEast,
            _gustDown);
    }
}
