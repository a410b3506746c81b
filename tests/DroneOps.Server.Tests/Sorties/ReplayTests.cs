using System.Text.Json;
using DroneOps.Server.Sorties;
using DroneOps.Tests;

namespace DroneOps.Server.Tests.Sorties;

/// <summary>Recordings of a real ArduCopter, with the truth that an independent implementation computed from them.</summary>
public sealed class ReplayTests
{
    private static readonly string Folder = Checkout.Golden("tlogs");

    [Theory]
    [InlineData("copter-patrol.tlog")]
    [InlineData("copter-fence-breach.tlog")]
    [InlineData("copter-battery-failsafe.tlog")]
    [InlineData("copter-three-vehicles.tlog")]
    [InlineData("copter-quirks-inflight.tlog")]
    [InlineData("copter-quirks.tlog")]
    public void A_recording_gives_the_sorties_that_were_flown(string recording)
    {
        using var stream = File.OpenRead(Path.Combine(Folder, recording));
        var bySystem = ReplayCommand.Read(stream, out _).Select(ReplayedSortie.Of).ToLookup(sortie => sortie.SystemId);
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));
        foreach (var vehicle in truth.RootElement.GetProperty(recording).EnumerateObject())
        {
            var flown = bySystem[int.Parse(vehicle.Name)].ToList();
            var airborne = Numbers(vehicle.Value, "airborneS");
            var armed = Numbers(vehicle.Value, "armedS");
            Assert.Equal(airborne.Count, flown.Count);
            for (var i = 0; i < flown.Count; i++)
            {
                Assert.Equal(airborne[i], flown[i].AirborneS, 0.2);
                // Not every arming is a flight: a sortie's armed clock is one of the recording's.
                Assert.Contains(armed, seconds => Math.Abs(seconds - flown[i].ArmedS) <= 0.2);
            }

            if (flown.Count == 0)
                continue;
            Assert.Equal(vehicle.Value.GetProperty("maxAltitudeAboveHomeM").GetDouble(), flown.Max(sortie => sortie.MaxAltitudeAboveHomeM!.Value), 0.1);
            var distance = vehicle.Value.GetProperty("distanceInAirM").GetDouble();
            Assert.Equal(distance, flown.Sum(sortie => sortie.DistanceM), distance * 0.02);
            Assert.Equal(vehicle.Value.GetProperty("firstTakeoffUnixS").GetDouble(), flown[0].StartedAt.ToUnixTimeMilliseconds() / 1000.0, 0.2);
        }
    }

    private static List<double> Numbers(JsonElement vehicle, string name) => [.. vehicle.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
