using System.Globalization;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Alarms;

/// <summary><c>GET /alarms/report</c> and <c>GET /alarms/report.csv</c>: how the alarms of a time did; the last thirty days when none is named.</summary>
internal static class ReportAlarms
{
    private const int UsualDays = 30;
    private const int MostDays = 400;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/report", ShowAsync).WithSummary("The figures of ISA-18.2 with their limits; from and to, the last thirty days without them");
        group.MapGet("/report.csv", ExportAsync).Produces<Stream>(contentType: "text/csv").WithSummary("The same figures as a table");
    }

    /// <summary>The figures as a table, in the report's order.</summary>
    public static string ToCsv(AlarmReport report)
    {
        var text = new StringBuilder("from,to,figure,value,unit,comparison,acceptable,manageable,verdict\r\n");
        foreach (var figure in report.Figures)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Rfc3339.Text(report.From)},{Rfc3339.Text(report.To)},{figure.Id},{Number(figure.Value)},{figure.Unit},{Word(figure.Comparison)},{Number(figure.Acceptable)},{Number(figure.Manageable)},{Word(figure.Verdict)}\r\n");
        }

        return text.ToString();
    }

    private static async Task<Results<Ok<AlarmReport>, ProblemHttpResult>> ShowAsync(QueryTime? from, QueryTime? to, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        var (begin, end) = Range(from, to, time.GetUtcNow());
        return Check(begin, end) is { } fault ? Problems.Invalid(fault) : TypedResults.Ok(await MakeAsync(db, begin, end, cancellation));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync(QueryTime? from, QueryTime? to, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        var (begin, end) = Range(from, to, time.GetUtcNow());
        return Check(begin, end) is { } fault
            ? Problems.Invalid(fault)
            : TypedResults.File(Encoding.UTF8.GetBytes(ToCsv(await MakeAsync(db, begin, end, cancellation))), "text/csv", $"alarms-{begin.UtcDateTime:yyyyMMdd}-{end.UtcDateTime:yyyyMMdd}.csv");
    }

    /// <summary>The part of the asked time that is over: the future has no alarms, and would make the rest look better.</summary>
    private static (DateTimeOffset From, DateTimeOffset To) Range(QueryTime? from, QueryTime? to, DateTimeOffset now)
    {
        var end = to?.Utc is { } asked && asked < now ? asked : now;
        return (from?.Utc ?? end.AddDays(-UsualDays), end);
    }

    private static Fault? Check(DateTimeOffset from, DateTimeOffset to) =>
        from >= to ? new Fault("from", "from must be before to, and in the past.")
        : (to - from).TotalDays > MostDays ? new Fault("from", $"A report covers {MostDays} days at most.")
        : null;

    private static async Task<AlarmReport> MakeAsync(FleetDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var facts = await db.Set<AlarmRecord>().AsNoTracking()
            .Where(row => row.At < to && (row.At >= from || row.IsActive || row.ClearedAt > from || row.AnnunciatedAt >= from))
            .Select(row => new AlarmFact(row.Code, row.Subject, row.Priority, row.At, row.AnnunciatedAt, row.ClearedAt, row.AcknowledgedAt, row.IsActive, row.IsChattering))
            .ToListAsync(cancellation);
        return AlarmReport.Of(facts, from, to);
    }

    private static string Number(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";

    private static string Word(object? value) => value?.ToString() is { } word ? char.ToLowerInvariant(word[0]) + word[1..] : "";
}
