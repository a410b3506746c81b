using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /incidents</c>, <c>GET /incidents/{id}</c> and its candidates.</summary>
internal static class ListIncidents
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Incidents, newest first; open=true leaves the closed ones out");
        group.MapGet("/{id:guid}", async Task<Results<Ok<IncidentView>, ProblemHttpResult>> (Guid id, DispatchDesk desk, CancellationToken cancellation) =>
                await desk.FindAsync(id, cancellation) is { } row ? TypedResults.Ok(IncidentView.Of(row)) : Problems.NotFound("incident", id))
            .WithSummary("One incident with its time axis");
        group.MapGet("/{id:guid}/candidates", async Task<Results<Ok<Page<Candidate>>, ProblemHttpResult>> (Guid id, DispatchDesk desk, CancellationToken cancellation) =>
                await desk.FindAsync(id, cancellation) is { } row ? TypedResults.Ok(new Page<Candidate>(desk.Rank(row), null)) : Problems.NotFound("incident", id))
            .WithSummary("The drones, ranked, with the reason of each that is not offered");
    }

    private static async Task<Results<Ok<Page<IncidentView>>, ProblemHttpResult>> ListAsync(bool? open, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var rows = db.Set<IncidentRecord>().AsNoTracking();
        if (open == true)
            rows = rows.Where(row => row.State != IncidentState.Closed);
        if (page.After is { } after && Guid.TryParse(after, out var last) && await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == last, cancellation) is { } from)
            rows = rows.Where(row => row.ReportedAt < from.ReportedAt);
        var found = await rows.OrderByDescending(row => row.ReportedAt).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, IncidentView.Of, row => row.Id.ToString()));
    }
}
