using System.Security.Claims;
using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>POST /video/recordings/{id}/clips/{clip}/masked</c>: a copy of a clip for somebody who must not see everybody in it. Recording and clip
/// stay as they are: what is painted over there could never be shown to a court.</summary>
internal static class MaskClip
{
    /// <summary>Every picture is decoded and coded again, so a copy takes about as long as the clip does.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static void Map(RouteGroupBuilder group) => group.MapPost("/{id:guid}/clips/{clip:guid}/masked", MaskAsync)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage)
        .WithSummary("A copy of a clip with regions painted black, for faces and number plates; it names the clip it was made from and has its own hash");

    private static async Task<Results<Created<Clip>, ProblemHttpResult>> MaskAsync(
        Guid id, Guid clip, Request request, RecordingShelf shelf, RetentionDesk retention, DiskRoom room, PictureMasking masking, AuditLog audit, ClaimsPrincipal user, TimeProvider time,
        CancellationToken cancellation)
    {
        List<Fault> faults = [.. MaskedRegion.FaultsOf(request.Regions)];
        if (GivenReason.Always("#/reason", request.Reason) is { } fault)
            faults.Add(fault);
        if (faults.Count > 0)
            return Problems.Invalid([.. faults]);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        if (folder.Clips.FirstOrDefault(one => one.Id == clip) is not { } parent)
            return Problems.NotFound("clip of the recording", clip);
        if (parent.To - parent.From > Longest)
            return Problems.Conflict("clip-too-long", "A clip of more than ten minutes is not masked: cut the part that is needed.");
        if (!room.HasRoom)
            return CutClip.NoRoom();

        var made = parent with { Id = Guid.CreateVersion7(time.GetUtcNow()), At = time.GetUtcNow(), By = user.Actor(), Reason = request.Reason!.Trim(), MaskedFrom = clip, Regions = request.Regions };
        var unfinished = folder.ClipFile(made.Id) + ".new";
        try
        {
            // Minutes of work, which nobody who puts a hold on a recording, or cuts another clip, has to wait for.
            if (await WriteAsync(folder.ClipFile(clip), unfinished, made, masking, cancellation) is not { } written)
                return folder.Tombstone is null ? Problems.Conflict("not-masked", "The masked copy could not be made: the clip's pictures cannot be decoded.") : OpenRecording.Deleted();
            Clip? entered = null;
            var isKept = await retention.WhileKeptAsync(
                folder,
                async () => entered = await CutClip.KeepAsync(
                    folder, unfinished, written, "video.clipMasked",
                    new { clip = written.Id, from = clip, fromSha256 = parent.Sha256, reason = written.Reason, bytes = written.Bytes, sha256 = written.Sha256, regions = written.Regions }, audit, cancellation),
                cancellation);
            if (!isKept)
                return OpenRecording.Deleted();
            room.Add(entered!.Bytes);
            return TypedResults.Created((string?)null, entered);
        }
        finally
        {
            // The whole folder is gone when the recording was deleted meanwhile.
            if (File.Exists(unfinished))
                File.Delete(unfinished);
        }
    }

    private static async Task<Clip?> WriteAsync(string clip, string unfinished, Clip made, PictureMasking masking, CancellationToken cancellation)
    {
        if (!File.Exists(clip) || !await masking.WriteAsync(clip, unfinished, made.Regions!, made.To - made.From, cancellation) || !File.Exists(unfinished))
            return null;
        await using FileStream file = new(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        file.Flush(flushToDisk: true);
        return made with { Bytes = file.Length, Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) };
    }

    /// <param name="Regions">What is painted over.</param>
    /// <param name="Reason">What for.</param>
    internal sealed record Request(IReadOnlyList<MaskedRegion>? Regions, string? Reason);
}
