using System.Security.Cryptography;
using System.Text;

namespace DroneOps.Server.Video.Recording;

/// <summary>The check of a recording's files against its ledger. Needs nothing but the folder, so that whoever was given one can do it.</summary>
/// <param name="Segments">Segments that are right, from the first on.</param>
/// <param name="IsClosed">Whether the recording says that it ends.</param>
/// <param name="FirstBad">The number of the first segment that is not right; 0 where the recording itself is not; null when all is right.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Chain">The last link, hex.</param>
/// <param name="Lines">The lines that are right.</param>
internal sealed record RecordingVerification(int Segments, bool IsClosed, int? FirstBad, string? Problem, string? Chain, IReadOnlyList<LedgerLine> Lines)
{
    /// <summary>Whether its pictures were deleted when their time was over: then the ledger alone is checked, and the audit log says what went.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Checks all of it.</summary>
    /// <param name="path">The recording's folder.</param>
    /// <param name="mayBeOpen">Whether it may still be written: then it has no end yet, and files behind the ledger.</param>
    public static async Task<RecordingVerification> CheckAsync(string path, bool mayBeOpen, CancellationToken cancellation)
    {
        var lines = new List<LedgerLine>();
        var identityFile = Path.Combine(path, RecordingLedger.IdentityName);
        var ledgerFile = Path.Combine(path, RecordingLedger.LedgerName);
        if (!File.Exists(identityFile) || !File.Exists(ledgerFile))
            return Bad(0, $"{(File.Exists(identityFile) ? RecordingLedger.LedgerName : RecordingLedger.IdentityName)} is missing");
        var identity = await File.ReadAllBytesAsync(identityFile, cancellation);
        try
        {
            _ = RecordingFolder.IdentityOf(identity);
        }
        catch (InvalidDataException problem)
        {
            return Bad(0, problem.Message.TrimEnd('.'));
        }

        var isDeleted = File.Exists(Path.Combine(path, RecordingFolder.TombstoneName));
        var link = SHA256.HashData(identity);
        var text = Encoding.UTF8.GetString(await ReadSharedAsync(ledgerFile, cancellation));
        foreach (var one in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var number = lines.Count + 1;
            if (lines is [.., { Closing: not null }])
                return Bad(number, "the ledger goes on behind its end");
            if (RecordingLedger.Read(one, out var statement) is not { } line)
                return Bad(number, "its line in the ledger cannot be read");
            byte[] hash = [];
            if (line.Segment is { } segment)
            {
                if (segment.Number != number || segment.File != RecordingFolder.FileName(number))
                    return Bad(number, $"the ledger has segment {segment.Number} in its place");
                var file = Path.Combine(path, segment.File);
                if (!isDeleted && !File.Exists(file))
                    return Bad(number, $"{segment.File} is missing");
                if (isDeleted)
                {
                    hash = Convert.FromHexString(line.Sha256!);
                }
                else
                {
                    await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024);
                    if (stream.Length != segment.Bytes)
                        return Bad(number, $"{segment.File} has {stream.Length} bytes and was closed with {segment.Bytes}");
                    hash = await SHA256.HashDataAsync(stream, cancellation);
                }

                if (Convert.ToHexStringLower(hash) != line.Sha256)
                    return Bad(number, $"{segment.File} is not what was recorded: its hash differs");
            }
            else if (line.Closing!.Segments != lines.Count)
            {
                return Bad(number, $"the recording was closed with {line.Closing.Segments} segments");
            }
            else if (line.Closing.TrackSha256 is { } track && await HashAsync(Path.Combine(path, RecordingFolder.TrackName), cancellation) != track)
            {
                return Bad(number, $"{RecordingFolder.TrackName} is not what was noted: its hash differs, or it is missing");
            }

            link = RecordingLedger.Link(link, hash, statement);
            if (Convert.ToHexStringLower(link) != line.Chain)
                return Bad(number, "what the ledger says of it was changed, or what stands before it: the chain does not fit");
            lines.Add(line);
        }

        var isClosed = lines is [.., { Closing: not null }];
        var segments = lines.Count(line => line.Segment is not null);
        if (!isClosed && !mayBeOpen)
            return Bad(segments + 1, "the end of the ledger is missing");
        if (!mayBeOpen && Directory.EnumerateFiles(path, "*.mp4").Count() is var files && files != (isDeleted ? 0 : segments))
            return Bad(segments + 1, $"there are {files} files and {(isDeleted ? "none should be left" : $"{segments} segments")}");
        return new(segments, isClosed, null, null, Convert.ToHexStringLower(link), lines) { IsDeleted = isDeleted };

        RecordingVerification Bad(int number, string problem) =>
            new(lines.Count(line => line.Segment is not null), false, number, problem, lines is [.., var last] ? last.Chain : null, lines);
    }

    private static async Task<string?> HashAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            return null;
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    private static async Task<byte[]> ReadSharedAsync(string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }
}
