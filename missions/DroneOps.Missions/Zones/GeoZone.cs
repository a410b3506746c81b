using System.Collections.Immutable;
using System.Globalization;
using DroneOps.Mavlink;

namespace DroneOps.Missions.Zones;

/// <summary>What a zone means for a flight.</summary>
public enum ZoneEffect
{
    /// <summary>Flights stay inside one of the keep-in zones.</summary>
    KeepIn,

    /// <summary>Flights stay out.</summary>
    KeepOut,

    /// <summary>Flights may pass but nothing is recorded.</summary>
    NoRecord,

    /// <summary>Flights may pass; the planner is told.</summary>
    Caution,
}

/// <summary>A span of time in which a zone holds. Half open: from the start, up to but not at the end.</summary>
/// <param name="From">The first instant, or null for "has always held".</param>
/// <param name="To">The first instant after, or null for "holds until further notice".</param>
public readonly record struct ZoneWindow(DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Whether the window shares an instant with the span from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public bool Overlaps(DateTimeOffset start, DateTimeOffset end) => (To is not { } to || start < to) && (From is not { } from || end >= from);

    /// <summary>Whether the whole span from <paramref name="start"/> to <paramref name="end"/> lies in the window.</summary>
    public bool Contains(DateTimeOffset start, DateTimeOffset end) => (To is not { } to || end < to) && (From is not { } from || start >= from);
}

/// <summary>The outline of a zone on the ground: a <see cref="PolygonShape"/> or a <see cref="CircleShape"/>.</summary>
public abstract record ZoneShape
{
    private protected ZoneShape()
    {
    }

    /// <summary>Makes a polygon, or says what is wrong with it; the codes are those of <see cref="Area.Create"/> with <c>zone.</c>
    /// in front.</summary>
    public static Validated<ZoneShape> Polygon(IReadOnlyList<GeoPoint> outer, params IReadOnlyList<IReadOnlyList<GeoPoint>> holes)
    {
        var faults = new List<InputFault>();
        return Ring.Check(outer, holes, "zone", faults) is { } rings
            ? new(new PolygonShape([.. rings.Outer], [.. rings.Holes.Select(static hole => hole.ToImmutableArray())]))
            : new(faults);
    }

    /// <summary>Makes a circle, or says what is wrong with it. Codes: <c>zone.notANumber</c>, <c>zone.outOfRange</c>,
    /// <c>zone.swapped</c>, <c>zone.radius</c> (1 m to 50 km).</summary>
    public static Validated<ZoneShape> Circle(GeoPoint centre, double radiusM)
    {
        var faults = new List<InputFault>();
        Ring.CheckPoint(centre, "zone", "centre", faults);
        if (radiusM is not (>= 1 and <= Ring.MaxExtentM / 2))
            faults.Add(new("zone.radius", "radius", string.Create(CultureInfo.InvariantCulture, $"The radius must be 1 m to 50 km; it is {radiusM}.")));
        return faults.Count == 0 ? new(new CircleShape(centre, radiusM)) : new(faults);
    }
}

/// <summary>A polygon with holes; made by <see cref="ZoneShape.Polygon"/>.</summary>
public sealed record PolygonShape : ZoneShape
{
    internal PolygonShape(ImmutableArray<GeoPoint> outer, ImmutableArray<ImmutableArray<GeoPoint>> holes) => (Outer, Holes) = (outer, holes);

    /// <summary>The outline, WGS-84, not closed.</summary>
    public ImmutableArray<GeoPoint> Outer { get; }

    /// <summary>The holes: ground inside the outline that is not in the zone.</summary>
    public ImmutableArray<ImmutableArray<GeoPoint>> Holes { get; }

    /// <inheritdoc/>
    public bool Equals(PolygonShape? other) => other is not null && Outer.SequenceEqual(other.Outer)
        && Holes.Length == other.Holes.Length && Holes.Zip(other.Holes).All(static pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Outer.Length, Outer[0], Holes.Length);
}

/// <summary>A circle on the ground; made by <see cref="ZoneShape.Circle"/>.</summary>
public sealed record CircleShape : ZoneShape
{
    internal CircleShape(GeoPoint centre, double radiusM) => (Centre, RadiusM) = (centre, radiusM);

    /// <summary>The middle, WGS-84.</summary>
    public GeoPoint Centre { get; }

    /// <summary>The radius in metres.</summary>
    public double RadiusM { get; }
}

/// <summary>A part of the airspace with a rule: an outline, a slab of heights, the times it holds, and what it means.</summary>
/// <param name="Id">Its stable identity; findings name it.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Effect">What it means for a flight.</param>
/// <param name="Shape">Its outline on the ground.</param>
public sealed record GeoZone(string Id, string Name, ZoneEffect Effect, ZoneShape Shape)
{
    /// <summary>The lowest height in the zone; null from the ground.</summary>
    public Altitude? Floor { get; init; }

    /// <summary>The highest height in the zone; null without limit.</summary>
    public Altitude? Ceiling { get; init; }

    /// <summary>When it holds; empty means always.</summary>
    public ImmutableArray<ZoneWindow> Windows { get; init; } = [];

    /// <summary>Whether it holds at some instant between <paramref name="start"/> and <paramref name="end"/>.</summary>
    public bool HoldsDuring(DateTimeOffset start, DateTimeOffset end)
    {
        if (Windows.IsDefaultOrEmpty)
            return true;
        foreach (var window in Windows)
        {
            if (window.Overlaps(start, end))
                return true;
        }

        return false;
    }

    /// <summary>Whether it holds at every instant from <paramref name="start"/> to <paramref name="end"/> within one window.</summary>
    public bool HoldsThroughout(DateTimeOffset start, DateTimeOffset end)
    {
        if (Windows.IsDefaultOrEmpty)
            return true;
        foreach (var window in Windows)
        {
            if (window.Contains(start, end))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool Equals(GeoZone? other) => other is not null && Id == other.Id && Name == other.Name && Effect == other.Effect
        && Shape == other.Shape && Floor == other.Floor && Ceiling == other.Ceiling && Windows.SequenceEqual(other.Windows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Effect, Shape);
}
