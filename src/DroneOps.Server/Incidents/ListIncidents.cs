using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /incidents</c> and <c>GET /incidents/{id}</c>.</summary>
internal static class ListIncidents
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Incidents, newest first; open=true leaves the closed ones out; from, to, type, priority, state, gridId, keySiteId and hour narrow");
        group.MapGet("/{id:guid}", ShowAsync).HasETag().WithSummary("One incident with its time axis");
    }

    private static async Task<Results<Ok<IncidentView>, ProblemHttpResult>> ShowAsync(Guid id, HttpContext context, IncidentBook book, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } row)
            return Problems.NotFound("incident", id);
        ETags.Set(context, row);
        return TypedResults.Ok(IncidentView.Of(row));
    }

    private static async Task<Results<Ok<Page<IncidentView>>, ProblemHttpResult>> ListAsync(
        bool? open, string? state, [AsParameters] IncidentFilter filter, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if ((page.Fault ?? filter.Fault) is { } fault)
            return Problems.Invalid(fault);
        var wanted = IncidentState.Open;
        if (state is not null && (int.TryParse(state, out _) || !Enum.TryParse(state, ignoreCase: true, out wanted)))
            return Problems.Invalid(new Fault("state", $"state is one of {string.Join(", ", Enum.GetNames<IncidentState>().Select(name => JsonNamingPolicy.CamelCase.ConvertName(name)))}."));
        var rows = filter.Narrow(db.Set<IncidentRecord>().AsNoTracking(), db);
        if (state is not null)
            rows = rows.Where(row => row.State == wanted);
        if (open == true)
            rows = rows.Where(row => row.State != IncidentState.Closed);
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(row => row.ReportedAt < at || (row.ReportedAt == at && row.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(row => row.ReportedAt).ThenByDescending(row => row.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, IncidentView.Of, row => new TimeCursor(row.ReportedAt, row.Id).Key));
    }
}
