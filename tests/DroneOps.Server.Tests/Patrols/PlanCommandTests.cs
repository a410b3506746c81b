using System.Text.Json;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Patrols;

/// <summary><c>droneops plan</c> from outside, as a planner without a server uses it.</summary>
public sealed class PlanCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("droneops-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_route_over_an_area_of_the_library_is_planned_checked_and_written_in_every_form()
    {
        string[] files = [.. new[] { "plan", "waypoints", "kml", "geojson" }.Select(form => In($"old-city.{form}"))];
        var (code, output, error) = await Droneops.RunAsync(["plan", "--area", "oldCity", "--pattern", "lawnmower", "--at", "2026-05-01T02:00:00Z", "--json", .. files.SelectMany(file => new[] { "--out", file })]);

        Assert.Equal((0, ""), (code, error));
        var report = JsonElement.Parse(output);
        Assert.True(report.GetProperty("flyable").GetBoolean());
        Assert.InRange(report.GetProperty("lengthM").GetDouble(), 5_000, 30_000);
        Assert.InRange(report.GetProperty("energyPercent").GetDouble(), 20, 80);
        Assert.Equal(files, report.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.All(files, file => Assert.True(new FileInfo(file).Length > 500, file));

        // What was written is read and checked like any route that comes from elsewhere.
        var (again, checkedText, _) = await Droneops.RunAsync("plan", "--route", files[0], "--at", "2026-05-01T02:00:00Z");
        Assert.Equal(0, again);
        Assert.EndsWith("It may be flown.", checkedText.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_must_not_be_flown_is_exit_code_1_and_nothing_is_written()
    {
        var file = In("long.plan");
        var (code, output, _) = await Droneops.RunAsync("plan", "--area", "old-city", "--spacing", "10", "--out", file);

        Assert.Equal(1, code);
        Assert.Contains("less than the reserve", output, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task A_shape_of_ones_own_is_covered_from_a_named_dock_and_a_crossed_one_is_said_to_be_crossed()
    {
        var (square, crossed) = (In("square.geojson"), In("crossed.geojson"));
        await File.WriteAllTextAsync(square, Feature("[[117.650,24.508],[117.655,24.508],[117.655,24.511],[117.650,24.511],[117.650,24.508]]"));
        await File.WriteAllTextAsync(crossed, Feature("[[117.650,24.508],[117.655,24.511],[117.655,24.508],[117.650,24.511],[117.650,24.508]]"));

        Assert.Equal(0, (await Droneops.RunAsync("plan", "--area", square, "--from", "117.6597,24.5153,28")).Code);
        var (code, _, error) = await Droneops.RunAsync("plan", "--area", crossed);
        Assert.Equal(2, code);
        Assert.Contains("crosses or touches itself at 117.652500, 24.509500", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one of --area", "plan")]
    [InlineData("no area 'nowhere'", "plan", "--area", "nowhere")]
    [InlineData("follow it with --corridor", "plan", "--area", "riverside")]
    [InlineData("'spiral'", "plan", "--area", "old-city", "--pattern", "spiral")]
    [InlineData("no key site 'x'", "plan", "--sites", "x")]
    [InlineData("outside the city", "plan", "--area", "old-city", "--from", "24.5,117.6")]
    [InlineData("no database", "plan", "--area", "old-city", "--data", "nowhere")]
    [InlineData("no command or option 'fly'", "fly")]
    public async Task What_cannot_be_planned_is_one_line_and_exit_code_2(string says, params string[] arguments)
    {
        var (code, _, error) = await Droneops.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.Contains(says, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static string Feature(string ring) => $$$"""{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[{{{ring}}}]}}]}""";
}
