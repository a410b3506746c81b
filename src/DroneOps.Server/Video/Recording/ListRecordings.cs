using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings</c> and <c>/video/recordings/{id}</c>: what was recorded. Shows no picture, so it leaves no trace.</summary>
internal static class ListRecordings
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("Recordings, newest first; of vehicleId, overlapping from..to");
        group.MapGet("/{id:guid}", Show).WithSummary("One recording with its segments, hashes and gaps");
    }

    private static Results<Ok<Page<RecordingView>>, ProblemHttpResult> List([AsParameters] PageRequest page, string? vehicleId, QueryTime? from, QueryTime? to, RecordingShelf shelf, RetentionDesk retention)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var some = shelf.All.Select(folder => RecordingView.Of(folder, retention)).Where(recording => (vehicleId is null || recording.VehicleId == vehicleId)
            && (to is not { Utc: var until } || recording.From < until)
            && (from is not { Utc: var since } || recording.State == "recording" || recording.To > since));
        return TypedResults.Ok(page.OfAll(some, recording => recording.Id.ToString(), newestFirst: true));
    }

    private static Results<Ok<RecordingDetail>, ProblemHttpResult> Show(Guid id, RecordingShelf shelf, RetentionDesk retention) =>
        shelf.Find(id) is { } folder ? TypedResults.Ok(RecordingDetail.Of(folder, retention)) : Problems.NotFound("recording", id);
}
