namespace DroneOps.Server.Video.Recording;

/// <summary>The picture of a recording that is shown at a moment, and what has to be decoded for it: from the key picture before it up to its own part.</summary>
/// <param name="Line">What the ledger says of its segment.</param>
/// <param name="Ticks">When it is shown in the segment's file, ticks of the file.</param>
/// <param name="At">When it was taken.</param>
/// <param name="IsDamaged">Whether a gap says that pictures were damaged then.</param>
/// <param name="InitializationLength">Bytes at the beginning of the file without which nothing in it can be decoded.</param>
/// <param name="First">The first byte of what has to be decoded.</param>
/// <param name="End">The byte behind the last.</param>
internal sealed record ShownPicture(LedgerLine Line, long Ticks, DateTimeOffset At, bool IsDamaged, long InitializationLength, long First, long End)
{
    /// <summary>The API writes times to the microsecond: a time that was read there may be so much before the one that is meant.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMicroseconds(1);

    /// <summary>The line of the segment that is shown then; null when there is none. Where two segments tremble into each other the later one is shown.</summary>
    /// <param name="folder">The recording; of one that is still written, what is closed.</param>
    public static LedgerLine? LineAt(RecordingFolder folder, DateTimeOffset at) =>
        folder.Lines.LastOrDefault(line => line.Segment is { } segment && segment.From - Rounding <= at && at < segment.To);

    /// <summary>Finds the picture in its segment.</summary>
    /// <returns>Null when there is none then: in a gap.</returns>
    public static ShownPicture? Find(RecordingFolder folder, LedgerLine line, DateTimeOffset at)
    {
        var found = line.Segment!;
        var gaps = folder.Lines.SelectMany(one => one.Segment?.Gaps ?? one.Closing!.Gaps).Where(gap => gap.From <= at && at < gap.To - Rounding).ToList();
        if (gaps.Exists(gap => gap.Reason != GapReason.Damaged))
            return null;

        var index = RecordingRecovery.Scan(folder.FileOf(found.File));
        var wanted = (long)Math.Ceiling(Math.Max(0, (at - found.From).Ticks) * (double)index.Timescale / TimeSpan.TicksPerSecond);
        var shown = index.Fragments.SelectMany((fragment, number) => fragment.Samples.Select(sample => (sample.Pts, Number: number))).ToList();
        if (shown.Count == 0)
            return null;
        var (ticks, part) = shown.Exists(picture => picture.Pts <= wanted) ? shown.Where(picture => picture.Pts <= wanted).MaxBy(picture => picture.Pts) : shown.MinBy(picture => picture.Pts);

        // A picture that is shown before the key picture it follows in the file needs the key picture before that one.
        var key = index.Fragments.ToList().FindLastIndex(part, part + 1, fragment => fragment.StartsWithKey && fragment.Samples[0].Pts <= ticks);
        if (key < 0)
            return null;
        var (first, last) = (index.Fragments[key], index.Fragments[part]);
        return new(line, ticks, found.From.AddTicks(ticks * TimeSpan.TicksPerSecond / index.Timescale), gaps.Count > 0, index.InitializationLength, first.Offset, last.Offset + last.Length);
    }

    /// <summary>Writes what has to be decoded, with the times that it has in the segment.</summary>
    public async Task WriteAsync(RecordingFolder folder, Stream to, CancellationToken cancellation)
    {
        await using FileStream file = new(folder.FileOf(Line.Segment!.File), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        await CopyAsync(file, 0, InitializationLength, to, cancellation);
        await CopyAsync(file, First, End, to, cancellation);
    }

    private static async Task CopyAsync(FileStream from, long first, long end, Stream to, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        from.Position = first;
        while (from.Position < end && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - from.Position)), cancellation) is > 0 and var count)
            await to.WriteAsync(buffer.AsMemory(0, count), cancellation);
    }
}
