using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>GET /airframes</c>, <c>GET /airframes/{id}</c> and <c>GET /airframes/{id}/work</c>: what airframes have flown, what is due, what was done.</summary>
internal static class ListAirframes
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", ListAsync).WithSummary("Every airframe with its hours and landings, its maintenance plans and its open defects");
        group.MapGet("/{id}", ShowAsync).WithSummary("One airframe");
        group.MapGet("/{id}/work", WorkAsync).WithSummary("The maintenance that was done, newest first, each with the counters it set back");
    }

    private static async Task<Results<Ok<Page<AirframeView>>, ProblemHttpResult>> ListAsync([AsParameters] PageRequest page, FleetDb db, VehicleRegistry registry, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var all = await AirframeBook.ReadAsync(db, registry, null, time.GetUtcNow(), cancellation);
        return TypedResults.Ok(page.OfAll(all.Select(one => one.View), view => view.VehicleId.PadLeft(10, '0'), newestFirst: false));
    }

    private static async Task<Results<Ok<AirframeView>, ProblemHttpResult>> ShowAsync(string id, FleetDb db, VehicleRegistry registry, TimeProvider time, CancellationToken cancellation) =>
        await AirframeBook.ReadAsync(db, registry, id, time.GetUtcNow(), cancellation) is [var (view, _)] ? TypedResults.Ok(view) : Problems.NotFound("vehicle", id);

    private static async Task<Results<Ok<Page<MaintenanceWork>>, ProblemHttpResult>> WorkAsync(string id, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        var rows = db.Set<MaintenanceWork>().AsNoTracking().Where(work => work.VehicleId == id);
        if (cursor is { At: var at, Id: var last })
            rows = rows.Where(work => work.DoneAt < at || (work.DoneAt == at && work.Id.CompareTo(last) < 0));
        var found = await rows.OrderByDescending(work => work.DoneAt).ThenByDescending(work => work.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, work => work, work => new TimeCursor(work.DoneAt, work.Id).Key));
    }
}
