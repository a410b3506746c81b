using DroneOps.Server.Audit;

namespace DroneOps.Server.Video.Recording;

/// <summary>Enters what happens to recordings: first in the audit log, then in the recording's own ledger.</summary>
internal sealed class RecordingBook(AuditLog audit)
{
    /// <summary>A segment is complete: its hash and link are in the audit log before anything says that it is closed.</summary>
    public async Task CloseSegmentAsync(RecordingFolder folder, SegmentStatement segment, byte[] hash, CancellationToken cancellation)
    {
        var statement = RecordingLedger.Encode(segment);
        var link = folder.NextLink(hash, statement);
        var entry = await audit.AppendAsync(new AuditEntry(Api.Actors.System, "video.segmentClosed", Subject(folder), new
        {
            segment.Number,
            sha256 = Convert.ToHexStringLower(hash),
            chain = Convert.ToHexStringLower(link),
            segment.Bytes,
            segment.From,
            segment.To,
            gaps = segment.Gaps.Count,
            segment.RestBytes,
        }), cancellation);
        folder.Append(entry, link, hash, statement);
    }

    /// <summary>The recording is over.</summary>
    public async Task CloseAsync(RecordingFolder folder, ClosingStatement closing, CancellationToken cancellation)
    {
        var statement = RecordingLedger.Encode(closing);
        var link = folder.NextLink([], statement);
        var entry = await audit.AppendAsync(
            new AuditEntry(closing.ClosedBy, "video.recordingStopped", Subject(folder), new { closing.Segments, chain = Convert.ToHexStringLower(link), gaps = closing.Gaps }), cancellation);
        folder.Append(entry, link, [], statement);
    }

    /// <summary>Keeps a file that was made of a recording and is on the disk under another name. Nobody can get it before its hash is in the audit log.</summary>
    /// <param name="unfinished">Its name so far, in the same folder.</param>
    /// <returns>The number of the audit entry.</returns>
    public static async Task<long> KeepFileAsync(AuditLog audit, RecordingFolder folder, string unfinished, string file, AuditEntry made, CancellationToken cancellation)
    {
        var entry = await audit.AppendAsync(made, cancellation);
        File.Move(unfinished, file);
        Durable.Folder(Path.GetDirectoryName(file)!);
        Durable.Folder(folder.Path);
        return entry;
    }

    public static string Subject(RecordingFolder folder) => $"recording/{folder.Identity.Id}";
}
