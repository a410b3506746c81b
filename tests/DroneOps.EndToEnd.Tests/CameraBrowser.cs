using System.Globalization;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.EndToEnd.Tests;

/// <summary>The same before a service that takes nine streams over UDP, three of each vehicle's; whoever needs pictures sends them.</summary>
public sealed class CameraBrowser : ConsoleBrowser
{
    /// <summary>The ports it listens on, in the order of the streams' ids.</summary>
    public IReadOnlyList<int> Ports { get; } = [.. Enumerable.Range(0, 9).Select(_ => FreePorts.Take())];

    /// <summary>The streams' ids.</summary>
    public IReadOnlyList<string> Streams { get; } = [.. Enumerable.Range(0, 9).Select(number => string.Create(CultureInfo.InvariantCulture, $"camera-{number + 1}"))];

    // What is recorded is what a test orders: a patrol's own recording has what the tests before have sent, in codecs that this browser does not play.
    // And nobody is on patrol: the one of the old city flies over houses of which no record is made, and ends or refuses a recording there.
    protected override IEnumerable<string> Settings => Enumerable.Range(0, 9).SelectMany(Source).Concat(["Video:Demo=false", "Recording:WithSorties=false", "Patrols:Demo=false"]).SelectMany(setting => (string[])["--set", setting]);

    private IEnumerable<string> Source(int number)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"Video:Sources:{number}");
        return
        [
            $"{at}:Id={Streams[number]}",
            string.Create(CultureInfo.InvariantCulture, $"{at}:VehicleId={(number / 3) + 1}"),
            $"{at}:Name={Streams[number]}",
            string.Create(CultureInfo.InvariantCulture, $"{at}:Url=udp://127.0.0.1:{Ports[number]}"),
            $"{at}:Mode=Always",
        ];
    }
}
