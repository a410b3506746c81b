using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Airworthiness;

/// <summary><c>PUT /airframes/{id}</c>: what an airframe had flown before this service counted, and since when it is in service.</summary>
internal static class EnterAirframe
{
    private const double MostHours = 100_000;
    private const int MostLandings = 1_000_000;

    public static void Map(RouteGroupBuilder group) => group.MapPut("/{id}", HandleAsync)
        .RequireAuthorization(Policies.Administer).WithSummary("Enter what an airframe brought with it; what stood there before is in the audit log");

    private static async Task<Results<Ok<AirframeView>, ProblemHttpResult>> HandleAsync(
        string id, Request request, ClaimsPrincipal user, FleetDb db, VehicleRegistry registry, FitnessWatch watch, AuditLog audit, TimeProvider time, CancellationToken cancellation)
    {
        if (registry.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        var now = time.GetUtcNow();
        var faults = new List<Fault>();
        if (request.BroughtHours is not (>= 0 and <= MostHours) || request.BroughtLandings is not (>= 0 and <= MostLandings))
            faults.Add(new Fault("#/broughtHours", $"Hours are 0 to {MostHours} and landings 0 to {MostLandings}."));
        if (request.InServiceSince is not { } since || since > now)
            faults.Add(new Fault("#/inServiceSince", "inServiceSince is a time that is over."));
        if (faults.Count > 0)
            return Problems.Invalid(faults);

        var row = await db.Set<Airframe>().FindAsync([id], cancellation);
        var before = row is null ? null : new { row.BroughtHours, row.BroughtLandings, row.InServiceSince };
        await audit.AppendAsync(new AuditEntry(user.Actor(), "airframe.entered", $"vehicle/{id}", new { request.BroughtHours, request.BroughtLandings, request.InServiceSince, before }), cancellation);
        row ??= db.Add(new Airframe { VehicleId = id }).Entity;
        (row.BroughtHours, row.BroughtLandings, row.InServiceSince) = (request.BroughtHours!.Value, request.BroughtLandings!.Value, request.InServiceSince!.Value.ToUniversalTime());
        await watch.SaveAsync(db, id, cancellation);
        return TypedResults.Ok((await AirframeBook.ReadAsync(db, registry, id, now, cancellation))[0].View);
    }

    /// <summary>The request.</summary>
    internal sealed record Request(double? BroughtHours, int? BroughtLandings, DateTimeOffset? InServiceSince);
}
