using DroneOps.Mavlink;

namespace DroneOps.Missions;

/// <summary>What the camera does on a leg.</summary>
public enum CameraDuty
{
    /// <summary>On the way: level, not recording.</summary>
    Transit,

    /// <summary>At work: pointed at the scene and recording.</summary>
    Scene,

    /// <summary>Must not record: level, not recording, and it stays so whatever came before.</summary>
    NoRecord,
}

/// <summary>How a route ends after its last leg.</summary>
public enum RouteEnd
{
    /// <summary>The vehicle's own return: climb to its return height, straight line home, land.</summary>
    ReturnToLaunch,

    /// <summary>Land below the last point.</summary>
    Land,

    /// <summary>Stay above the last point until told otherwise.</summary>
    Hold,
}

/// <summary>Circles flown around a point at the end of a leg. The leg's <see cref="RouteLeg.To"/> is where the circle is entered.</summary>
/// <param name="Centre">The middle, WGS-84.</param>
/// <param name="RadiusM">The radius in metres.</param>
/// <param name="Turns">How many times round; a fraction leaves the circle part of the way round.</param>
/// <param name="Clockwise">Whether it is flown clockwise seen from above.</param>
public sealed record Orbit(GeoPoint Centre, double RadiusM, double Turns, bool Clockwise);

/// <summary>One straight leg of a route: from where the previous one ended (the first: from above the launch point) to
/// <see cref="To"/>, changing height evenly along the way, then the stay at its end.</summary>
public sealed record RouteLeg
{
    /// <summary>Where the straight line ends, WGS-84.</summary>
    public required GeoPoint To { get; init; }

    /// <summary>The height at its end.</summary>
    public required Altitude Altitude { get; init; }

    /// <summary>The ground speed in metres per second; null for the route's.</summary>
    public double? SpeedMps { get; init; }

    /// <summary>What the camera does along the line and during the stay.</summary>
    public CameraDuty Camera { get; init; }

    /// <summary>Where the camera points, degrees above the horizon (-90 straight down); null for the duty's usual
    /// (<see cref="CameraDuty.Scene"/> -45, others 0).</summary>
    public double? CameraPitchDeg { get; init; }

    /// <summary>The place on the ground that the camera is kept on along the line and during the stay, where its duty is
    /// <see cref="CameraDuty.Scene"/>; null for a fixed direction.</summary>
    public GeoPoint? LookAt { get; init; }

    /// <summary>How long to hover at the end.</summary>
    public TimeSpan Dwell { get; init; }

    /// <summary>The circles flown at the end; null for none.</summary>
    public Orbit? Orbit { get; init; }
}

/// <summary>A way to fly: take-off, legs, ending. It belongs to no vehicle and no place of launch until it is checked or
/// compiled with one. Immutable.</summary>
public sealed record Route
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The legs in flying order.</summary>
    public required IReadOnlyList<RouteLeg> Legs { get; init; }

    /// <summary>The ground speed of legs that do not say theirs, in metres per second.</summary>
    public double CruiseSpeedMps { get; init; } = 10;

    /// <summary>The height of the vertical take-off, metres above the launch point, before the first leg begins; null for the
    /// height of the first leg.</summary>
    public double? TakeoffHeightM { get; init; }

    /// <summary>How it ends.</summary>
    public RouteEnd End { get; init; }

    /// <inheritdoc/>
    public bool Equals(Route? other) => other is not null && Name == other.Name && CruiseSpeedMps.Equals(other.CruiseSpeedMps)
        && TakeoffHeightM.Equals(other.TakeoffHeightM) && End == other.End && Legs.SequenceEqual(other.Legs);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, CruiseSpeedMps, TakeoffHeightM, End, Legs.Count);
}

/// <summary>A route as it stood at one time. Once flown it never changes; an edit makes the next number.</summary>
/// <param name="RouteId">The route all versions belong to.</param>
/// <param name="Number">1 for the first, then counting up.</param>
/// <param name="Route">What is flown.</param>
/// <param name="CreatedAt">When it was saved, UTC.</param>
public sealed record RouteVersion(Guid RouteId, int Number, Route Route, DateTimeOffset CreatedAt)
{
    /// <summary>The version that follows when the route is edited.</summary>
    public RouteVersion Next(Route edited, DateTimeOffset at) => new(RouteId, Number + 1, edited, at);
}
