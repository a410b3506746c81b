using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/media.mp4</c>: all of a recording, or a part, as one file that any player plays and jumps in.</summary>
internal static class PlayWhole
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/media.mp4", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "video/mp4").Produces(StatusCodes.Status206PartialContent, contentType: "video/mp4")
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("The closed segments as one file, with ranges, or of it from..to; reason says what for; the look is audited");

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, QueryTime? from, QueryTime? to, string? reason, HttpRequest request, RecordingShelf shelf, RecordingLooks looks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.IfGiven("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        var (since, until) = (from?.Utc ?? DateTimeOffset.MinValue, to?.Utc ?? DateTimeOffset.MaxValue);
        var result = RecordingCut.Plan(folder, since, until);
        if (result is not CutResult.Made { Cut: var cut })
            return CutClip.Refused(result);
        await looks.EnterAsync(
            request, $"{id}/media/{since:O}/{until:O}",
            new AuditEntry(user.Actor(), "video.recordingViewed", RecordingBook.Subject(folder), new { cut.From, cut.To, chain = folder.Link, reason }), cancellation);
        return TypedResults.Stream(new CutStream(cut), "video/mp4", string.Create(CultureInfo.InvariantCulture, $"{folder.Identity.StreamId}-{cut.From.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.mp4"), enableRangeProcessing: true);
    }
}
