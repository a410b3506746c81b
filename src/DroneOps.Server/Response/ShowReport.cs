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
        var rows = await filter.Narrow(db.Set<IncidentTimes>().AsNoTracking())
            .Select(row => new Measured(row.Type, row.Priority, row.Hour, row.GridId, row.KeySiteId, row.Axis)).ToListAsync(cancellation);
        var (total, arrivals, groups) = Tally.Of(rows);
        return new ResponseReport(filter.From?.Utc, filter.To?.Utc, total, arrivals, groups);
    }

    private static async Task<Results<Ok<ResponseReport>, ProblemHttpResult>> ShowAsync([AsParameters] IncidentFilter filter, FleetDb db, CancellationToken cancellation) =>
        filter.Fault is { } fault ? Problems.Invalid(fault) : TypedResults.Ok(await ReadAsync(db, filter, cancellation));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ExportAsync([AsParameters] IncidentFilter filter, FleetDb db, CancellationToken cancellation) =>
        filter.Fault is { } fault ? Problems.Invalid(fault) : TypedResults.File(ReportCsv.Write(await ReadAsync(db, filter, cancellation)), "text/csv; charset=utf-8", "response.csv");
}
