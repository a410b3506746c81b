using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/stills/{still}.png</c> and <c>.jpg</c>: a still, and a small copy of it for lists.</summary>
internal static class ShowStill
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id:guid}/stills/{still:guid}.png", ShowAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/png").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("A still in its own size, as it was taken out; reason says what for; the look is audited");
        group.MapGet("/{id:guid}/stills/{still:guid}.jpg", ShowSmallAsync)
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("A small copy of a still, for lists; the look is audited, once while the list is looked at");
    }

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> ShowAsync(
        Guid id, Guid still, string? reason, HttpContext context, RecordingShelf shelf, RecordingLooks looks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.IfGiven("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (Of(folder, still) is not { } found)
            return Problems.NotFound("still of the recording", still);
        await looks.EnterAsync(context.Request, $"{id}/{still}", new AuditEntry(user.Actor(), "video.stillViewed", RecordingBook.Subject(folder), new { still, found.Sha256, reason }), cancellation);
        context.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.PhysicalFile(
            folder.StillFile(still), "image/png", string.Create(CultureInfo.InvariantCulture, $"{folder.Identity.StreamId}-{found.PictureAt.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}.png"));
    }

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> ShowSmallAsync(
        Guid id, Guid still, RecordingShelf shelf, RecordingThumbnails thumbnails, RecordingLooks looks, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellation)
    {
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (Of(folder, still) is null)
            return Problems.NotFound("still of the recording", still);
        await looks.EnterListedAsync($"{id}/{still}/small", new AuditEntry(user.Actor(), "video.thumbnailViewed", RecordingBook.Subject(folder), new { still }), cancellation);
        if (await thumbnails.OfStillAsync(folder, still, cancellation) is not { } file)
            return Problems.Conflict("no-picture", "The recording has no picture yet.");

        // No copy stays where nobody enters a look.
        response.Headers.CacheControl = "private, no-store";
        return TypedResults.PhysicalFile(file, "image/jpeg");
    }

    private static Still? Of(RecordingFolder folder, Guid still) => folder.Stills.FirstOrDefault(one => one.Id == still);
}
