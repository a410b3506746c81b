using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Patrols;

/// <summary><c>GET /routes</c> and <c>GET /routes/{id}</c>.</summary>
internal static class ListRoutes
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Routes in the order of their ids");
        group.MapGet("/{id}", ShowAsync).HasETag().WithSummary("One route with its legs and what a check finds now");
    }

    private static async Task<Results<Ok<Page<RouteView>>, ProblemHttpResult>> ListAsync([AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var rows = db.Set<RouteRecord>().AsNoTracking();
        if (page.After is { } after)
            rows = rows.Where(row => string.Compare(row.Id, after) > 0);
        var found = await rows.OrderBy(row => row.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, RouteView.Of, row => row.Id));
    }

    private static async Task<Results<Ok<RouteView>, ProblemHttpResult>> ShowAsync(string id, HttpContext context, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } row)
            return Problems.NotFound("route", id);
        ETags.Set(context, row);
        return TypedResults.Ok(RouteView.Of(row, planner.Check(row.Body.ToRoute(row.Name))));
    }
}
