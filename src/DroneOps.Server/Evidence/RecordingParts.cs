using System.Text;
using System.Text.Json;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Evidence;

/// <summary>What a package has of a recording: its segments with their ledger, and the clips and stills that were made from them.</summary>
internal static class RecordingParts
{
    public static string StillPath(Guid recording, Still still) => $"recordings/{recording}/stills/{still.Id}.png";

    public static string ClipPath(Guid recording, Clip clip) => $"recordings/{recording}/clips/{clip.Id}.mp4";

    /// <summary>Writes a recording as it stands on the disk: of one that is still written, all that is closed.</summary>
    /// <param name="recorded">Gets the numbers of the audit entries that its files name.</param>
    /// <param name="missing">Gets what one would look for and does not find.</param>
    public static async Task<PackageRecording> AddAsync(PackageWriter writer, RecordingFolder recording, HashSet<long> recorded, List<string> missing, CancellationToken cancellation)
    {
        var (folder, lines, identity) = ($"recordings/{recording.Identity.Id}", recording.Lines, recording.Identity);
        await writer.AddFileAsync($"{folder}/{RecordingLedger.IdentityName}", "videoLedger", isPacked: true, recording.FileOf(RecordingLedger.IdentityName), cancellation);
        var ledger = (await File.ReadAllLinesAsync(recording.FileOf(RecordingLedger.LedgerName), cancellation)).Take(lines.Count);
        await writer.AddAsync($"{folder}/{RecordingLedger.LedgerName}", "videoLedger", Encoding.UTF8.GetBytes(string.Concat(ledger.Select(line => $"{line}\n"))), cancellation);
        await writer.AddAsync($"{folder}/bookmarks.json", "record", JsonSerializer.SerializeToUtf8Bytes(recording.ReadBookmarks(), PackageManifest.Json), cancellation);
        if (recording.IsClosed && File.Exists(recording.FileOf(RecordingFolder.TrackName)))
            await writer.AddFileAsync($"{folder}/{RecordingFolder.TrackName}", "record", isPacked: true, recording.FileOf(RecordingFolder.TrackName), cancellation);
        recorded.UnionWith(lines.Select(line => line.AuditEntry));
        var absent = await AddSegmentsAsync(writer, recording, missing, cancellation);
        List<Clip> clips = [];
        foreach (var clip in recording.Clips)
        {
            if (await AddMadeAsync(writer, "clip", ClipPath(identity.Id, clip), recording.ClipFile(clip.Id), clip.Sources.Select(source => source.Segment), absent, missing, cancellation))
                clips.Add(clip);
        }

        List<Still> stills = [];
        foreach (var still in recording.Stills)
        {
            if (await AddMadeAsync(writer, "still", StillPath(identity.Id, still), recording.StillFile(still.Id), [still.Segment], absent, missing, cancellation))
                stills.Add(still);
        }

        recorded.UnionWith(clips.Select(clip => clip.AuditEntry));
        recorded.UnionWith(stills.Select(still => still.AuditEntry));
        var segments = lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList();
        var closing = lines is [.., { Closing: { } end }] ? end : null;
        return new(
            identity.Id, identity.VehicleId, identity.StreamId, identity.StartedAt, closing?.ClosedAt ?? segments.LastOrDefault()?.To, closing is not null, segments.Count,
            [.. segments.Select(segment => segment.ClockOffsetMs)], [.. lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps)])
        {
            AbsentSegments = absent,
            Clips = clips,
            Stills = stills,
        };
    }

    /// <summary>What is said of a recording of which only the ledger is left.</summary>
    public static string Deleted(RecordingFolder recording) =>
        $"The recording {recording.Identity.Id} is deleted since {recording.Tombstone!.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: the time of its class {recording.Tombstone.Class} was over. "
        + $"Neither its segments nor its clips and stills are packed; audit entry {recording.Tombstone.AuditEntry} says what went.";

    /// <returns>The numbers of those that are not on the disk.</returns>
    private static async Task<IReadOnlyList<int>> AddSegmentsAsync(PackageWriter writer, RecordingFolder recording, List<string> missing, CancellationToken cancellation)
    {
        List<int> absent = [];
        foreach (var segment in recording.Lines.Select(line => line.Segment).OfType<SegmentStatement>())
        {
            if (File.Exists(recording.FileOf(segment.File)))
            {
                await writer.AddFileAsync($"recordings/{recording.Identity.Id}/{segment.File}", "video", isPacked: false, recording.FileOf(segment.File), cancellation);
                continue;
            }

            absent.Add(segment.Number);
            missing.Add($"The segment {segment.File} of the recording {recording.Identity.Id} is not on the disk, and no deletion of the recording is known.");
        }

        return absent;
    }

    /// <summary>Adds what was made from segments, where those are there to hold it against.</summary>
    private static async Task<bool> AddMadeAsync(
        PackageWriter writer, string kind, string path, string file, IEnumerable<int> from, IReadOnlyList<int> absent, List<string> missing, CancellationToken cancellation)
    {
        var segment = from.FirstOrDefault(absent.Contains);
        if (segment == 0 && File.Exists(file))
        {
            await writer.AddFileAsync(path, kind, isPacked: false, file, cancellation);
            return true;
        }

        missing.Add(segment > 0 ? $"The {kind} {path} is not packed: the segment {segment} that it was made from is not there." : $"The {kind} {path} is not on the disk.");
        return false;
    }
}
