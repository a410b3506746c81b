using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Response;

/// <summary><c>GET /response/report</c> and <c>/response/report.csv</c>: how quick it was.</summary>
internal static class ShowReport
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/report", ShowAsync).WithSummary("Times between the steps of incidents: n, p50, p90 and longest, by type, priority, hour, grid and key site");
        group.MapGet("/report.csv", ExportAsync).Produces<Stream>(contentType: "text/csv").WithSummary("The same for a spreadsheet");
    }

    /// <summary>Reads and counts.</summary>
    public static async Task<ResponseReport> ReadAsync(FleetDb db, IncidentFilter filter, CancellationToken cancellation)
    {
        var tally = new Tally();
        await ReadIntoAsync(tally, db, filter.Narrow(db.Set<IncidentTimes>()), cancellation);
        var (total, arrivals, groups) = tally.Count();
        return new ResponseReport(filter.From?.Utc, filter.To?.Utc, total, arrivals, groups);
    }

    /// <summary>Reads row by row into the tally: of a hundred thousand incidents nothing is kept but their times, and no object is made for each.</summary>
    private static async Task ReadIntoAsync(Tally tally, FleetDb db, IQueryable<IncidentTimes> rows, CancellationToken cancellation)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = rows.Select(row => new { row.Type, row.Priority, row.Hour, row.GridId, row.KeySiteId, row.Axis }).CreateDbCommand();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                tally.Add(new(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetFieldValue<byte[]>(5)));
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task<Results<Ok<ResponseReport>, ProblemHttpResult>> ShowAsync([AsParameters] IncidentFilter filter, FleetDb db, CancellationToken cancellation) =>
        filter.Fault is { } fault ? Problems.Invalid(fault) : TypedResults.Ok(await ReadAsync(db, filter, cancellation));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync([AsParameters] IncidentFilter filter, FleetDb db, CancellationToken cancellation) =>
        filter.Fault is { } fault ? Problems.Invalid(fault) : TypedResults.File(ReportCsv.Write(await ReadAsync(db, filter, cancellation)), "text/csv; charset=utf-8", "response.csv");
}
