using Xunit;

namespace DroneOps.Architecture.Tests;

public sealed class ProjectTests
{
    // The table of docs/architecture.md. Two walls are deliberate: the simulator does not see Vehicles (a misreading of
    // the protocol must not cancel itself out), and Vehicles does not see Links (its tests run without a socket).
    private static readonly Dictionary<string, (string[] References, string[] Packages)> Allowed = new()
    {
        ["DroneOps.Mavlink"] = ([], ["Microsoft.CodeAnalysis.PublicApiAnalyzers"]),
        ["DroneOps.Mavlink.Generator"] = ([], ["Microsoft.CodeAnalysis.CSharp"]),
        ["DroneOps.Media"] = ([], []),
        ["DroneOps.Links"] = (["DroneOps.Mavlink"], ["System.IO.Ports", "Microsoft.Extensions.Logging.Abstractions"]),
        ["DroneOps.Vehicles"] = (["DroneOps.Mavlink"], ["Microsoft.Extensions.Logging.Abstractions"]),
        ["DroneOps.Missions"] = (["DroneOps.Mavlink"], ["NetTopologySuite", "NetTopologySuite.IO.GeoJSON4STJ", "Google.OrTools", "ProjNET"]),
        ["DroneOps.FirmwareBridge"] = (["DroneOps.Links"], ["Microsoft.Extensions.Hosting"]),
        ["DroneOps.Simulator"] = (["DroneOps.Links", "DroneOps.Media"], ["Microsoft.Extensions.Hosting"]),
        ["DroneOps.Server"] = (["DroneOps.Links", "DroneOps.Vehicles", "DroneOps.Missions", "DroneOps.Media"],
        [
            "Microsoft.AspNetCore.*", "Microsoft.EntityFrameworkCore.*", "Npgsql*", "EFCore.NamingConventions", "Microsoft.Orleans.*",
            "NetTopologySuite*", "CsvHelper", "FFMpegCore", "Serilog.*", "OpenTelemetry.*", "System.CommandLine",
        ]),
    };

    public static TheoryData<string> ProductProjects => [.. Repository.Projects.Values.Where(project => !project.IsTest).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void A_project_references_only_what_the_table_allows(string name)
    {
        Assert.True(Allowed.ContainsKey(name), $"{name} is not in the table: say there what it may reference.");
        Violations.None($"{name} may reference {string.Join(", ", Allowed[name].References)}:",
            Repository.Projects[name].References.Except(Allowed[name].References));
    }

    [Theory]
    [MemberData(nameof(ProductProjects))]
    public void A_project_uses_only_the_packages_the_table_allows(string name) =>
        Violations.None($"{name} uses packages that the table does not list:", Repository.Projects[name].Packages
            .Where(package => !Allowed[name].Packages.Any(allowed => package == allowed
                || allowed.EndsWith('*') && package.StartsWith(allowed[..^1], StringComparison.Ordinal))));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = Repository.Read("DroneOps.sln").Replace('\\', '/');
        Violations.None("Not in DroneOps.sln:", Repository.Projects.Values.Select(project => project.Path)
            .Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Package_versions_are_stated_once_for_all_projects() =>
        Violations.None("Versions belong into Directory.Packages.props:", Repository.Projects.Values
            .Where(project => project.Xml.Descendants("PackageReference").Any(item => item.Attribute("Version") is not null))
            .Select(project => project.Path));

    [Fact]
    public void Every_project_commits_its_lock_file() =>
        Violations.None("No packages.lock.json beside:", Repository.Projects.Values.Select(project => project.Path)
            .Where(path => !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(path)!, "packages.lock.json"))));

    [Fact]
    public void Lock_files_name_no_address_to_download_from() =>
        Violations.None("A build behind a mirror must be able to use its own:", Repository.Files
            .Where(path => Path.GetFileName(path) is "package-lock.json" or "nuget.config" or "NuGet.Config")
            .Where(path => Repository.Read(path).Contains("\"resolved\"", StringComparison.Ordinal) || path.EndsWith("onfig", StringComparison.Ordinal)));
}
