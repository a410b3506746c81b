using System.Text.RegularExpressions;
using Xunit;

namespace DroneOps.Architecture.Tests;

public sealed partial class SliceTests
{
    // The table of docs/architecture.md, the lowest tier first.
    private static readonly IReadOnlyList<IReadOnlyList<string>> Tiers =
    [
        ["Storage", "Cluster", "Cli"],
        ["Api"],
        ["Audit"],
        ["Accounts"],
        ["Airspace"],
        ["Fleet"],
        ["Sorties", "Video", "Telemetry", "Units"],
        ["Patrols", "Incidents", "CameraRules", "Airworthiness", "Licences"],
        ["Dispatch", "Response"],
        ["Alarms"],
        ["Feed", "CursorOnTarget", "Evidence"],
        ["Webhooks", "FieldLinks", "Oversight"],
    ];

    [Fact]
    public void A_slice_of_the_server_uses_only_slices_of_lower_tiers() =>
        Violations.None(
            "A slice uses only slices of lower tiers, never its peers (see the table in docs/architecture.md):",
            new SliceTiers("DroneOps.Server", Tiers).Violations(Product.Server));

    [Fact]
    public void The_table_of_tiers_in_the_documentation_is_the_one_that_is_checked()
    {
        string[] rows = [.. Repository.ReadLines("docs/architecture.md").Where(line => TierRow().IsMatch(line))];
        IEnumerable<string> documented = rows.Select(row => row.Split('|')[2].Trim()).Reverse();

        Assert.Equal(Tiers.Select(tier => string.Join(", ", tier)), documented);
    }

    [Fact]
    public void A_file_of_the_server_lies_in_the_folder_of_its_namespace() =>
        Violations.None("The namespace follows the folder:", Repository.Sources
            .Where(path => path.StartsWith("src/DroneOps.Server/", StringComparison.Ordinal) && !path.Contains("/Properties/", StringComparison.Ordinal))
            .Where(path => Regex.Match(Repository.Read(path), @"^namespace ([\w.]+);", RegexOptions.Multiline) is { Success: true } match
                && match.Groups[1].Value != Path.GetDirectoryName(path)!.Replace('\\', '/')["src/".Length..].Replace('/', '.')));

    [Theory]
    [InlineData(typeof(Planted.Upper.CallsDown), false)]
    [InlineData(typeof(Planted.Lower.CallsUpInALambda), true)]
    [InlineData(typeof(Planted.Lower.NamesAPeerInAGenericArgument), true)]
    public void The_walk_finds_what_goes_up_or_sideways_and_nothing_else(Type planted, bool isViolation)
    {
        SliceTiers tiers = new("DroneOps.Architecture.Tests.Planted", [["Lower", "Peer"], ["Upper"]]);
        using Mono.Cecil.AssemblyDefinition tests = Mono.Cecil.AssemblyDefinition.ReadAssembly(typeof(SliceTests).Assembly.Location);

        Assert.Equal(isViolation, tiers.Violations(tests).Any(violation => violation.Contains($" {planted.Name} ->", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex TierRow();
}
