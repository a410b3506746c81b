using System.Collections.Immutable;
using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Zones;

/// <summary>A strip of ground along a line: a road, a river bank, a railway. Immutable; an instance has passed every check.</summary>
public sealed record Corridor
{
    private Corridor(ImmutableArray<GeoPoint> centreline, double widthM) => (Centreline, WidthM) = (centreline, widthM);

    /// <summary>The middle of the strip, WGS-84, from its start to its end.</summary>
    public ImmutableArray<GeoPoint> Centreline { get; }

    /// <summary>The whole width in metres, half of it on each side.</summary>
    public double WidthM { get; }

    /// <summary>Makes a corridor, or says what is wrong with it. Codes: <c>corridor.tooManyPoints</c> (10 000),
    /// <c>corridor.notANumber</c>, <c>corridor.outOfRange</c>, <c>corridor.swapped</c>, <c>corridor.tooFewPoints</c>,
    /// <c>corridor.tooLarge</c> (100 km), <c>corridor.width</c> (1 m to 10 km).</summary>
    /// <param name="centreline">At least two different points.</param>
    /// <param name="widthM">The whole width in metres.</param>
    public static Validated<Corridor> Create(IReadOnlyList<GeoPoint> centreline, double widthM)
    {
        var faults = new List<InputFault>();
        if (centreline.Count > Ring.MaxVertices)
            return Validated<Corridor>.Wrong("corridor.tooManyPoints", "centreline", $"The line has {centreline.Count} points; at most {Ring.MaxVertices} are accepted.");
        if (widthM is not (>= 1 and <= 10_000))
            faults.Add(new("corridor.width", "width", string.Create(CultureInfo.InvariantCulture, $"The width must be 1 m to 10 km; it is {widthM}.")));

        var line = new List<GeoPoint>(centreline.Count);
        for (var i = 0; i < centreline.Count; i++)
        {
            if (Ring.CheckPoint(centreline[i], "corridor", $"centreline[{i}]", faults) && (line.Count == 0 || line[^1] != centreline[i]))
                line.Add(centreline[i]);
        }

        if (faults.Count > 0)
            return new(faults);
        if (line.Count < 2)
            return Validated<Corridor>.Wrong("corridor.tooFewPoints", "centreline", "A corridor needs at least two different points.");

        var far = line.Max(point => Geodesic.DistanceM(line[0], point));
        return far > Ring.MaxExtentM
            ? Validated<Corridor>.Wrong("corridor.tooLarge", "centreline",
                string.Create(CultureInfo.InvariantCulture, $"The corridor reaches {far / 1000:F0} km; at most {Ring.MaxExtentM / 1000:F0} km are accepted."))
            : new(new Corridor([.. line], widthM));
    }

    /// <inheritdoc/>
    public bool Equals(Corridor? other) => other is not null && WidthM.Equals(other.WidthM) && Centreline.SequenceEqual(other.Centreline);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Centreline.Length, Centreline[0], WidthM);
}
