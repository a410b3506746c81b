using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video;

/// <summary><c>GET /video/streams/{id}/snapshot.jpg</c>: what the camera saw last. The look is in the audit log first.</summary>
internal static class TakeStill
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id}/snapshot.jpg", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("The newest key picture as JPEG, with its time in Last-Modified; the look is audited");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        string id, VideoStreams streams, StillPictures stills, AuditLog audit, ClaimsPrincipal user, HttpContext context, CancellationToken cancellation)
    {
        if (streams.Find(id) is not { } stream)
            return Problems.NotFound("video stream", id);
        await audit.AppendAsync(new AuditEntry(user.Actor(), "video.stillTaken", $"video/{id}", new { vehicleId = stream.Settings.VehicleId }), cancellation);
        if (await stills.OfAsync(stream, cancellation) is not { } still)
            return Problems.Conflict("no-picture", "The stream has no picture now.");
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(
            still.Jpeg, "image/jpeg", string.Create(CultureInfo.InvariantCulture, $"{id}-{still.At.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.jpg"), enableRangeProcessing: false, lastModified: still.At);
    }
}
