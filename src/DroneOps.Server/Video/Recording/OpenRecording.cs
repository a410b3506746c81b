using System.Diagnostics.CodeAnalysis;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary>What every request for the pictures of a recording begins with.</summary>
internal static class OpenRecording
{
    /// <summary>A recording of which more is left than its ledger.</summary>
    /// <param name="problem">Why there is none.</param>
    public static bool TryOpen(this RecordingShelf shelf, Guid id, [NotNullWhen(true)] out RecordingFolder? folder, [NotNullWhen(false)] out ProblemHttpResult? problem)
    {
        folder = shelf.Find(id);
        problem = folder is null ? Problems.NotFound("recording", id) : folder.Tombstone is not null ? Deleted() : null;
        return problem is null;
    }

    /// <summary>The answer for one that is deleted.</summary>
    public static ProblemHttpResult Deleted() => Problems.Conflict("recording-deleted", "The recording is deleted; its ledger is left.");
}
