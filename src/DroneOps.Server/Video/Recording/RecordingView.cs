namespace DroneOps.Server.Video.Recording;

/// <summary>A recording as the API shows it.</summary>
/// <param name="To">The end; of one that is still written, that of its newest closed segment; null before the first.</param>
/// <param name="Seconds">Recorded, gaps left out.</param>
/// <param name="State"><c>recording</c> or <c>closed</c>.</param>
internal sealed record RecordingView(
    Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, double Seconds, long Bytes, string State, int Gaps, int Segments, string StartedBy, string? Reason)
{
    public static RecordingView Of(RecordingFolder folder)
    {
        var (identity, lines) = (folder.Identity, folder.Lines);
        var closing = lines.Count > 0 ? lines[^1].Closing : null;
        var segments = lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList();
        return new(
            identity.Id,
            identity.VehicleId,
            identity.StreamId,
            identity.StartedAt,
            closing?.ClosedAt ?? (segments.Count > 0 ? segments[^1].To : null),
            Math.Round(segments.Sum(segment => (segment.To - segment.From).TotalSeconds), 2),
            segments.Sum(segment => segment.Bytes),
            closing is null ? "recording" : "closed",
            lines.Sum(line => (line.Segment?.Gaps ?? line.Closing!.Gaps).Count),
            segments.Count,
            identity.StartedBy,
            identity.Reason);
    }
}

/// <summary>A recording with its segments, gaps and bookmarks.</summary>
/// <param name="Link">The newest link of the chain, hex.</param>
internal sealed record RecordingDetail(
    Guid Id, string VehicleId, string StreamId, DateTimeOffset From, DateTimeOffset? To, double Seconds, long Bytes, string State, string StartedBy, string? Reason, string Link,
    IReadOnlyList<SegmentView> Segments, IReadOnlyList<RecordingGap> Gaps, IReadOnlyList<Bookmark> Bookmarks)
{
    public static RecordingDetail Of(RecordingFolder folder)
    {
        var whole = RecordingView.Of(folder);
        return new(
            whole.Id, whole.VehicleId, whole.StreamId, whole.From, whole.To, whole.Seconds, whole.Bytes, whole.State, whole.StartedBy, whole.Reason, folder.Link,
            [.. folder.Lines.Where(line => line.Segment is not null).Select(SegmentView.Of)],
            [.. folder.Lines.SelectMany(line => line.Segment?.Gaps ?? line.Closing!.Gaps)],
            folder.ReadBookmarks());
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
