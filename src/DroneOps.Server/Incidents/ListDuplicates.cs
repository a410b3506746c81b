using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Incidents;

/// <summary><c>GET /incidents/{id}/duplicates</c>: open incidents that may be the same.</summary>
internal static class ListDuplicates
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/duplicates", HandleAsync).WithSummary("Open incidents that may be the same, the nearest first");

    private static async Task<Results<Ok<Page<PossibleDuplicate>>, ProblemHttpResult>> HandleAsync(Guid id, IncidentBook book, IncidentIntake intake, CancellationToken cancellation) =>
        await book.FindAsync(id, cancellation) is { } row
            ? TypedResults.Ok(new Page<PossibleDuplicate>(await intake.DuplicatesAsync(row.Type, row.Scene, row.ReportedAt, row.Id, cancellation), null))
            : Problems.NotFound("incident", id);
}
