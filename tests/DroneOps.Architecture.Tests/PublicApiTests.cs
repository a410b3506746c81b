using Mono.Cecil;
using Xunit;

namespace DroneOps.Architecture.Tests;

/// <summary>The public surface of the two libraries that others may build on is a reviewed text file: a change to it is
/// seen in the review. Set DRONEOPS_ACCEPT_API=1 for one run to write the files anew.</summary>
public sealed class PublicApiTests
{
    private static readonly bool Accept = Environment.GetEnvironmentVariable("DRONEOPS_ACCEPT_API") == "1";

    [Fact]
    public void The_surface_of_the_wire_library_is_the_reviewed_one() => AssertReviewed(Product.Mavlink, "DroneOps.Mavlink.txt");

    [Fact]
    public void The_surface_of_the_planning_library_is_the_reviewed_one() => AssertReviewed(Product.Missions, "DroneOps.Missions.txt");

    private static void AssertReviewed(AssemblyDefinition assembly, string file)
    {
        string path = Path.Combine(Repository.Root, "tests", "DroneOps.Architecture.Tests", "PublicApi", file);
        IReadOnlyList<string> actual = ApiSurface.Of(assembly);
        if (Accept)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllLines(path, actual);
        }

        string[] reviewed = File.Exists(path) ? File.ReadAllLines(path) : [];
        string[] changes = [.. reviewed.Except(actual).Select(line => "- " + line), .. actual.Except(reviewed).Select(line => "+ " + line)];
        Assert.True(changes.Length == 0, $"PublicApi/{file} differs; if that is meant, accept it (DRONEOPS_ACCEPT_API=1) and commit the file.\n{string.Join('\n', changes)}");
    }
}
