using System.Text.RegularExpressions;
using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>docs/api.md against the code: every stable problem type is on the page, and none that does not exist.</summary>
public sealed partial class ApiPageTests
{
    [Fact]
    public void The_page_for_integrators_lists_every_problem_type()
    {
        SortedSet<string> used = [.. Repository.Sources.Where(path => path.StartsWith("src/DroneOps.Server/", StringComparison.Ordinal))
            .SelectMany(path => Used().Matches(Repository.Read(path)), (_, match) => match.Groups["slug"].Value)];
        used.UnionWith(OfStatus().Matches(Repository.Read("src/DroneOps.Server/Api/Problems.cs")).SelectMany(match => match.Groups["slug"].Captures.Select(capture => capture.Value)));
        used.UnionWith(Named().Matches(Repository.Read("src/DroneOps.Server/Api/Problems.cs")).Select(match => match.Groups["slug"].Value));
        SortedSet<string> listed = [.. Repository.ReadLines("docs/api.md").SkipWhile(line => line != "## Problem types").Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1]), (_, match) => match.Groups["slug"].Value)];

        Assert.True(used.Count > 30, "The search finds the types in the code.");
        Assert.Equal(used, listed);
    }

    [GeneratedRegex(@"(?:Problems\.(?:Forbidden|Conflict|Refused)|(?:Dispatch|Scene)Result\.Refused|new|CommandRefusal)\(\s*""(?<slug>[a-z]+(?:-[a-z]+)+|antiforgery)"",|Problems\.Other\([^""]*""(?<slug>[a-z-]+)""")]
    private static partial Regex Used();

    [GeneratedRegex(@"=> ""(?<slug>[a-z-]+)""|\? ""(?<slug>[a-z-]+)"" : ""(?<slug>[a-z-]+)""")]
    private static partial Regex OfStatus();

    [GeneratedRegex(@"Make\(StatusCodes\.\w+, ""(?<slug>[a-z-]+)""")]
    private static partial Regex Named();

    [GeneratedRegex(@"`(?<slug>[a-z-]+)`")]
    private static partial Regex Quoted();
}
