using System.Globalization;
using System.IO.Compression;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Video.Recording;

/// <summary><c>GET /video/recordings/{id}/export.zip</c>: the pictures with all that is known about them, for somebody who has no part of this service.</summary>
internal static class ExportRecording
{
    private const int Chunk = 128 * 1024;
    private static readonly JsonSerializerOptions Indented = new(RecordingLedger.Json) { WriteIndented = true };

    public static void Map(RouteGroupBuilder group) => group.MapGet("/{id:guid}/export.zip", HandleAsync)
        .Produces(StatusCodes.Status200OK, contentType: "application/zip").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithSummary("The recording, or of it from..to: media.mp4, what it was made from, the ledger, the camera's track as JSON, KLV (ST 0601) and subtitles, the clips and stills of that time, and the hash of each; reason says what for; audited");

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> HandleAsync(
        Guid id, QueryTime? from, QueryTime? to, string? reason, RecordingShelf shelf, AuditLog audit, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        if (GivenReason.Always("reason", reason) is { } fault)
            return Problems.Invalid(fault);
        if (!shelf.TryOpen(id, out var folder, out var problem))
            return problem;
        var why = reason!.Trim();
        var result = RecordingCut.Plan(folder, from?.Utc ?? DateTimeOffset.MinValue, to?.Utc ?? DateTimeOffset.MaxValue);
        if (result is not CutResult.Made { Cut: var cut })
            return CutClip.Refused(result);
        var entry = await audit.AppendAsync(
            new AuditEntry(user.Actor(), "video.exported", RecordingBook.Subject(folder), new { cut.From, cut.To, chain = folder.Link, sources = cut.SourcesIn(folder), reason = why }), cancellation);
        var now = time.GetUtcNow();
        return TypedResults.Stream(
            body => WriteAsync(body, folder, cut, new(now, user.Actor(), why, entry), cancellation), "application/zip",
            string.Create(CultureInfo.InvariantCulture, $"{folder.Identity.StreamId}-{cut.From.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.zip"));
    }

    private static async Task WriteAsync(Stream connection, RecordingFolder folder, RecordingCut cut, Export export, CancellationToken cancellation)
    {
        await using ArchiveAnswer body = new(connection);
        await using (var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation))
            await FillAsync(zip, folder, cut, export, cancellation);
        await body.FlushAsync(cancellation);
    }

    private static async Task FillAsync(ZipArchive zip, RecordingFolder folder, RecordingCut cut, Export export, CancellationToken cancellation)
    {
        StringBuilder sums = new();
        await using (CutStream pictures = new(cut))
            await AddAsync(zip, "media.mp4", pictures, CompressionLevel.NoCompression, sums, cancellation);
        var track = folder.ReadTrack(cut.From, cut.To);

        // Of a part no more goes out than that part shows.
        var clips = folder.Clips.Where(clip => clip.From >= cut.From && clip.To <= cut.To).ToList();
        var stills = folder.Stills.Where(still => still.PictureAt >= cut.From && still.PictureAt <= cut.To).ToList();
        List<(string Name, string File)> made = [.. clips.Select(clip => ($"clips/{clip.Id}.mp4", folder.ClipFile(clip.Id))), .. stills.Select(still => ($"stills/{still.Id}.png", folder.StillFile(still.Id)))];
        var about = new
        {
            export,
            recording = folder.Identity,
            media = new { cut.From, cut.To, sources = cut.SourcesIn(folder) },
            chain = folder.Link,
            gaps = folder.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps).Where(gap => gap.To > cut.From && gap.From < cut.To),
            bookmarks = folder.ReadBookmarks().Where(mark => mark.At >= cut.From && mark.At <= cut.To),
            clips,
            stills,
            missing = made.Where(one => !File.Exists(one.File)).Select(one => one.Name),
        };
        await AddAsync(zip, "about.json", JsonSerializer.SerializeToUtf8Bytes(about, Indented), sums, cancellation);

        // The identity and the ledger as they are: whoever has the segments as well can verify them offline.
        foreach (var name in new[] { RecordingLedger.IdentityName, RecordingLedger.LedgerName })
            await AddAsync(zip, name, await File.ReadAllBytesAsync(folder.FileOf(name), cancellation), sums, cancellation);
        await AddAsync(zip, "track.json", JsonSerializer.SerializeToUtf8Bytes(track, Indented), sums, cancellation);
        await AddAsync(zip, "track.klv", Sidecars.Klv(track, folder.Identity), sums, cancellation);
        await AddAsync(zip, "media.srt", Sidecars.Subtitles(track, cut.From, cut.To), sums, cancellation);
        foreach (var (name, path) in made.Where(one => File.Exists(one.File)))
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await AddAsync(zip, name, file, CompressionLevel.NoCompression, sums, cancellation);
        }

        await AddAsync(zip, "SHA256SUMS", Encoding.ASCII.GetBytes(sums.ToString()), new StringBuilder(), cancellation);
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] bytes, StringBuilder sums, CancellationToken cancellation)
    {
        using MemoryStream from = new(bytes);
        await AddAsync(zip, name, from, CompressionLevel.Optimal, sums, cancellation);
    }

    private static async Task AddAsync(ZipArchive zip, string name, Stream from, CompressionLevel level, StringBuilder sums, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var to = await zip.CreateEntry(name, level).OpenAsync(cancellation))
        {
            var buffer = new byte[Chunk];
            while (await from.ReadAsync(buffer, cancellation) is > 0 and var count)
            {
                hash.AppendData(buffer, 0, count);
                await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }

        sums.Append(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash.GetHashAndReset())}  {name}\n");
    }

    /// <param name="At">When.</param>
    /// <param name="By">Who exported it.</param>
    /// <param name="Reason">What for.</param>
    /// <param name="AuditEntry">The number of the audit entry that says so.</param>
    private sealed record Export(DateTimeOffset At, string By, string Reason, long AuditEntry);
}
