using System.Text.Json;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class TlogTests
{
    // AVAILABLE_MODES and AVAILABLE_MODES_MONITOR are younger than the dialect of the reader that counted.
    private const uint ModesFirst = 435;
    private const uint ModesLast = 437;

    [Theory]
    [InlineData("copter-patrol.tlog")]
    [InlineData("copter-fence-breach.tlog")]
    [InlineData("copter-battery-failsafe.tlog")]
    [InlineData("copter-three-vehicles.tlog")]
    [InlineData("copter-quirks.tlog")]
    [InlineData("copter-quirks-inflight.tlog")]
    public void A_recording_is_read_to_its_last_byte_and_written_again_to_the_byte(string name)
    {
        var bytes = File.ReadAllBytes(GoldenFiles.PathOf("tlogs", name));
        using MemoryStream copy = new();
        TlogReader reader = new(new MemoryStream(bytes), MessageCatalog.Default);
        using (TlogWriter writer = new(copy, new TlogWriterOptions()))
        {
            while (reader.TryRead(out var record))
                writer.Append(record.Stamp, record.SentByUs, record.Frame.Bytes);
            writer.Flush();
            Assert.Equal(bytes, copy.ToArray());
        }

        Assert.Equal(0, reader.Report.SkippedBytes);
        Assert.False(reader.Report.IsTorn);
    }

    [Fact]
    public void A_recording_holds_as_many_frames_of_each_vehicle_as_an_independent_reader_counted()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(GoldenFiles.PathOf("tlogs", "expected.json")));
        foreach (var log in expected.RootElement.EnumerateObject())
        {
            Dictionary<int, int> counts = [];
            using var file = File.OpenRead(GoldenFiles.PathOf("tlogs", log.Name));
            TlogReader reader = new(file, MessageCatalog.Default);
            while (reader.TryRead(out var record))
            {
                if (!record.SentByUs && record.Frame.MessageId is not (ModesFirst or ModesLast))
                    counts[record.Frame.SystemId] = counts.GetValueOrDefault(record.Frame.SystemId) + 1;
            }

            foreach (var vehicle in log.Value.EnumerateObject())
                Assert.Equal(vehicle.Value.GetProperty("frames").GetInt32(), counts[int.Parse(vehicle.Name, null)]);
        }
    }
}
