using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;

namespace DroneOps.Fuzz;

/// <summary>The flight log reader: every byte is part of a record or counted as skipped, and what was read survives being
/// written and read again.</summary>
internal sealed class TlogTarget : IFuzzTarget
{
    private const int StampLength = 8;

    public string Name => "tlog";

    public void Run(ReadOnlySpan<byte> input)
    {
        List<(DateTimeOffset Stamp, bool SentByUs, byte[] Frame)> records = [];
        TlogReader reader = new(new MemoryStream(input.ToArray()), MessageCatalog.Default);
        while (reader.TryRead(out var record))
            records.Add((record.Stamp, record.SentByUs, record.Frame.Bytes.ToArray()));
        var kept = records.Sum(record => (long)record.Frame.Length + StampLength);
        if (kept + reader.Report.SkippedBytes != input.Length)
            throw new InvalidOperationException($"{kept} kept and {reader.Report.SkippedBytes} skipped bytes are not {input.Length}.");

        MemoryStream again = new();
        using TlogWriter writer = new(again, new TlogWriterOptions());
        foreach (var (stamp, sentByUs, frame) in records)
            writer.Append(stamp, sentByUs, frame);
        writer.Flush();
        again.Position = 0;
        TlogReader second = new(again, MessageCatalog.Default);
        var index = 0;
        while (second.TryRead(out var record))
        {
            var (stamp, sentByUs, frame) = records[index++];
            if (record.Stamp != stamp || record.SentByUs != sentByUs || !record.Frame.Bytes.SequenceEqual(frame))
                throw new InvalidOperationException($"Record {index} changed when it was written again.");
        }

        if (index != records.Count)
            throw new InvalidOperationException($"{records.Count} records were written and {index} read again.");
    }
}
