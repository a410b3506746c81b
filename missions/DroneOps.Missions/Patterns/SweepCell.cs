using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Patterns;

/// <summary>Passes that lie side by side and are flown back and forth, one after the other.</summary>
internal sealed class SweepCell(IReadOnlyList<PlanePoint[]> passes)
{
    /// <summary>A way to fly the cell: from its first or last pass, starting at that pass's own start or end.</summary>
    internal readonly record struct Variant(bool FromLast, bool FromEnd);

    public IReadOnlyList<PlanePoint[]> Passes => passes;

    public IReadOnlyList<Variant> Variants { get; } = passes.Count == 1
        ? [new(false, false), new(false, true)]
        : [new(false, false), new(false, true), new(true, false), new(true, true)];

    /// <summary>The passes in flying order, each in flying direction.</summary>
    public IEnumerable<PlanePoint[]> Flown(Variant variant)
    {
        var isReversed = variant.FromEnd;
        for (var i = 0; i < passes.Count; i++, isReversed = !isReversed)
        {
            var pass = passes[variant.FromLast ? passes.Count - 1 - i : i];
            yield return isReversed ? [.. pass.AsEnumerable().Reverse()] : pass;
        }
    }
}
