using System.Security.Cryptography;
using DroneOps.Media;
using DroneOps.Media.Mp4;
using DroneOps.Server.Api;

namespace DroneOps.Server.Video.Recording;

/// <summary>Finishes a recording that a crash, or a disk that took no more, left open: each file is cut behind its last complete part, hashed and entered, and the time without
/// pictures is stated.</summary>
internal static class RecordingRecovery
{
    /// <summary>What was cut off is kept beside, with this behind the file's name: it is no part of the recording, and nobody threw it away.</summary>
    public const string RestSuffix = ".rest";

    private const int Chunk = 64 * 1024;

    /// <param name="reason">Why there are no more pictures.</param>
    /// <returns>Pictures in the files that were open.</returns>
    public static async Task<int> FinishAsync(RecordingFolder folder, RecordingBook book, GapReason reason, TimeProvider time, CancellationToken cancellation)
    {
        if (folder.IsClosed)
            return 0;
        var pictures = 0;
        var last = folder.Lines.LastOrDefault(line => line.Segment is not null)?.Segment;
        var until = last?.To ?? folder.Identity.StartedAt;
        for (var number = folder.Segments + 1; File.Exists(folder.FileOf(RecordingFolder.FileName(number))); number++)
        {
            var name = RecordingFolder.FileName(number);
            var path = folder.FileOf(name);
            var index = Scan(path);
            if (index.Fragments.Count == 0)
            {
                File.Move(path, path + RestSuffix, overwrite: true);
                break;
            }

            pictures += index.Fragments.Sum(fragment => fragment.Samples.Count);
            var rest = Cut(path, index.CompleteLength);
            var from = index.Fragments[0].CapturedAt ?? until;
            var to = from.AddTicks(index.Fragments[^1].EndTime * TimeSpan.TicksPerSecond / index.Timescale);
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, Chunk);
            var hash = await SHA256.HashDataAsync(file, cancellation);
            var codec = CodecOf(index);
            var before = last is null || (last.Codec, last.Width, last.Height) == (codec, index.Width, index.Height) ? GapReason.SourceSilent : GapReason.FormatChanged;
            last = new(number, name, from, to, index.CompleteLength, codec, index.Width, index.Height, ClockOffsetMs: 0, rest, [.. Silences(until, before, from, index)]);
            await book.CloseSegmentAsync(folder, last, hash, cancellation);
            until = to;
        }

        var now = time.GetUtcNow();
        RecordingGap[] gaps = now > until ? [new(until, now, reason)] : [];
        await book.CloseAsync(folder, new(now, Actors.System, folder.Segments, gaps) { TrackSha256 = folder.SealTrack() }, cancellation);
        return pictures;
    }

    /// <summary>What is in a file, without reading its pictures.</summary>
    public static FragmentIndex Scan(string path)
    {
        FragmentIndex index = new();
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var buffer = new byte[Chunk];
        while (file.Position < file.Length && index.Problem is null)
        {
            if (Math.Min(index.Skippable, file.Length - file.Position) is > Chunk and var skip)
            {
                index.Skip(skip);
                file.Position += skip;
            }

            var read = file.Read(buffer);
            index.Append(buffer.AsSpan(0, read));
        }

        return index;
    }

    /// <summary>The times without pictures before a file and in it, as the recorder would have stated them when it closed it; what it knew of their reasons is lost with it.</summary>
    private static IEnumerable<RecordingGap> Silences(DateTimeOffset until, GapReason before, DateTimeOffset from, FragmentIndex index)
    {
        if (from - until >= GapWatch.Silence)
            yield return new(until, from, before);
        foreach (var (fragment, next) in index.Fragments.Zip(index.Fragments.Skip(1)))
        {
            var (end, start) = (At(fragment.EndTime), At(next.StartTime));
            if (start - end >= GapWatch.Silence)
                yield return new(end, start, GapReason.SourceSilent);
        }

        DateTimeOffset At(long ticks) => from.AddTicks(ticks * TimeSpan.TicksPerSecond / index.Timescale);
    }

    private static long Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        var rest = file.Length - length;
        if (rest > 0)
        {
            using (var kept = new FileStream(path + RestSuffix, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Position = length;
                file.CopyTo(kept);
                kept.Flush(flushToDisk: true);
            }

            file.SetLength(length);
        }

        file.Flush(flushToDisk: true);
        Durable.Folder(Path.GetDirectoryName(path)!);
        return rest;
    }

    private static string CodecOf(FragmentIndex index) => index is { Codec: VideoCodec.H264, Configuration: { Length: > 3 } configuration }
        ? $"avc1.{Convert.ToHexString(configuration.Span[1..4])}"
        : "hvc1";
}
