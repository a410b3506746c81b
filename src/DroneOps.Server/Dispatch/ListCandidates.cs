using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Dispatch;

/// <summary><c>GET /incidents/{id}/candidates</c>: who could be sent, and why the others are not.</summary>
internal static class ListCandidates
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/{id:guid}/candidates", HandleAsync).WithSummary("The drones, ranked, with the reason of each that is not offered");

    private static async Task<Results<Ok<Page<Candidate>>, ProblemHttpResult>> HandleAsync(Guid id, IncidentBook book, DispatchDesk desk, CancellationToken cancellation) =>
        await book.FindAsync(id, cancellation) is { } row ? TypedResults.Ok(new Page<Candidate>([.. desk.Rank(row).Select(candidate => candidate.InTenths())], null)) : Problems.NotFound("incident", id);
}
