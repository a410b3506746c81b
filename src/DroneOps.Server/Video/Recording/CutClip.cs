using System.Security.Claims;
using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>POST /video/recordings/{id}/clips</c>: cuts a part out of a recording, which stays as it is; and the clip itself.</summary>
internal static class CutClip
{
    private const int Chunk = 128 * 1024;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/{id:guid}/clips", CutAsync)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .WithSummary("Cut a part out without re-encoding, from the key picture before its beginning; it names the bytes it was made from and has its own hash");
        group.MapGet("/{id:guid}/clips/{clip:guid}.mp4", ShowAsync)
            .Produces(StatusCodes.Status200OK, contentType: "video/mp4").Produces(StatusCodes.Status206PartialContent, contentType: "video/mp4")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .WithSummary("A clip, with ranges; reason says what for; the look is audited");
    }

    private static async Task<Results<Created<Clip>, ProblemHttpResult>> CutAsync(
        Guid id, Request request, RecordingShelf shelf, RetentionDesk retention, DiskRoom room, AuditLog audit, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        if (GivenReason.Always("#/reason", request.Reason) is { } fault)
            return Problems.Invalid(fault);
        if (request.To <= request.From)
            return Problems.Invalid(new Fault("#/to", "A clip ends after its beginning."));
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        var result = RecordingCut.Plan(folder, request.From, request.To);
        if (result is not CutResult.Made { Cut: var cut })
            return Refused(result);

        var clip = Guid.CreateVersion7(time.GetUtcNow());
        Clip? entered = null;
        var isKept = await retention.WhileKeptAsync(
            folder,
            async () =>
            {
                // Asked here, where one clip at a time is written: two that each have room may have none together.
                if (!room.HasRoomFor(cut.Length))
                    return;
                entered = await WriteAsync(folder, cut, clip, request.Reason!.Trim(), user.Actor(), audit, time.GetUtcNow(), cancellation);
                room.Add(entered.Bytes);
            },
            cancellation);
        if (!isKept)
            return OpenRecording.Deleted();
        if (entered is null)
            return NoRoom();
        return TypedResults.Created((string?)null, entered);
    }

    /// <summary>Why there is no clip, cut or masked, and no still.</summary>
    internal static ProblemHttpResult NoRoom(string said = "The disk has no room for a clip.") =>
        Problems.Other(StatusCodes.Status507InsufficientStorage, "no-room-for-video", "There is no room.", said);

    /// <summary>Why there is no such stretch.</summary>
    internal static ProblemHttpResult Refused(CutResult result) => result is CutResult.FormatChanges { At: var at }
        ? Problems.Conflict("format-changes", $"The pictures have another size or coding from {at:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} on, and one file has one: take the times before and after it.")
        : Problems.Conflict("no-pictures-then", "The recording has no pictures in that time.");

    private static async Task<Clip> WriteAsync(
        RecordingFolder folder, RecordingCut cut, Guid id, string reason, string by, AuditLog audit, DateTimeOffset now, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.ClipsPath);
        var unfinished = folder.ClipFile(id) + ".new";
        try
        {
            string hash;
            using (var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            {
                await using CutStream from = new(cut);
                await using FileStream file = new(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                var buffer = new byte[Chunk];
                while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
                {
                    sum.AppendData(buffer, 0, count);
                    await file.WriteAsync(buffer.AsMemory(0, count), cancellation);
                }

                file.Flush(flushToDisk: true);
                hash = Convert.ToHexStringLower(sum.GetHashAndReset());
            }

            Clip clip = new(id, now, by, reason, cut.From, cut.To, cut.Length, hash, folder.Link, cut.SourcesIn(folder), AuditEntry: 0);
            return await KeepAsync(
                folder, unfinished, clip, "video.clipCut", new { clip = id, reason, cut.From, cut.To, bytes = cut.Length, sha256 = hash, chain = folder.Link, clip.Sources }, audit, cancellation);
        }
        finally
        {
            // A clip that did not get so far is not kept half.
            File.Delete(unfinished);
        }
    }

    /// <summary>Keeps a clip whose file is on the disk under another name.</summary>
    internal static async Task<Clip> KeepAsync(RecordingFolder folder, string unfinished, Clip clip, string action, object details, AuditLog audit, CancellationToken cancellation)
    {
        var entry = await RecordingBook.KeepFileAsync(audit, folder, unfinished, folder.ClipFile(clip.Id), new AuditEntry(clip.By, action, RecordingBook.Subject(folder), details), cancellation);
        var kept = clip with { AuditEntry = entry };
        folder.Enter(kept);
        return kept;
    }

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> ShowAsync(
        Guid id, Guid clip, string? reason, HttpRequest request, RecordingShelf shelf, RecordingLooks looks, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (GivenReason.IfGiven("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (folder.Clips.FirstOrDefault(one => one.Id == clip) is not { } found)
            return Problems.NotFound("clip of the recording", clip);
        await looks.EnterAsync(request, $"{id}/{clip}", new AuditEntry(user.Actor(), "video.clipViewed", RecordingBook.Subject(folder), new { clip, found.Sha256, reason }), cancellation);
        return TypedResults.PhysicalFile(folder.ClipFile(clip), "video/mp4", enableRangeProcessing: true);
    }

    /// <param name="From">From when.</param>
    /// <param name="To">Until when.</param>
    /// <param name="Reason">What for.</param>
    internal sealed record Request(DateTimeOffset From, DateTimeOffset To, string? Reason);
}
