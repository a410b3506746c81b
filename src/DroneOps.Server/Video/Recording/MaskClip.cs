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
        Clip? entered = null;
        if (!await retention.WhileKeptAsync(folder, async () => entered = await WriteAsync(folder, parent, made, masking, audit, cancellation), cancellation))
            return OpenRecording.Deleted();
        if (entered is null)
            return Problems.Conflict("not-masked", "The masked copy could not be made: the clip's pictures cannot be decoded.");
        room.Add(entered.Bytes);
        return TypedResults.Created((string?)null, entered);
    }

    private static async Task<Clip?> WriteAsync(RecordingFolder folder, Clip parent, Clip made, PictureMasking masking, AuditLog audit, CancellationToken cancellation)
    {
        var unfinished = folder.ClipFile(made.Id) + ".new";
        try
        {
            if (!await masking.WriteAsync(folder.ClipFile(parent.Id), unfinished, made.Regions!, parent.To - parent.From, cancellation))
                return null;
            await using (FileStream file = new(unfinished, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
            {
                file.Flush(flushToDisk: true);
                made = made with { Bytes = file.Length, Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) };
            }

            return await CutClip.KeepAsync(
                folder, unfinished, made, "video.clipMasked",
                new { clip = made.Id, from = parent.Id, fromSha256 = parent.Sha256, reason = made.Reason, bytes = made.Bytes, sha256 = made.Sha256, regions = made.Regions }, audit, cancellation);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <param name="Regions">What is painted over.</param>
    /// <param name="Reason">What for.</param>
    internal sealed record Request(IReadOnlyList<MaskedRegion>? Regions, string? Reason);
}
