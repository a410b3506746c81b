using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/verify</c>: whether the files are still what was recorded.</summary>
internal static class VerifyRecording
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/verify", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithSummary("Hash every segment again, and hold chain and ledger against it; names the first bad segment");

    private static async Task<Results<Ok<Verdict>, ProblemHttpResult>> HandleAsync(Guid id, RecordingShelf shelf, CancellationToken cancellation)
    {
        if (shelf.Find(id) is not { } folder)
            return Problems.NotFound("recording", id);
        var found = await RecordingVerification.CheckAsync(folder.Path, mayBeOpen: !folder.IsClosed, cancellation);
        return TypedResults.Ok(new Verdict(found.Problem is null, found.Segments, found.IsClosed, found.FirstBad, found.Problem, found.Chain, folder.Tombstone is not null));
    }

    /// <param name="Segments">Segments that are right, from the first on.</param>
    /// <param name="FirstBad">The first segment that is not; 0 for the recording itself; null when all is right.</param>
    /// <param name="Chain">The last link that fits, hex.</param>
    /// <param name="IsDeleted">Its pictures are gone: what was checked is the ledger alone.</param>
    internal sealed record Verdict(bool Ok, int Segments, bool IsClosed, int? FirstBad, string? Problem, string? Chain, bool IsDeleted);
}
