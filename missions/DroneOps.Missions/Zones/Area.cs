using System.Collections.Immutable;
using DroneOps.Mavlink;

namespace DroneOps.Missions.Zones;

/// <summary>Ground that is to be looked at: a simple polygon with holes. Its holes need no coverage but may be flown over;
/// what must not be flown over is a <see cref="GeoZone"/>. Immutable; an instance has passed every check.</summary>
public sealed record Area
{
    private Area(ImmutableArray<GeoPoint> outer, ImmutableArray<ImmutableArray<GeoPoint>> holes) => (Outer, Holes) = (outer, holes);

    /// <summary>The outline, WGS-84, not closed (the last point is not the first), in either direction.</summary>
    public ImmutableArray<GeoPoint> Outer { get; }

    /// <summary>The holes, each like <see cref="Outer"/>.</summary>
    public ImmutableArray<ImmutableArray<GeoPoint>> Holes { get; }

    /// <summary>Makes an area, or says what is wrong with it. Codes: <c>area.tooManyPoints</c> (10 000),
    /// <c>area.notANumber</c>, <c>area.outOfRange</c>, <c>area.swapped</c>, <c>area.tooFewPoints</c>, <c>area.tooLarge</c> (100 km),
    /// <c>area.selfCrossing</c>, <c>area.holeOutside</c>, <c>area.holesOverlap</c>, <c>area.disconnected</c>, <c>area.noArea</c>,
    /// <c>area.invalid</c>.</summary>
    /// <param name="outer">The outline; a repeated closing point is dropped.</param>
    /// <param name="holes">The holes; none by default.</param>
    public static Validated<Area> Create(IReadOnlyList<GeoPoint> outer, params IReadOnlyList<IReadOnlyList<GeoPoint>> holes)
    {
        var faults = new List<InputFault>();
        return Ring.Check(outer, holes, "area", faults) is { } rings
            ? new(new Area([.. rings.Outer], [.. rings.Holes.Select(static hole => hole.ToImmutableArray())]))
            : new(faults);
    }

    /// <inheritdoc/>
    public bool Equals(Area? other) => other is not null && Outer.SequenceEqual(other.Outer)
        && Holes.Length == other.Holes.Length && Holes.Zip(other.Holes).All(static pair => pair.First.SequenceEqual(pair.Second));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Outer.Length, Outer[0], Holes.Length);
}
