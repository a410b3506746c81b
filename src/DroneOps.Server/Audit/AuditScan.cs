using System.Security.Cryptography;

namespace DroneOps.Server.Audit;

/// <summary>Reads a whole log in order and checks it: every hash, every link to the entry before, every number, the
/// signed checkpoint. Used by the server when it starts and by <c>droneops audit verify</c>, which needs nothing else.</summary>
internal sealed class AuditScan
{
    private readonly List<(string File, long Offset)> _tiles = [];
    private byte[] _last = AuditFormat.Genesis;

    private AuditScan()
    {
    }

    /// <summary>The first entry that is wrong, and why; null when all is well.</summary>
    public BadEntry? Bad { get; private set; }

    /// <summary>Bytes after the last whole line of the last file: what a crash cut off, never acknowledged to anyone.</summary>
    public TornTail? Torn { get; private set; }

    /// <summary>The tree over all good entries.</summary>
    public MerkleTree Tree { get; } = new();

    public long Count => Tree.Size;

    /// <summary>The last good entry's hash.</summary>
    public byte[] LastHash => _last;

    /// <summary>Where each tile of 256 entries begins.</summary>
    public IReadOnlyList<(string File, long Offset)> Tiles => _tiles;

    /// <summary>The checkpoint that was checked, if there was one.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>Reads and checks the log in a folder.</summary>
    /// <param name="folder">The folder of the entry files.</param>
    /// <param name="note">A signed checkpoint the log must agree with, or null.</param>
    /// <param name="key">The log's public key; null when there is no note.</param>
    public static AuditScan Read(string folder, string? note, ECDsa? key)
    {
        var scan = new AuditScan();
        if (note is not null && key is not null)
        {
            scan.Checkpoint = Audit.Checkpoint.Open(note, key, out var problem);
            if (scan.Checkpoint is null)
            {
                scan.Bad = new BadEntry(0, $"the checkpoint cannot be trusted: {problem}");
                return scan;
            }
        }

        scan.CheckRoot();
        var files = AuditFiles.EntryFiles(folder);
        for (var i = 0; i < files.Count && scan.Bad is null; i++)
        {
            scan.ReadFile(files[i], isLast: i == files.Count - 1);
        }

        if (scan.Bad is null && scan.Checkpoint is { } head && head.Size > scan.Count)
        {
            scan.Bad = new BadEntry(scan.Count, $"it is missing: the signed checkpoint covers {head.Size} entries, the log has {scan.Count}");
        }

        return scan;
    }

    private void ReadFile(string file, bool isLast)
    {
        if (Path.GetFileName(AuditFiles.EntriesFile("", Count)) != Path.GetFileName(file))
        {
            Bad = new BadEntry(Count, $"it is missing: the next file is {Path.GetFileName(file)}");
            return;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        var lines = new LineReader(stream);
        while (Bad is null && lines.TryRead(out var line, out var offset, out var isWhole))
        {
            // Zeros: the file had grown, and the power went before its blocks were written.
            if (isLast && (!isWhole || line.Span.Contains((byte)0)))
            {
                Torn = new TornTail(file, offset, stream.Length - offset);
                return;
            }

            Add(file, offset, line.Span, isWhole);
        }
    }

    private void Add(string file, long offset, ReadOnlySpan<byte> line, bool isWhole)
    {
        var index = Count;
        if (!isWhole || !AuditFormat.TryReadLine(line, out var record, out var entry))
        {
            Bad = new BadEntry(index, "it cannot be read");
            return;
        }

        var hash = AuditFormat.LeafHash(entry);
        Bad = record switch
        {
            _ when record.Hash != Convert.ToHexStringLower(hash) => new BadEntry(index, "its hash does not match its content"),
            _ when record.Sequence != index => new BadEntry(index, $"in its place stands an entry with number {record.Sequence}"),
            _ when record.PreviousHash != Convert.ToHexStringLower(_last) => new BadEntry(index, "it does not follow from the entry before it"),
            _ => null,
        };
        if (Bad is not null)
        {
            return;
        }

        if (index % MerkleTree.TileLeaves == 0)
        {
            _tiles.Add((file, offset));
        }

        Tree.Append(hash);
        _last = hash;
        CheckRoot();
    }

    private void CheckRoot()
    {
        if (Checkpoint is { } head && head.Size == Count && !head.Root.AsSpan().SequenceEqual(Tree.Root()))
        {
            Bad = new BadEntry(Math.Max(0, Count - 1), "up to it the log is not the one that the checkpoint signs: it was written anew");
        }
    }
}

/// <param name="Index">Its number, from 0.</param>
/// <param name="Problem">What is wrong, as the end of a sentence that begins with the entry.</param>
internal sealed record BadEntry(long Index, string Problem);

/// <param name="File">The last entry file.</param>
/// <param name="Offset">Where the unfinished line begins.</param>
/// <param name="Bytes">How much there is of it.</param>
internal sealed record TornTail(string File, long Offset, long Bytes);
