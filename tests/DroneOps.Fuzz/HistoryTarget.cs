using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using NetTopologySuite.Geometries;

namespace DroneOps.Fuzz;

/// <summary>A history file as somebody sends it. The first byte chooses the datum. What is taken is over, in the city, and not in the future.</summary>
internal sealed class HistoryTarget : IFuzzTarget
{
    private static readonly Envelope City = new(116.8, 118.2, 23.5, 25.3);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Gazetteer Nowhere = Gazetteer.Load("");
    private static readonly IncidentTypes Types = new(IncidentType.Usual);

    public string Name => "history";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        using var stream = new MemoryStream(input[1..].ToArray());
        if (SeparatedText.EncodingOf(stream) is not { } encoding)
            return;
        using var lines = SeparatedLines.Open(stream, encoding);
        if (lines.Next() is not { Wrong: null } heading)
            return;
        var columns = HistoryColumns.Of(heading.Fields);
        if (columns.All.Count != heading.Fields.Length)
            throw new InvalidOperationException("Every column is named.");
        if (columns.Wrong() is not null)
            return;
        var rows = new HistoryRow(columns, City, Nowhere, Types, (input[0] % 3) switch { 0 => null, 1 => HistoryDatum.Wgs84, _ => HistoryDatum.Gcj02 }, "user:fuzz", Now);
        var last = 0;
        while (lines.Next() is { } line)
        {
            if (line.Number < last)
                throw new InvalidOperationException("Lines are counted upwards.");
            last = line.Number;
            if (line.Wrong is not null)
            {
                if (line.Fields.Length == 0)
                    return;
                continue;
            }

            var row = rows.Read(line.Fields, out var remarks);
            if (row is null && remarks.Count == 0)
                throw new InvalidOperationException("A refusal names its reason.");
            if (row is not null && (row.State != IncidentState.Closed || row.IsAutomatic || row.Priority is < 1 or > 4 || !City.Contains(row.Shape.Coordinate) || row.ReportedAt > Now.AddMinutes(5)))
                throw new InvalidOperationException($"An incident that was taken is history of the city: {row.ExternalNumber}");
        }
    }
}
