using DroneOps.Simulator;
using DroneOps.Simulator.Faults;
using DroneOps.Simulator.Scenarios;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class ScenarioTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_file);

    private Scenario Read(string json)
    {
        File.WriteAllText(_file, json);
        return Scenario.Read(_file);
    }

    [Fact]
    public void A_file_says_vehicles_weather_docks_parameters_and_faults()
    {
        var scenario = Read("""
            {
              "count": 2, "fastBoot": true, "homes": [ { "name": "a", "lat": 24.5, "lon": 117.6, "alt": 8, "heading": 90 } ],
              "wind": { "speed": 6, "direction": 45, "turbulence": 1 }, "dock": { "mode": "Charge", "seconds": 1800 },
              "parameters": { "RTL_ALT": 4000 },
              "faults": [ { "kind": "Loss", "atSeconds": 10, "forSeconds": 5, "vehicle": 2, "value": 0.5 } ]
            }
            """);

        Assert.Equal((2, true), (scenario.Count, scenario.FastBoot));
        Assert.Equal((24.5, 8, 90), (scenario.HomeOf(0).Point.LatitudeDeg, scenario.HomeOf(0).AltitudeAmsl, scenario.HomeOf(0).HeadingDeg));
        Assert.Equal(new DockCare(DockMode.Charge, 1800), scenario.Dock);
        Assert.Contains(new("SIM_WIND_SPD", 6), scenario.InitialParameters());
        Assert.Contains(new("RTL_ALT", 4000), scenario.InitialParameters());
        Assert.Equal(new TimedFault(FaultKind.Loss, 10, 5, 2, 0.5), Assert.Single(scenario.PlannedFaults));
    }

    [Theory]
    [InlineData("""{ "count": 0 }""", "count is 0")]
    [InlineData("""{ "count": 300 }""", "count is 300")]
    [InlineData("""{ "cuont": 3 }""", "cuont")]
    [InlineData("""{ "parameters": { "NO_SUCH": 1 } }""", "there is no parameter NO_SUCH")]
    [InlineData("""{ "homes": [ { "name": "x", "lat": 124.5, "lon": 117.6 } ] }""", "not on the earth")]
    [InlineData("""{ "faults": [ { "kind": "Loss", "atSeconds": 1, "vehicle": 9 } ] }""", "vehicle 9 of 3")]
    [InlineData("""{ "docks": "no-such-file.geojson" }""", "no-such-file.geojson")]
    [InlineData("[", "")]
    public void A_scenario_that_cannot_be_is_refused_in_one_line(string json, string says)
    {
        var refusal = Assert.Throws<ScenarioException>(() => Read(json));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Vehicles_that_share_a_home_stand_apart()
    {
        var scenario = new Scenario(Count: 60);

        var places = Enumerable.Range(0, 60).Select(i => scenario.HomeOf(i).Point).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            for (var k = i + 1; k < places.Length; k++)
                Assert.True(Math.Abs(places[i].LatitudeDeg - places[k].LatitudeDeg) + Math.Abs(places[i].LongitudeDeg - places[k].LongitudeDeg) > 5e-5);
        }
    }

    [Fact]
    public void The_shipped_scenarios_can_be_read()
    {
        var files = Directory.GetFiles(Checkout.PathOf("simulators", "scenarios"), "*.json");

        Assert.True(files.Length >= 4);
        Assert.All(files, file => Assert.True(Scenario.Read(file).Places[0].Alt > 20));
    }

    [Theory]
    [InlineData("--count")]
    [InlineData("--count x")]
    [InlineData("--to tcp://1.2.3.4:5")]
    [InlineData("--home 24.5")]
    [InlineData("--home 24.5,abc")]
    [InlineData("--speedup 0")]
    [InlineData("--seed -1")]
    [InlineData("--colour red")]
    [InlineData("--count=999")]
    [InlineData("--scenario no-such-file.json")]
    [InlineData("--cameras many")]
    [InlineData("--video rtsp://127.0.0.1:5600")]
    [InlineData("--thermal udp://127.0.0.1:65500")]
    [InlineData("--video-size 1281x720")]
    [InlineData("--video-size 4000x3000")]
    [InlineData("--video-rate 0")]
    [InlineData("--video-kbps 5")]
    public void A_wrong_option_is_refused_in_one_line(string line)
    {
        var refusal = Assert.Throws<ScenarioException>(() => SimulatorArguments.Parse(line.Split(' ')));

        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Options_say_what_to_simulate()
    {
        var options = SimulatorArguments.Parse(
            ["--count", "5", "--to=udp://127.0.0.1:14999", "--home", "24.5,117.6,9,180", "--speedup", "4", "--seed", "11", "--fast-boot"]).Options;

        Assert.Equal((5, 4.0, 11ul, 14999, true), (options.Scenario.Count, options.Speedup, options.Seed, options.Ground!.Port, options.Scenario.FastBoot));
        Assert.Equal((9, 180), (options.Scenario.HomeOf(0).AltitudeAmsl, options.Scenario.HomeOf(0).HeadingDeg));
    }

    [Fact]
    public void Cameras_send_to_the_port_of_their_vehicle()
    {
        var all = SimulatorArguments.Parse(["--video", "udp://127.0.0.1:7000", "--thermal=udp://127.0.0.1:7300", "--video-size", "640x360", "--video-rate", "10", "--video-kbps", "800"]).Options.Cameras!;

        var (first, third) = (all.SetupOf(0, 1)!, all.SetupOf(2, 3)!);
        Assert.Equal((640, 360, 10, 800_000), (first.Width, first.Height, (int)first.Rate, first.BitRate));
        Assert.Equal((7001, 7301, 7003), (first.Visible.Port, first.Thermal!.Port, third.Visible.Port));

        var one = SimulatorArguments.Parse(["--cameras", "1", "--video", "udp://127.0.0.1:5600"]).Options.Cameras!;
        Assert.Equal(5601, one.SetupOf(0, 1)!.Visible.Port);
        Assert.Null(one.SetupOf(1, 2));
        Assert.Null(SimulatorArguments.Parse(["--count", "2"]).Options.Cameras);
    }

    [Fact]
    public void Help_names_every_option()
    {
        Assert.True(SimulatorArguments.Parse(["--help"]).WantsHelp);
        Assert.All(
            ["--count", "--to", "--home", "--speedup", "--seed", "--fast-boot", "--scenario", "--cameras", "--video", "--thermal",
                "--video-size", "--video-rate", "--video-kbps", "--camera-map"],
            option => Assert.Contains(option, SimulatorArguments.Help, StringComparison.Ordinal));
    }
}
