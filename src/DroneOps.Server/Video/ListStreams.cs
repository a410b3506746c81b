using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video;

/// <summary><c>GET /video/streams</c> and <c>/video/streams/{id}</c>: which there are and how they do. Shows no picture, so it leaves no trace.</summary>
internal static class ListStreams
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("The streams, by id; of all vehicles or of vehicleId");
        group.MapGet("/{id}", Show).WithSummary("One stream");
    }

    private static Results<Ok<Page<StreamView>>, ProblemHttpResult> List([AsParameters] PageRequest page, string? vehicleId, VideoStreams streams, TimeProvider time)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        var now = time.GetUtcNow();
        var some = streams.All.Where(stream => vehicleId is null || stream.Settings.VehicleId == vehicleId);
        return TypedResults.Ok(page.OrLimit(PageRequest.MaxLimit).OfAll(some.Select(stream => StreamView.Of(stream, now)), stream => stream.Id, newestFirst: false));
    }

    private static Results<Ok<StreamView>, ProblemHttpResult> Show(string id, VideoStreams streams, TimeProvider time) =>
        streams.Find(id) is { } stream ? TypedResults.Ok(StreamView.Of(stream, time.GetUtcNow())) : Problems.NotFound("video stream", id);
}
