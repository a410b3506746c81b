using System.Text.Json;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>A disk that takes nothing for a while costs the frames of that time, and not the recording.</summary>
public sealed class FlightRecorderTests
{
    private static readonly DateTimeOffset Midnight = TestServer.Begin.AddDays(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flight_log_that_could_not_be_written_goes_on_and_says_what_was_lost(bool isFull)
    {
        await using var rig = await FlightRig.StartAsync(new Scenario(Count: 2, FastBoot: true), Midnight.AddSeconds(-20), Store.Sqlite);
        var (first, other) = (FileOf(rig, "1"), FileOf(rig, "2"));
        if (isFull)
            File.CreateSymbolicLink(first, "/dev/full");
        else
            Directory.CreateDirectory(first);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("degraded", await HealthAsync(rig));
        Assert.NotEmpty(TimesIn(other));

        if (isFull)
            File.Delete(first);
        else
            Directory.Delete(first);
        var mended = rig.Now;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("healthy", await HealthAsync(rig));
        await rig.Server.StopAsync();

        var times = TimesIn(first);
        Assert.InRange(times[0] - mended, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(2));
        Assert.InRange(rig.Now - times[^1], TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var log = await File.ReadAllLinesAsync(Assert.Single(Directory.GetFiles(Path.Combine(rig.Server.DataFolder, "logs"))), TestContext.Current.CancellationToken);
        Assert.Single(log, line => line.Contains("The flight log of vehicle 1 could not be written", StringComparison.Ordinal));
        var lost = TimesIn(other).Count(at => at < times[0]);
        Assert.InRange(LostIn(Assert.Single(log, line => line.Contains("The flight log of vehicle 1 is written again", StringComparison.Ordinal))), lost * 9 / 10, lost * 11 / 10);
    }

    private static string FileOf(FlightRig rig, string vehicleId) => Path.Combine(rig.Server.DataFolder, "flightlog", $"{vehicleId}-{Midnight:yyyyMMdd}.tlog");

    private static List<DateTimeOffset> TimesIn(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var reader = new TlogReader(file, MessageCatalog.Default);
        List<DateTimeOffset> times = [];
        while (reader.TryRead(out var record))
            times.Add(record.Stamp);
        return times;
    }

    private static int LostIn(string line) => int.Parse(line.Split("and ")[^1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string?> HealthAsync(FlightRig rig)
    {
        using var client = rig.Server.Anonymous();
        return (await client.GetAsync<JsonElement>("/healthz/ready")).GetProperty("checks").GetProperty("flightLogs").GetProperty("status").GetString();
    }
}
