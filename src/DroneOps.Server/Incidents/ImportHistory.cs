using System.IO.Pipelines;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace DroneOps.Server.Incidents;

/// <summary><c>POST /incidents/import</c>: the history of another system, as a file with separators. It answers line by line, and a second import of the
/// same file changes nothing.</summary>
internal static class ImportHistory
{
    /// <summary>Some 300,000 lines.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    private const int InMemoryBytes = 256 * 1024;

    /// <summary>So few that a call that comes in during an import does not wait for it.</summary>
    private const int LinesAtOnce = 200;

    private static readonly string[] Also = ["text/plain", "application/vnd.ms-excel", "application/octet-stream"];

    public static void Map(RouteGroupBuilder group) => group.MapPost("/import", HandleAsync).RequireAuthorization(Policies.Dispatch)
        .Accepts<string>("text/csv", Also).WithMetadata(new RequestSizeLimitAttribute(MaxBytes)).Produces<Report>()
        .WithSummary("Closed incidents of another system from CSV (UTF-8 or GB18030; comma, semicolon or tab; datum=wgs84|gcj02); dryRun=true writes nothing");

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> HandleAsync(
        string? datum, bool? dryRun, HttpContext context, ClaimsPrincipal user, IncidentBook book, IncidentIntake intake, AirspaceBook airspace, Gazetteer gazetteer, TimeProvider time,
        CancellationToken cancellation)
    {
        if (datum is not (null or "wgs84" or "gcj02"))
            return Problems.Invalid(new Fault("datum", "datum is wgs84 or gcj02."));

        // Read to its end before the first word of the answer: many clients do not listen while they talk.
        context.Request.EnableBuffering(InMemoryBytes, MaxBytes);
        var text = context.Request.Body;
        await text.DrainAsync(cancellation);
        if (SeparatedText.EncodingOf(text) is not { } encoding)
            return Problems.Invalid(new Fault("body", "The file is neither UTF-8 nor GB18030 text."));
        var lines = SeparatedLines.Open(text, encoding);
        context.Response.RegisterForDispose(lines);
        if (lines.Next() is not { Wrong: null } heading)
            return Problems.Invalid(new Fault("body", "The file has no heading."));
        var columns = HistoryColumns.Of(heading.Fields);
        if (columns.Wrong() is { } wrong)
            return Problems.Invalid(new Fault("body", wrong));
        var rows = new HistoryRow(columns, airspace.City, gazetteer, intake.Types, datum switch { "gcj02" => HistoryDatum.Gcj02, "wgs84" => HistoryDatum.Wgs84, _ => null }, user.Actor(), time.GetUtcNow());
        return TypedResults.Stream(
            async answer =>
            {
                // Into a pipe: a serializer flushes what it writes to, and a response is never flushed while somebody waits.
                var pipe = PipeWriter.Create(answer, new StreamPipeWriterOptions(leaveOpen: true));
                await using var writer = new Utf8JsonWriter(pipe);
                writer.WriteStartObject();
                writer.WriteString("encoding", encoding.WebName);
                writer.WriteString("separator", lines.Separator.ToString());
                writer.WriteBoolean("isDryRun", dryRun == true);
                writer.WritePropertyName("columns");
                JsonSerializer.Serialize(writer, columns.All.Select(column => new Column(column.Heading, column.Step?.ToString() ?? column.Field?.ToString())), JsonSerializerOptions.Web);
                var counts = await WriteLinesAsync(pipe, writer, lines, rows, pieces => book.ImportAsync(pieces, user.Actor(), dryRun == true, cancellation), cancellation);
                writer.WriteNumber("taken", counts.Taken);
                writer.WriteNumber("known", counts.Known);
                writer.WriteNumber("refused", counts.Refused);
                writer.WriteEndObject();
                await writer.FlushAsync(cancellation);
                await pipe.CompleteAsync();
            },
            "application/json");
    }

    private static async Task<(int Taken, int Known, int Refused)> WriteLinesAsync(
        PipeWriter pipe, Utf8JsonWriter writer, SeparatedLines lines, HistoryRow rows, Func<IReadOnlyCollection<IncidentRecord>, Task<IReadOnlyDictionary<string, IncidentRecord>>> importAsync, CancellationToken cancellation)
    {
        var (taken, known, refused) = (0, 0, 0);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        writer.WriteStartArray("items");
        bool isEnd;
        do
        {
            // Each with what was said of it; the order of the file is kept.
            List<(SeparatedLine Line, IncidentRecord? Row, string? Number, string Why)> batch = [];
            isEnd = Fill(batch, lines, rows, numbers);
            var before = await importAsync([.. batch.Select(entry => entry.Row).OfType<IncidentRecord>()]);
            foreach (var (line, row, number, why) in batch)
            {
                var first = row is null ? null : before.GetValueOrDefault(row.ExternalNumber!);
                var (result, reason) = row is null ? ("refused", why)
                    : first is not null ? ("known", first.MergedInto is null && IncidentIntake.Differs(first, row) is { } differs ? differs.Detail : "")
                    : ("taken", why);
                _ = result switch { "taken" => taken++, "known" => known++, _ => refused++ };
                JsonSerializer.Serialize(writer, new Line(line.Number, number, result, reason.Length == 0 ? null : reason), JsonSerializerOptions.Web);
            }

            await writer.FlushAsync(cancellation);
            await pipe.FlushAsync(cancellation);
        }
        while (!isEnd);
        writer.WriteEndArray();
        return (taken, known, refused);
    }

    /// <returns>Whether that was the end of the file.</returns>
    private static bool Fill(List<(SeparatedLine Line, IncidentRecord? Row, string? Number, string Why)> batch, SeparatedLines lines, HistoryRow rows, Dictionary<string, int> numbers)
    {
        while (batch.Count < LinesAtOnce)
        {
            if (lines.Next() is not { } line)
                return true;
            if (line.Wrong is { } wrong)
            {
                batch.Add((line, null, null, wrong));
                if (line.Fields.Length == 0)
                    return true;
                continue;
            }

            var row = rows.Read(line.Fields, out var remarks);
            if (row is not null && !numbers.TryAdd(row.ExternalNumber!, line.Number))
                batch.Add((line, null, row.ExternalNumber, $"The number stands in line {numbers[row.ExternalNumber!]} already."));
            else
                batch.Add((line, row, row?.ExternalNumber, string.Join(" ", remarks)));
        }

        return false;
    }

    /// <summary>A column, and what it was understood as; null when it was not.</summary>
    internal sealed record Column(string Heading, string? UnderstoodAs);

    /// <summary>What became of a line.</summary>
    /// <param name="Number">The incident's number; null when it has none that can be read.</param>
    /// <param name="Result">taken, known or refused.</param>
    /// <param name="Why">Why it was refused, what was left out of it, or in what it differs from what is known.</param>
    internal sealed record Line([property: JsonPropertyName("line")] int At, string? Number, string Result, string? Why);

    /// <summary>What became of a file; in a dry run, what would.</summary>
    internal sealed record Report(string Encoding, string Separator, bool IsDryRun, IReadOnlyList<Column> Columns, IReadOnlyList<Line> Items, int Taken, int Known, int Refused);
}
