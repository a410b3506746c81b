using System.Text.RegularExpressions;

namespace DroneOps.Server.Airspace;

/// <summary>The address of a tile service, with <c>{x}</c>, <c>{y}</c>, <c>{z}</c> and perhaps a range of hosts: <c>{s}</c> is a, b, c; <c>{0-7}</c>
/// is 0 to 7, as 天地图 has them.</summary>
internal static partial class TileAddress
{
    private const string UsualHosts = "{a-c}";

    /// <summary>The origins it may load from; empty for a path of this server.</summary>
    public static IReadOnlyList<string> Origins(string url)
    {
        var spelled = url.Replace("{s}", UsualHosts, StringComparison.Ordinal);
        var range = Range().Match(spelled);
        IEnumerable<string> all = range.Success
            ? Enumerable.Range(range.Groups[1].Value[0], Math.Max(0, range.Groups[2].Value[0] - range.Groups[1].Value[0] + 1)).Select(letter => spelled.Replace(range.Value, ((char)letter).ToString(), StringComparison.Ordinal))
            : [spelled];
        return [.. all.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : "").Where(origin => origin.Length > 0).Distinct()];
    }

    /// <summary>Whether a browser can load tiles from it.</summary>
    public static bool IsUsable(string url) => url.StartsWith('/') || Origins(url).Count > 0;

    [GeneratedRegex(@"\{([a-z0-9])-([a-z0-9])\}")]
    private static partial Regex Range();
}
