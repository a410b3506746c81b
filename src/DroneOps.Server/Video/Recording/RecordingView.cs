namespace DroneOps.Server.Video.Recording;

/// <summary>A recording as the API shows it.</summary>
/// <param name="To">The end; of one that is still written, that of its newest closed segment; null before the first.</param>
/// <param name="Seconds">Recorded, gaps left out; with what is on the disk of a segment that is still written.</param>
/// <param name="Bytes">On the disk, likewise.</param>
/// <param name="State"><c>recording</c>, <c>closed</c> or <c>deleted</c>.</param>
/// <param name="Class">Its retention class.</param>
/// <param name="DueAt">When it is to be deleted; null while it is written or held.</param>
/// <param name="Holds">How many legal holds stand on it.</param>
/// <param name="Clips">How many clips were cut from it.</param>
/// <param name="Stills">How many stills were taken out of it.</param>
/// <param name="Task">What its vehicle was flown for, as <c>incident/ID</c>, <c>patrol/ID</c> or <c>manual/ID</c>.</param>
internal sealed record RecordingView(
    Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, double Seconds, long Bytes, string State, int Gaps, int Segments, string StartedBy, string? Reason,
    string Class, DateTimeOffset? DueAt, int Holds, int Clips, int Stills, string? Task, string? TaskLabel)
{
    public static RecordingView Of(RecordingFolder folder, RetentionDesk retention)
    {
        var (identity, growing, lines) = (folder.Identity, folder.Growing, folder.Lines);
        var closing = lines.Count > 0 ? lines[^1].Closing : null;
        var segments = lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList();
        return new(
            identity.Id,
            identity.VehicleId,
            identity.StreamId,
            identity.StartedAt,
            closing?.ClosedAt ?? (segments.Count > 0 ? segments[^1].To : null),
            Math.Round(segments.Sum(segment => (segment.To - segment.From).TotalSeconds) + (growing?.Length.TotalSeconds ?? 0), 2),
            segments.Sum(segment => segment.Bytes) + (growing?.Bytes ?? 0),
            folder.Tombstone is not null ? "deleted" : closing is null ? "recording" : "closed",
            lines.Sum(line => (line.Segment?.Gaps ?? line.Closing!.Gaps).Count),
            segments.Count,
            identity.StartedBy,
            identity.Reason,
            folder.Keeping.Class,
            retention.DueAt(folder),
            folder.Keeping.Holds.Count,
            folder.Clips.Count,
            folder.Stills.Count,
            identity.Task,
            identity.TaskLabel);
    }
}

/// <summary>A recording with its segments, gaps and bookmarks, and all that was said about its keeping.</summary>
/// <param name="Link">The newest link of the chain, hex.</param>
/// <param name="Resumes">The recording that it goes on with, where that one was broken off.</param>
/// <param name="Deleted">When and why its pictures went; null while they are there.</param>
internal sealed record RecordingDetail(
    Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, double Seconds, long Bytes, string State, string StartedBy, string? Reason, string Link, Guid? Resumes,
    string Class, DateTimeOffset? DueAt, string? Task, string? TaskLabel, IReadOnlyList<LegalHold> Holds, IReadOnlyList<KeepingWord> Keeping, Tombstone? Deleted,
    IReadOnlyList<SegmentView> Segments, IReadOnlyList<RecordingGap> Gaps, IReadOnlyList<Bookmark> Bookmarks, IReadOnlyList<Clip> Clips, IReadOnlyList<Still> Stills)
{
    public static RecordingDetail Of(RecordingFolder folder, RetentionDesk retention)
    {
        var whole = RecordingView.Of(folder, retention);
        return new(
            whole.Id, whole.VehicleId, whole.StreamId, whole.From, whole.To, whole.Seconds, whole.Bytes, whole.State, whole.StartedBy, whole.Reason, folder.Link, folder.Identity.Resumes,
            whole.Class, whole.DueAt, whole.Task, whole.TaskLabel, folder.Keeping.Holds, folder.ReadKeeping(), folder.Tombstone,
            [.. folder.Lines.Where(line => line.Segment is not null).Select(SegmentView.Of)],
            [.. folder.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps)],
            folder.ReadBookmarks(),
            folder.Clips,
            folder.Stills);
    }
}

/// <summary>A segment, its hash, its link in the chain and the number of the audit entry that holds both.</summary>
internal sealed record SegmentView(int Number, DateTimeOffset From, DateTimeOffset To, long Bytes, string Codec, int Width, int Height, double ClockOffsetMs, long RestBytes, string Sha256, string Chain, long AuditEntry)
{
    public static SegmentView Of(LedgerLine line)
    {
        var said = line.Segment!;
        return new(said.Number, said.From, said.To, said.Bytes, said.Codec, said.Width, said.Height, said.ClockOffsetMs, said.RestBytes, line.Sha256!, line.Chain, line.AuditEntry);
    }
}
