using DroneOps.Mavlink;

namespace DroneOps.Missions.Zones;

/// <summary>A place to be looked at from all sides: a key site, a bridge, a square.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Position">Its middle, WGS-84.</param>
public sealed record Site(string Name, GeoPoint Position)
{
    /// <summary>The radius of the circle flown around it, in metres; 0 to stop above it instead.</summary>
    public double OrbitRadiusM { get; init; } = 40;

    /// <summary>How many times round; at least one when there is a circle.</summary>
    public int Turns { get; init; } = 1;

    /// <summary>The height flown there.</summary>
    public Altitude Altitude { get; init; } = Altitude.Relative(60);

    /// <summary>How long to stay above it when there is no circle.</summary>
    public TimeSpan Dwell { get; init; }
}
