using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/segments/{number}.mp4</c>: the recorded file itself, each playable alone. The look is in the audit log first.</summary>
internal static class PlayRecording
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/segments/{number:int}.mp4", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "video/mp4").Produces(StatusCodes.Status206PartialContent, contentType: "video/mp4")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("A closed segment as it was recorded, with ranges; reason says what for; the look is audited");

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, int number, string? reason, HttpRequest request, RecordingShelf shelf, RecordingLooks looks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.IfGiven("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (folder.Lines.FirstOrDefault(line => line.Segment?.Number == number) is not { Segment: { } segment, Sha256: var hash })
            return Problems.NotFound("closed segment", number);

        await looks.EnterAsync(
            request, $"{id}/{number}", new AuditEntry(user.Actor(), "video.recordingViewed", RecordingBook.Subject(folder), new { segment = number, sha256 = hash, reason }), cancellation);
        return TypedResults.PhysicalFile(folder.FileOf(segment.File), "video/mp4", enableRangeProcessing: true);
    }
}
