using DroneOps.Mavlink;

namespace DroneOps.Missions;

/// <summary>Where a vehicle takes off and returns to: its home. Heights "above home" count from here.</summary>
/// <param name="Position">WGS-84.</param>
/// <param name="AmslM">The height of the ground there, metres above mean sea level.</param>
public readonly record struct LaunchPoint(GeoPoint Position, double AmslM);

/// <summary>Turns heights of every datum into metres above home. Pure; safe to share.</summary>
/// <param name="home">The launch point.</param>
/// <param name="groundAmslM">The height of the ground at a point, metres above mean sea level (a DEM); null assumes flat ground
/// at the launch point's height, and so does an answer of null.</param>
/// <param name="geoidUndulationM">The height of the geoid above the WGS-84 ellipsoid here in metres;
/// null when not known, and then ellipsoid heights cannot be converted.</param>
public sealed class HeightFrame(LaunchPoint home, Func<GeoPoint, double?>? groundAmslM, double? geoidUndulationM)
{
    /// <summary>A frame over flat ground at the launch point's height.</summary>
    public static HeightFrame Flat(LaunchPoint home) => new(home, groundAmslM: null, geoidUndulationM: null);

    /// <summary>The launch point.</summary>
    public LaunchPoint Home { get; } = home;

    /// <summary>Whether the ground is known from a terrain model rather than assumed flat.</summary>
    public bool HasTerrain => groundAmslM is not null;

    /// <summary>The height of the ground at a point, metres above home.</summary>
    public double GroundM(GeoPoint at) => groundAmslM?.Invoke(at) is { } amsl && double.IsFinite(amsl) ? amsl - Home.AmslM : 0;

    /// <summary>The altitude in metres above home, or null when its datum cannot be converted here.</summary>
    /// <param name="altitude">The altitude; not a number gives null.</param>
    /// <param name="at">Where; used by <see cref="AltitudeDatum.Agl"/> only.</param>
    public double? AboveHomeM(Altitude altitude, GeoPoint at)
    {
        double? height = altitude.Datum switch
        {
            AltitudeDatum.Relative => altitude.Metres,
            AltitudeDatum.Amsl => altitude.Metres - Home.AmslM,
            AltitudeDatum.Agl => altitude.Metres + GroundM(at),
            AltitudeDatum.Ellipsoid => altitude.Metres - geoidUndulationM - Home.AmslM,
            _ => null,
        };
        return height is { } metres && double.IsFinite(metres) ? metres : null;
    }
}
