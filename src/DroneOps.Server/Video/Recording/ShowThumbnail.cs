using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/thumbnail.jpg</c>: a small picture for lists. It shows something, so it is a look as well.</summary>
internal static class ShowThumbnail
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/thumbnail.jpg", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("A small picture of a recording, 320 pixels wide; audited once while somebody looks through a list");

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, RecordingShelf shelf, RecordingThumbnails thumbnails, RecordingLooks looks, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellation)
    {
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        await looks.EnterListedAsync($"{id}/thumbnail", new AuditEntry(user.Actor(), "video.thumbnailViewed", RecordingBook.Subject(folder), new { }), cancellation);
        if (await thumbnails.OfAsync(folder, cancellation) is not { } file)
            return Problems.Conflict("no-picture", "The recording has no picture yet.");

        // No copy stays where nobody enters a look.
        response.Headers.CacheControl = "private, no-store";
        return TypedResults.PhysicalFile(file, "image/jpeg");
    }
}
