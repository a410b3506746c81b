using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.CameraRules;

/// <summary><c>GET /camera-breaches</c>: when cameras did not do their duty, for the auditor.</summary>
internal static class ListBreaches
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("", ListAsync).WithSummary("Breaches of cameras' duties, newest first; of vehicleId, begun in from..to");

    private static async Task<Results<Ok<Page<Breach>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageRequest page, string? vehicleId, QueryTime? from, QueryTime? to, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (!TimeCursor.TryRead(page, out var cursor))
            return Problems.Invalid(TimeCursor.Wrong);
        var rows = db.Set<BreachRecord>().AsNoTracking();
        if (vehicleId is not null)
            rows = rows.Where(row => row.VehicleId == vehicleId);
        if (from is { Utc: var since })
            rows = rows.Where(row => row.At >= since);
        if (to is { Utc: var until })
            rows = rows.Where(row => row.At < until);
        if (cursor is { At: var at, Id: var id })
            rows = rows.Where(row => row.At < at || (row.At == at && row.Id.CompareTo(id) < 0));
        var found = await rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id).Take(page.Take + 1).ToListAsync(cancellation);
        return TypedResults.Ok(page.Of(found, Breach.Of, row => new TimeCursor(row.At, row.Id).Key));
    }

    /// <param name="At">When it began.</param>
    /// <param name="EndedAt">When it was over; null while it goes on.</param>
    /// <param name="Item">The item of the mission that was flown to.</param>
    /// <param name="Zone">The no-record zone that the vehicle was in.</param>
    /// <param name="Task">What the vehicle was flown for.</param>
    internal sealed record Breach(Guid Id, string VehicleId, string StreamId, BreachKind Kind, DateTimeOffset At, DateTimeOffset? EndedAt, int? Item, string? Zone, string? Task)
    {
        public static Breach Of(BreachRecord row) => new(row.Id, row.VehicleId, row.StreamId, row.Kind, row.At, row.EndedAt, row.Item, row.Zone, row.Task);
    }
}
