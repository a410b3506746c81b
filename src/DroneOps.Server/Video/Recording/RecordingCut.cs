using System.Buffers;
using DroneOps.Media.Mp4;

namespace DroneOps.Server.Video.Recording;

/// <summary>A stretch of a recording as one MP4 file, without a picture being touched: which bytes of which segments, and the few numbers in them that are
/// other ones there. Nothing is copied for it; <see cref="CutStream"/> reads it.</summary>
/// <remarks>It begins with the last key picture before the wished time. Gaps stay gaps: the time in the file is the time of the recording.</remarks>
internal sealed class RecordingCut
{
    /// <summary>Between two segments the arrival of a picture says by how much they are apart; below this it is a tremble, and they are joined.</summary>
    private static readonly TimeSpan Tremble = TimeSpan.FromMilliseconds(500);

    private RecordingCut(byte[] head, IReadOnlyList<CutPiece> pieces, DateTimeOffset from, DateTimeOffset to)
    {
        (Head, Pieces, From, To) = (head, pieces, from, to);
        Length = pieces is [.., var last] ? last.At + last.Length : head.Length;
    }

    /// <summary>The initialization and the index.</summary>
    public byte[] Head { get; }

    public IReadOnlyList<CutPiece> Pieces { get; }

    /// <summary>The bytes of the file.</summary>
    public long Length { get; }

    /// <summary>When its first picture was taken.</summary>
    public DateTimeOffset From { get; }

    /// <summary>The end of its last one.</summary>
    public DateTimeOffset To { get; }

    /// <summary>From which bytes of which segments it is made.</summary>
    public IReadOnlyList<CutSource> SourcesIn(RecordingFolder folder) =>
        [.. Pieces.GroupBy(piece => piece.Segment).Select(of => new CutSource(
            of.Key, folder.Lines.First(line => line.Segment?.Number == of.Key).Sha256!, of.First().Offset, of.Last().Offset + of.Last().Length - 1))];

    /// <summary>Plans it.</summary>
    /// <param name="folder">The recording; of one that is still written, what is closed.</param>
    public static CutResult Plan(RecordingFolder folder, DateTimeOffset from, DateTimeOffset to)
    {
        List<Found> found = [];
        FragmentIndex? format = null;
        foreach (var segment in folder.Lines.Select(line => line.Segment).OfType<SegmentStatement>().Where(segment => segment.To > from && segment.From < to))
        {
            var index = RecordingRecovery.Scan(folder.FileOf(segment.File));
            if (format is not null && !format.Configuration.Span.SequenceEqual(index.Configuration.Span))
                return new CutResult.FormatChanges(segment.From);
            format = index;
            foreach (var fragment in index.Fragments)
                found.Add(new(segment, fragment, segment.From + Span(fragment.StartTime, index.Timescale), segment.From + Span(fragment.EndTime, index.Timescale)));
        }

        var begin = found.FindLastIndex(one => one.Fragment.StartsWithKey && one.Start <= from);
        if (begin < 0)
            begin = found.FindIndex(one => one.Fragment.StartsWithKey);
        var end = found.FindLastIndex(one => one.Start < to);
        return begin < 0 || end < begin || format is null ? new CutResult.Nothing() : new CutResult.Made(Make(folder, format, found[begin..(end + 1)]));
    }

    private static RecordingCut Make(RecordingFolder folder, FragmentIndex format, List<Found> found)
    {
        var origin = found[0].Start;
        var times = Times(found, format.Timescale);
        var stretches = Stretches(found, times, format.Timescale);
        ArrayBufferWriter<byte> head = new();
        var initialization = new byte[format.InitializationLength];
        using (var file = File.OpenHandle(folder.FileOf(found[0].Segment.File)))
            RandomAccess.Read(file, initialization, 0);
        head.Write(initialization);
        SegmentIndexBox.Write(head, format.Timescale, stretches);

        List<CutPiece> pieces = new(found.Count);
        var at = (long)head.WrittenCount;
        foreach (var (segment, fragment, _, _) in found)
        {
            pieces.Add(new(segment.Number, folder.FileOf(segment.File), fragment.Offset, fragment.Length, at)
            {
                SequenceAt = fragment.SequenceAt - fragment.Offset,
                Sequence = (uint)pieces.Count + 1,
                BaseTimeAt = fragment.BaseTimeAt - fragment.Offset,
                ReferenceTimeAt = fragment.ReferenceTimeAt == 0 ? 0 : fragment.ReferenceTimeAt - fragment.Offset,
                BaseTime = times[pieces.Count],
            });
            at += fragment.Length;
        }

        return new(head.WrittenSpan.ToArray(), pieces, origin, found[^1].End);
    }

