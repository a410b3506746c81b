using System.Security.Cryptography;

namespace DroneOps.Server.Audit;

/// <summary>Reads a whole log in order and checks it: every hash, every link to the entry before, every number, the
/// signed checkpoint. Used by the server when it starts and by <c>droneops audit verify</c>, which needs nothing else.</summary>
internal sealed class AuditScan
{
    private readonly List<(string File, long Offset)> _tiles = [];
    private static readonly TimeSpan LongestUnsigned = TimeSpan.FromMinutes(1);
    private ILookup<long, KeptHead> _kept = Enumerable.Empty<KeptHead>().ToLookup(head => head.Head.Size);
    private long _agreed;
    private DateTimeOffset _firstUnsignedAt = DateTimeOffset.MaxValue;
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

    /// <summary>The newest good entry's time.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>See <see cref="AuditFolder.MixedUntil"/>.</summary>
    public DateTimeOffset MixedUntil { get; private set; }

    /// <summary>How often the clock was set back, by the log's own word.</summary>
    public int ClockSteps { get; private set; }

    /// <summary>Reads and checks the log in a folder.</summary>
    /// <param name="folder">The folder of the entry files.</param>
    /// <param name="note">A signed checkpoint the log must agree with, or null.</param>
    /// <param name="key">The log's public key; null when there is no note.</param>
    /// <param name="kept">Heads that were kept elsewhere (earlier checkpoints, a witness's), their signatures checked.</param>
    public static AuditScan Read(string folder, string? note, ECDsa? key, params IReadOnlyList<KeptHead> kept) => Read(AuditFiles.EntryFiles(folder), note, key, kept);

    /// <summary>The same for a log that is written on: no further than its files reached.</summary>
    public static AuditScan Read(IReadOnlyList<EntryFile> files, string? note, ECDsa? key, params IReadOnlyList<KeptHead> kept)
    {
        var scan = new AuditScan { _kept = kept.ToLookup(head => head.Head.Size) };
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
        for (var i = 0; i < files.Count && scan.Bad is null; i++)
        {
            scan.ReadFile(files[i], isLast: i == files.Count - 1);
        }

        if (scan.Bad is null && scan.Checkpoint is { } head && head.Size > scan.Count)
        {
            scan.Bad = new BadEntry(scan.Count, $"it is missing: the signed checkpoint covers {head.Size} entries, the log has {scan.Count}");
        }

        if (scan.Bad is null && kept.Where(head => head.Head.Size > scan.Count).MaxBy(head => head.Head.Size) is { } longer)
        {
            scan.Bad = new BadEntry(scan.Count, $"it is missing: {longer.Name} covers {longer.Head.Size} entries, the log has {scan.Count}"
                + (scan.Checkpoint is null ? "" : " and shows an old checkpoint in place of the newest"));
        }

        return scan;
    }

    /// <summary>Whether the entries after the checkpoint go on for so long that a newer one must have been taken away: it is signed every ten seconds.</summary>
    public bool IsCheckpointOutdated => Checkpoint is not null && LastAt - _firstUnsignedAt > LongestUnsigned;

    private void ReadFile(EntryFile entries, bool isLast)
    {
        var file = entries.Path;
        if (Path.GetFileName(AuditFiles.EntriesFile("", Count)) != Path.GetFileName(file))
        {
            Bad = new BadEntry(Count, $"it is missing: the next file is {Path.GetFileName(file)}");
            return;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        var lines = new LineReader(stream, entries.Length);
        while (Bad is null && lines.TryRead(out var line, out var offset, out var isWhole))
        {
            // Zeros: the file had grown, and the power went before its blocks were written.
            if (isLast && (!isWhole || line.Span.Contains((byte)0)))
            {
                Torn = new TornTail(file, offset, entries.Length - offset);
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
            _ when record.At < LastAt && record.Action != AuditFormat.ClockSteppedBack => new BadEntry(index, "it is dated back: it claims to be older than the entry before it"),
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

        if (index == (Checkpoint?.Size ?? 0))
        {
            _firstUnsignedAt = record.At;
        }

        if (record.Action == AuditFormat.ClockSteppedBack)
        {
            ClockSteps++;
            MixedUntil = LastAt > MixedUntil ? LastAt : MixedUntil;
        }

        Tree.Append(hash);
        _last = hash;
        LastAt = record.At;
        CheckRoot();
    }

    private void CheckRoot()
    {
        if (Checkpoint is { } head && head.Size == Count && !head.Root.AsSpan().SequenceEqual(Tree.Root()))
        {
            Bad = new BadEntry(Math.Max(0, Count - 1), "up to it the log is not the one that the checkpoint signs: it was written anew");
            return;
        }

        foreach (var kept in _kept[Count])
        {
            if (!kept.Head.Root.AsSpan().SequenceEqual(Tree.Root()))
            {
                var since = _agreed == 0 ? "up to it" : $"between entry {_agreed} and it";
                Bad = new BadEntry(Math.Max(0, Count - 1), $"{since} the log is another than the one that {kept.Name} vouches for: there are two versions (a fork)");
                return;
            }

            _agreed = Count;
        }
    }
}

/// <summary>A head of the log from somewhere that the log's keeper cannot reach.</summary>
/// <param name="Name">Where it comes from, as the subject of a sentence.</param>
/// <param name="Head">The head.</param>
internal sealed record KeptHead(string Name, Checkpoint Head);

/// <param name="Index">Its number, from 0.</param>
/// <param name="Problem">What is wrong, as the end of a sentence that begins with the entry.</param>
internal sealed record BadEntry(long Index, string Problem);

/// <param name="File">The last entry file.</param>
/// <param name="Offset">Where the unfinished line begins.</param>
/// <param name="Bytes">How much there is of it.</param>
internal sealed record TornTail(string File, long Offset, long Bytes);
