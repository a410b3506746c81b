using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>A rule's verdict: all the places that break it at once, so that one run is enough to mend them.</summary>
internal static class Violations
{
    public static void None(string rule, IEnumerable<string> places)
    {
        List<string> found = [.. places.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(found.Count == 0, $"{rule}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", found)}");
    }
}
