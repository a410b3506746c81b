using System.Globalization;

namespace DroneOps.Server.Audit;

/// <summary>The files of a log in one folder: <c>entries-SEQUENCE.log</c> (named by their first entry), the newest
/// signed <c>checkpoint</c>, and <c>public-key.pem</c> to check it with.</summary>
internal static class AuditFiles
{
    public const string CheckpointName = "checkpoint";
    public const string PublicKeyName = "public-key.pem";
    public const string VerifierName = "verify.html";

    /// <summary>Entries per file; a multiple of the tile, so that a tile never straddles two files.</summary>
    public const int EntriesPerFile = MerkleTree.TileLeaves * 256;

    public static string EntriesFile(string folder, long firstSequence) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"entries-{firstSequence:D12}.log"));

    /// <summary>The file of the newest checkpoint that a witness has cosigned.</summary>
    public static string WitnessFile(string name) => $"witness-{name}.checkpoint";

    /// <summary>The notes of all witnesses.</summary>
    public static IReadOnlyList<string> WitnessFiles(string folder) => [.. Directory.EnumerateFiles(folder, WitnessFile("*")).Order(StringComparer.Ordinal)];

    /// <summary>The entry files in order, as far as they reach now.</summary>
    public static IReadOnlyList<EntryFile> EntryFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder, "entries-*.log").Order(StringComparer.Ordinal).Select(path => new EntryFile(path, new FileInfo(path).Length))];

    /// <summary>Puts the page that checks a log in any browser, without network or program, beside the log.</summary>
    public static void WriteVerifier(string folder)
    {
        using var page = typeof(AuditFiles).Assembly.GetManifestResourceStream("audit-verify.html")!;
        using var file = new FileStream(Path.Combine(folder, VerifierName), FileMode.Create, FileAccess.Write, FileShare.None);
        page.CopyTo(file);
    }

    /// <summary>Writes a small file whole or not at all: a temporary one, flushed, renamed over the old.</summary>
    /// <param name="isSecret">Readable by the service's own account only.</param>
    public static void Replace(string path, string text, bool isSecret)
    {
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}

/// <summary>A file of entries.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">How far it reached when it was looked at.</param>
internal sealed record EntryFile(string Path, long Length);
