using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Response;

/// <summary><c>GET /incidents/{id}/response</c>: what would have been one second faster.</summary>
internal static class ShowIncidentResponse
{
    /// <summary>What is usual is taken of so long before the incident, and of the rest of its day.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromDays(30);

    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/response", HandleAsync).WithSummary("Where the seconds from the call to the scene went, and which lever would have given how many");

    private static async Task<Results<Ok<IncidentResponse>, ProblemHttpResult>> HandleAsync(Guid id, FleetDb db, CancellationToken cancellation)
    {
        if (await db.Set<IncidentTimes>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is not { } times)
            return Problems.NotFound("incident", id);
        var to = CityTime.BeginOf(CityTime.DayOf(times.ReportedAt).AddDays(1));
        var from = to - Period;
        var usual = UsualTimes.Of(await db.Set<IncidentTimes>().AsNoTracking()
            .Where(row => row.Type == times.Type && row.ReportedAt >= from && row.ReportedAt < to).Select(row => row.Axis).ToListAsync(cancellation));

        var decisions = await db.Set<DispatchDecision>().AsNoTracking().Where(row => row.IncidentId == id).OrderBy(row => row.At).ToListAsync(cancellation);
        var drones = await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.Id == id).Select(row => row.Drones).SingleAsync(cancellation);
        var decision = OneSecondFaster.DecisionOf(times.Axis, decisions, drones);
        return TypedResults.Ok(new IncidentResponse(
            id, OneSecondFaster.Between(times.Axis, IncidentStage.CallReceived, IncidentStage.DroneOnScene), times.Type, usual.Count, from, to,
            OneSecondFaster.Parts(times.Axis, decision, usual), decision?.StraightM, decision?.VehicleId, decision?.Considered));
    }
}
