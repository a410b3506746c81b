using DroneOps.Server.Api;

namespace DroneOps.Server.Video.Recording;

/// <summary>A rectangle of the picture that is painted over in a masked copy, for a time.</summary>
/// <param name="X">Its left edge, as a share of the picture's width, from 0 at the left.</param>
/// <param name="Y">Its upper edge, as a share of the picture's height, from 0 at the top.</param>
/// <param name="Width">How wide, as a share of the picture's width.</param>
/// <param name="Height">How high, as a share of the picture's height.</param>
/// <param name="FromS">From when, seconds from the beginning of the clip.</param>
/// <param name="ToS">Until when, seconds from the beginning of the clip.</param>
internal sealed record MaskedRegion(double X, double Y, double Width, double Height, double FromS, double ToS)
{
    /// <summary>Each is a step of the filter that all pictures go through.</summary>
    public const int Most = 64;

    /// <summary>What is wrong with them; none when they can be painted.</summary>
    public static IEnumerable<Fault> FaultsOf(IReadOnlyList<MaskedRegion>? regions)
    {
        if (regions is not { Count: > 0 and <= Most })
        {
            yield return new("#/regions", $"A masked copy has 1 to {Most} regions.");
            yield break;
        }

        for (var number = 0; number < regions.Count; number++)
        {
            var (x, y, width, height, from, to) = regions[number];
            if (!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 && y + height <= 1))
                yield return new($"#/regions/{number}", "A region lies in the picture: shares from 0 to 1.");
            if (!(from >= 0 && to > from && double.IsFinite(to)))
                yield return new($"#/regions/{number}/toS", "A region ends after its beginning.");
        }
    }
}
