namespace DroneOps.Mavlink;

/// <summary>What an altitude is measured from.</summary>
public enum AltitudeDatum
{
    /// <summary>Above mean sea level (MAV_FRAME_GLOBAL).</summary>
    Amsl,

    /// <summary>Above the vehicle's home position (MAV_FRAME_GLOBAL_RELATIVE_ALT).</summary>
    Relative,

    /// <summary>Above the ground directly below (MAV_FRAME_GLOBAL_TERRAIN_ALT); China's "true height".</summary>
    Agl,

    /// <summary>Above the WGS-84 ellipsoid (GNSS height, CoT's HAE).</summary>
    Ellipsoid,
}

/// <summary>A height in metres that says what it is measured from. Two altitudes of different datums do not
/// compare or subtract; convert first, with the home height or the terrain at hand.</summary>
/// <param name="Metres">Metres above the datum, up positive.</param>
/// <param name="Datum">What zero is.</param>
public readonly record struct Altitude(double Metres, AltitudeDatum Datum)
{
    /// <summary>An altitude above mean sea level.</summary>
    public static Altitude Amsl(double metres) => new(metres, AltitudeDatum.Amsl);

    /// <summary>An altitude above home.</summary>
    public static Altitude Relative(double metres) => new(metres, AltitudeDatum.Relative);

    /// <summary>An altitude above ground level.</summary>
    public static Altitude Agl(double metres) => new(metres, AltitudeDatum.Agl);

    /// <summary>An altitude above the WGS-84 ellipsoid.</summary>
    public static Altitude Ellipsoid(double metres) => new(metres, AltitudeDatum.Ellipsoid);

    /// <summary>The difference in metres.</summary>
    /// <exception cref="ArgumentException">The two altitudes have different datums.</exception>
    public static double operator -(Altitude left, Altitude right) => left.Datum == right.Datum
        ? left.Metres - right.Metres
        : throw new ArgumentException($"An altitude {right.Datum} cannot be subtracted from one {left.Datum}.", nameof(right));

    /// <summary>The difference in metres; see <see cref="op_Subtraction"/>.</summary>
    public static double Subtract(Altitude left, Altitude right) => left - right;
}
