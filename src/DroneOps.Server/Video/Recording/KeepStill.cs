using System.Buffers.Binary;
using System.Security.Claims;
using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>POST /video/recordings/{id}/stills</c>: takes one picture out of a recording, which stays as it is.</summary>
/// <remarks>PNG, because a still that is shown to a court must not have been coded with losses a second time.</remarks>
internal static class KeepStill
{
    /// <summary>The track has a moment each second: what is further away than this says nothing about the picture.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(1.5);

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/stills", HandleAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .WithSummary("Take out the picture that is shown at a time, as PNG in its own size; it names its segment with hash, its time in it and where the camera was, and has its own hash");

    private static async Task<Results<Created<Still>, ProblemHttpResult>> HandleAsync(
        Guid id, Request request, RecordingShelf shelf, RetentionDesk retention, DiskRoom room, StillPictures pictures, AuditLog audit, ClaimsPrincipal user, TimeProvider time,
        CancellationToken cancellation)
    {
        List<Fault> faults = [];
        if (request.At is null)
            faults.Add(new("#/at", "A still needs the time that it shows."));
        if (GivenReason.Always("#/reason", request.Reason) is { } fault)
            faults.Add(fault);
        if (faults.Count > 0)
            return Problems.Invalid([.. faults]);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (!room.HasRoom)
            return CutClip.NoRoom("The disk has no room for a still.");

        try
        {
            // Reading the segment and decoding take their time, and nobody who puts a hold on a recording has to wait for it.
            var (taken, png, none) = await TakeAsync(folder, request.At!.Value, request.Reason!.Trim(), user.Actor(), pictures, time.GetUtcNow(), cancellation);
            if (taken is null)
                return folder.Tombstone is null ? none! : OpenRecording.Deleted();
            Still? made = null;
            if (!await retention.WhileKeptAsync(folder, async () => made = await KeepAsync(folder, taken, png!, audit, cancellation), cancellation))
                return OpenRecording.Deleted();
            room.Add(made!.Bytes);
            return TypedResults.Created((string?)null, made);
        }
        catch (IOException) when (folder.Tombstone is not null)
        {
            // Deleted while it was read.
            return OpenRecording.Deleted();
        }
    }

    private static async Task<(Still? Taken, byte[]? Png, ProblemHttpResult? None)> TakeAsync(
        RecordingFolder folder, DateTimeOffset at, string reason, string by, StillPictures pictures, DateTimeOffset now, CancellationToken cancellation)
    {
        if (ShownPicture.LineAt(folder, at) is not { Segment: { } segment } line)
            return (null, null, CutClip.Refused(new CutResult.Nothing()));
        if (!await IsAsRecordedAsync(folder, line, cancellation))
            return (null, null, Problems.Conflict("segment-changed", "The segment with this picture is not what was recorded. Verify the recording."));
        if (ShownPicture.Find(folder, line, at) is not { } picture)
            return (null, null, CutClip.Refused(new CutResult.Nothing()));
        if (await pictures.ExactAsync((to, stop) => picture.WriteAsync(folder, to, stop), picture.Ticks, segment.Height, cancellation) is not { Length: > 24 } png)
            return (null, null, Problems.Conflict("no-still", "The still could not be made: the picture cannot be decoded."));

        Still still = new(
            Guid.CreateVersion7(now), now, by, reason, picture.At, segment.Number, line.Sha256!, picture.Ticks,
            BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)), picture.IsDamaged,
            png.Length, Convert.ToHexStringLower(SHA256.HashData(png)), folder.Link, ViewAt(folder, picture.At), AuditEntry: 0);
        return (still, png, null);
    }

    private static async Task<Still> KeepAsync(RecordingFolder folder, Still still, byte[] png, AuditLog audit, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.StillsPath);
        var unfinished = folder.StillFile(still.Id) + ".new";
        try
        {
            Durable.WriteNew(unfinished, png);
            var entry = await RecordingBook.KeepFileAsync(audit, folder, unfinished, folder.StillFile(still.Id), new AuditEntry(still.By, "video.stillKept", RecordingBook.Subject(folder), new
            {
                still = still.Id,
                reason = still.Reason,
                still.PictureAt,
                still.Segment,
                still.SegmentSha256,
                still.Ticks,
                still.IsDamaged,
                still.View,
                bytes = still.Bytes,
                sha256 = still.Sha256,
                chain = still.Chain,
            }), cancellation);
            var kept = still with { AuditEntry = entry };
            folder.Enter(kept);
            return kept;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>A still says which segment it is from: of a segment that is not what the ledger says there is none.</summary>
    private static async Task<bool> IsAsRecordedAsync(RecordingFolder folder, LedgerLine line, CancellationToken cancellation)
    {
        var path = folder.FileOf(line.Segment!.File);
        if (!File.Exists(path))
            return false;
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == line.Sha256;
    }

    private static RecordedView? ViewAt(RecordingFolder folder, DateTimeOffset at) => folder.ReadTrack(at - Near, at + Near).MinBy(view => (view.At - at).Duration());

    /// <param name="At">The time in the recording.</param>
    /// <param name="Reason">What for.</param>
    internal sealed record Request(DateTimeOffset? At, string? Reason);
}
