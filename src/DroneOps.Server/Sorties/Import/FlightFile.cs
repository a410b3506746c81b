using System.Buffers;
using System.Security.Cryptography;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Sorties.Import;

/// <summary>A file of flights on the disk, with its hash.</summary>
/// <param name="Name">What it was called where it came from.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="IsOurs">It was put there for this import and may be moved away.</param>
internal sealed record FlightFile(string Name, string Path, FlightFormat Format, string Sha256, long Bytes, bool IsOurs) : IDisposable
{
    /// <summary>More than this is not taken as a table or as tracks: some 600,000 flights, or a million points.</summary>
    public const long MostTextBytes = 128L * 1024 * 1024;

    /// <summary>More than this is not taken as a telemetry log.</summary>
    public const long MostLogBytes = 4L * 1024 * 1024 * 1024;

    private const int PieceBytes = 64 * 1024;
    private const string Incoming = ".incoming-";
    private const int LongestName = 200;

    /// <summary>How large a file may be.</summary>
    public static long MostBytes(FlightFormat format) => format == FlightFormat.Tlog ? MostLogBytes : MostTextBytes;

    /// <summary>What is said of one that is larger.</summary>
    public static string TooLarge(FlightFormat format) => $"A .{format.ToString().ToLowerInvariant()} of flights is at most {MostBytes(format) / (1024 * 1024)} MiB; divide it.";

    /// <summary>The format that a name's ending says; null when it says none.</summary>
    public static FlightFormat? FormatOf(string name) => System.IO.Path.GetExtension(name).ToUpperInvariant() switch
    {
        ".CSV" or ".TSV" or ".TXT" => FlightFormat.Csv,
        ".GPX" => FlightFormat.Gpx,
        ".TLOG" => FlightFormat.Tlog,
        _ => null,
    };

    /// <summary>A file that lies somewhere; it stays there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<FlightFile> AtAsync(string path, FlightFormat format, CancellationToken cancellation)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, PieceBytes, useAsync: true);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
        return new(System.IO.Path.GetFileName(path), path, format, sha256, stream.Length, false);
    }

    /// <summary>Puts what comes in on the disk, hashing it as it passes: it is never in memory.</summary>
    /// <returns>Null when it is too large.</returns>
    public static async Task<FlightFile?> TakeAsync(Stream from, string name, FlightFormat format, DataFolder data, CancellationToken cancellation)
    {
        var path = System.IO.Path.Combine(data.Sub(SortieImport.Folder), $"{Incoming}{Guid.NewGuid():n}");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var isWhole = false;
        var bytes = 0L;
        try
        {
            await using (var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, useAsync: true))
            {
                int read;
                while ((read = await from.ReadAsync(piece, cancellation)) > 0)
                {
                    if ((bytes += read) > MostBytes(format))
                        return null;
                    hash.AppendData(piece, 0, read);
                    await to.WriteAsync(piece.AsMemory(0, read), cancellation);
                }
            }

            isWhole = true;
            var safe = System.IO.Path.GetFileName(name);
            return new(safe[..Math.Min(safe.Length, LongestName)], path, format, Convert.ToHexStringLower(hash.GetHashAndReset()), bytes, true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            if (!isWhole)
                File.Delete(path);
        }
    }

    /// <summary>What a kill left of uploads.</summary>
    public static void ForgetUploads(DataFolder data)
    {
        foreach (var left in Directory.EnumerateFiles(data.Sub(SortieImport.Folder), $"{Incoming}*"))
            File.Delete(left);
    }

    public FileStream OpenRead() => new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Keeps the file among the originals, once.</summary>
    public void Keep(DataFolder data)
    {
        var kept = System.IO.Path.Combine(data.Sub(SortieImport.Folder), SortieImport.StoredName(Sha256, Format));
        if (File.Exists(kept))
            return;
        if (IsOurs)
        {
            File.Move(Path, kept);
            return;
        }

        // Under its own name only when it is whole.
        var part = System.IO.Path.Combine(data.Sub(SortieImport.Folder), $"{Incoming}{Guid.NewGuid():n}");
        File.Copy(Path, part);
        File.Move(part, kept);
    }

    public void Dispose()
    {
        if (IsOurs)
            File.Delete(Path);
    }
}