    /// <summary>When each fragment begins, in the time of the file: within a segment as far from the one before as there, whatever silence is between.</summary>
    private static long[] Times(List<Found> found, uint timescale)
    {
        var times = new long[found.Count];
        var (end, shift) = (0L, 0L);
        for (var number = 0; number < times.Length; number++)
        {
            var (segment, fragment, start, _) = found[number];
            if (number == 0 || found[number - 1].Segment != segment)
            {
                var stated = (long)((start - found[0].Start).TotalSeconds * timescale);
                shift = (stated - end > Tremble.TotalSeconds * timescale ? stated : end) - fragment.StartTime;
            }

            times[number] = shift + fragment.StartTime;
            end = shift + fragment.EndTime;
        }

        return times;
    }

    /// <summary>What the index lists: groups of pictures, and longer stretches where those are too many.</summary>
    private static List<IndexedStretch> Stretches(List<Found> found, long[] times, uint timescale)
    {
        for (var least = 1L; ; least *= 4)
        {
            List<IndexedStretch> stretches = [];
            foreach (var (fragment, ticks) in found.Select((one, number) => (one.Fragment, Ticks(number))))
            {
                if (stretches is [.., var last] && (!fragment.StartsWithKey || last.Ticks < least * timescale || last.Bytes > int.MaxValue / 2))
                    stretches[^1] = last with { Bytes = last.Bytes + fragment.Length, Ticks = last.Ticks + ticks };
                else
                    stretches.Add(new(fragment.Length, ticks, fragment.StartsWithKey));
            }

            if (stretches.Count <= SegmentIndexBox.Most)
                return stretches;
        }

        // Up to the next fragment, so that a gap is part of what stands before it.
        long Ticks(int number) => number + 1 < found.Count
            ? Math.Max(0, times[number + 1] - times[number])
            : found[number].Fragment.EndTime - found[number].Fragment.StartTime;
    }

    private static TimeSpan Span(long ticks, uint timescale) => TimeSpan.FromTicks(ticks * TimeSpan.TicksPerSecond / timescale);

    private readonly record struct Found(SegmentStatement Segment, Mp4Fragment Fragment, DateTimeOffset Start, DateTimeOffset End);
}

/// <summary>What became of the wish for a stretch.</summary>
internal abstract record CutResult
{
    private CutResult()
    {
    }

    internal sealed record Made(RecordingCut Cut) : CutResult;

    /// <summary>There are no pictures in that time.</summary>
    internal sealed record Nothing : CutResult;

    /// <summary>The pictures have another form from that moment on, and one file has one.</summary>
    internal sealed record FormatChanges(DateTimeOffset At) : CutResult;
}

/// <summary>Bytes of a segment that a cut was made from.</summary>
/// <param name="Segment">Its number.</param>
/// <param name="Sha256">The hash of the whole segment, as in the ledger.</param>
/// <param name="FirstByte">Where in the segment.</param>
/// <param name="LastByte">Up to and with this one.</param>
internal sealed record CutSource(int Segment, string Sha256, long FirstByte, long LastByte);

/// <summary>A fragment of a segment at its place in a cut, with the numbers that are other ones there.</summary>
/// <param name="Segment">The segment's number.</param>
/// <param name="File">The segment's file.</param>
/// <param name="Offset">Where in it.</param>
/// <param name="Length">How much.</param>
/// <param name="At">Where in the cut.</param>
internal sealed record CutPiece(int Segment, string File, long Offset, long Length, long At)
{
    /// <summary>Where its number is, from its beginning.</summary>
    public required long SequenceAt { get; init; }

    public required uint Sequence { get; init; }

    /// <summary>Where its base time is, from its beginning: eight bytes, as the recorder writes them.</summary>
    public required long BaseTimeAt { get; init; }

    /// <summary>Where the media time of its wall clock is; 0 without one.</summary>
    public required long ReferenceTimeAt { get; init; }

    public required long BaseTime { get; init; }
}
