using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DroneOps.Server.Audit;

/// <summary>The files behind <see cref="AuditLog"/>: one writer, many readers. What is added becomes visible to readers
/// with <see cref="Flush"/>, when it is on the disk.</summary>
internal sealed partial class AuditFolder : IDisposable
{
    /// <summary>The log's name on its checkpoints.</summary>
    public const string Origin = "droneops/audit";

    /// <summary>Lines are put into files as they are.</summary>
    public static readonly AuditWrite Plain = static (file, lines) => file.Write(lines);

    private readonly string _folder;
    private readonly ECDsa _key;
    private readonly FileStream _lock;
    private readonly MerkleTree _tree;
    private readonly List<(string File, long Offset)> _tiles;
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly List<byte[]> _added = [];
    private readonly Lock _published = new();
    private readonly AuditWrite _write;
    private FileStream? _file;
    private byte[] _last;
    private Durable _durable;
    private long _count;
    private long _signedCount;
    private long _mixedUntilTicks;

    private AuditFolder(string folder, ECDsa key, FileStream held, AuditScan scan, string note, AuditWrite write)
    {
        _folder = folder;
        _key = key;
        _lock = held;
        _write = write;
        _tree = scan.Tree;
        _tiles = [.. scan.Tiles];
        _last = scan.LastHash;
        _count = scan.Count;
        Note = note;
        LastAt = scan.LastAt;
        _mixedUntilTicks = scan.MixedUntil.UtcTicks;
        _signedCount = scan.Checkpoint?.Size ?? 0;
        PublicKey = key.ExportSubjectPublicKeyInfoPem();
        _durable = new(_last, LastAt, _tiles.Count);
    }

    /// <summary>Entries on the disk.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Entries under the newest checkpoint.</summary>
    public long SignedCount => Interlocked.Read(ref _signedCount);

    /// <summary>The time of the newest entry, flushed or not.</summary>
    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The newest time that the clock was set back from: later ones stand in order, earlier ones may stand in two places.</summary>
    public DateTimeOffset MixedUntil => new(Interlocked.Read(ref _mixedUntilTicks), TimeSpan.Zero);

    /// <summary>The newest checkpoint.</summary>
    public string Note { get; private set; }

    public string PublicKey { get; }

    /// <summary>Opens or begins a log.</summary>
    /// <param name="write">Puts lines into a file.</param>
    /// <param name="torn">What was cut off.</param>
    public static AuditFolder Open(string folder, string keyFile, AuditWrite write, out TornTail? torn)
    {
        Directory.CreateDirectory(folder);
        var held = Hold(folder);
        var key = LoadKey(keyFile);
        var noteFile = Path.Combine(folder, AuditFiles.CheckpointName);
        var note = File.Exists(noteFile) ? File.ReadAllText(noteFile) : null;
        var scan = AuditScan.Read(folder, note, key);
        if (scan.Bad is { } bad)
        {
            key.Dispose();
            held.Dispose();
            throw new StartupException($"The audit log in {folder} has been changed: entry {bad.Index}: {bad.Problem}. Move it to a safe place for the auditors before a new one is begun.");
        }

        torn = scan.Torn;
        if (torn is not null)
        {
            using var file = new FileStream(torn.File, FileMode.Open, FileAccess.Write);
            file.SetLength(torn.Offset);
            file.Flush(flushToDisk: true);
        }

        var opened = new AuditFolder(folder, key, held, scan, note ?? "", write);
        var publicKeyFile = Path.Combine(folder, AuditFiles.PublicKeyName);
        if (!File.Exists(publicKeyFile) || File.ReadAllText(publicKeyFile) != opened.PublicKey)
        {
            // Only then: a new file needs room, and a full disk keeps nobody from starting.
            AuditFiles.Replace(publicKeyFile, opened.PublicKey, isSecret: false);
        }

        return opened;
    }

    /// <summary>Adds an entry to what the next <see cref="Flush"/> writes.</summary>
    /// <returns>Its number.</returns>
    public long Add(AuditEntry entry, JsonNode? details, DateTimeOffset at)
    {
        var sequence = _count + _added.Count;
        var bytes = AuditFormat.Encode(entry, details, sequence, at, _last);
        var hash = AuditFormat.LeafHash(bytes);
        if (sequence % AuditFiles.EntriesPerFile == 0)
        {
            Flush();
            _file?.Dispose();
            _file = null;
        }

        _file ??= OpenOrRefuse(sequence);
        if (sequence % MerkleTree.TileLeaves == 0)
        {
            lock (_published)
            {
                _tiles.Add((_file.Name, _file.Length + _lines.WrittenCount));
            }
        }

        AuditFormat.WriteLine(_lines, hash, bytes);
        _added.Add(hash);
        _last = hash;
        if (at < LastAt)
        {
            Interlocked.Exchange(ref _mixedUntilTicks, Math.Max(_mixedUntilTicks, LastAt.UtcTicks));
        }

        LastAt = at;
        return sequence;
    }

    /// <summary>Writes and flushes; then, and only then, the entries count.</summary>
    public void Flush()
    {
        if (_added.Count == 0 || _file is null)
        {
            return;
        }

        var length = _file.Length;
        try
        {
            _write(_file, _lines.WrittenSpan);
        }
        catch (IOException problem) when (FullDisk.Is(problem))
        {
            // Nothing of it was acknowledged: what reached the file is cut off again, and the log stands as it stood.
            _file.SetLength(length);
            _file.Flush(flushToDisk: true);
            Discard();
            throw new AuditFullException(problem);
        }

        _file.Flush(flushToDisk: true);
        _lines.ResetWrittenCount();
        lock (_published)
        {
            foreach (var hash in _added)
            {
                _tree.Append(hash);
            }

            Interlocked.Add(ref _count, _added.Count);
        }

        _added.Clear();
        _durable = new(_last, LastAt, _tiles.Count);
    }

    /// <summary>Forgets what was added since the last flush.</summary>
    public void Discard()
    {
        (_last, LastAt) = (_durable.Last, _durable.LastAt);
        lock (_published)
        {
            _tiles.RemoveRange(_durable.Tiles, _tiles.Count - _durable.Tiles);
        }

        _lines.ResetWrittenCount();
        _added.Clear();
    }

    /// <summary>Signs the head and puts it on the disk, when it has moved.</summary>
    public void WriteCheckpoint()
    {
        if (Note.Length > 0 && SignedCount == _count)
        {
            return;
        }

        var note = Head().Sign(_key);
        AuditFiles.Replace(Path.Combine(_folder, AuditFiles.CheckpointName), note, isSecret: false);
        Note = note;
        Interlocked.Exchange(ref _signedCount, _count);
    }

    public IEnumerable<AuditRecord> Read(long from, long to)
    {
        to = Math.Min(to, Count);
        for (var next = Math.Max(0, from); next < to;)
        {
            var tile = next / MerkleTree.TileLeaves;
            var end = Math.Min(to, (tile + 1) * MerkleTree.TileLeaves);
            var records = ReadTile(tile, (int)(end - (tile * MerkleTree.TileLeaves)));
            for (; next < end; next++)
            {
                yield return records[(int)(next % MerkleTree.TileLeaves)];
            }
        }
    }

    /// <summary>Entries with their bytes, in order.</summary>
    public IEnumerable<(AuditRecord Record, byte[] Entry)> ReadRaw(long from, long to)
    {
        to = Math.Min(to, Count);
        for (var next = Math.Max(0, from); next < to;)
        {
            var tile = next / MerkleTree.TileLeaves;
            var end = Math.Min(to, (tile + 1) * MerkleTree.TileLeaves);
            var records = ReadLines(tile, (int)(end - (tile * MerkleTree.TileLeaves)), (record, entry) => (record, entry));
            for (; next < end; next++)
            {
                yield return records[(int)(next % MerkleTree.TileLeaves)];
            }
        }
    }

    /// <summary>The tree and its signed head as they stand now: many proofs against one head, while the log grows on.</summary>
    public FrozenTree Freeze()
    {
        lock (_published)
        {
            return new FrozenTree(_tree.Copy(), Head().Sign(_key), LeafHashes);
        }
    }

    public AuditProof Prove(long index)
    {
        lock (_published)
        {
            var path = _tree.InclusionProof(index, LeafHashes);
            var leaf = Read(index, index + 1).Single().Hash;
            return new AuditProof(index, _count, leaf, [.. path.Select(Convert.ToHexStringLower)], Head().Sign(_key));
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _key.Dispose();
        _lock.Dispose();
    }

    private static FileStream Hold(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem)
        {
            throw new StartupException($"The audit log in {folder} is being written by another process.", problem);
        }
    }

    private static ECDsa LoadKey(string keyFile)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(keyFile))
        {
            key.ImportFromPem(File.ReadAllText(keyFile));
            return key;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(keyFile)!);
        AuditFiles.Replace(keyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        return key;
    }

    private FileStream OpenOrRefuse(long sequence)
    {
        try
        {
            return OpenFile(sequence);
        }
        catch (IOException problem) when (FullDisk.Is(problem))
        {
            Discard();
            throw new AuditFullException(problem);
        }
    }

    private FileStream OpenFile(long sequence)
    {
        var first = sequence - (sequence % AuditFiles.EntriesPerFile);
        return new FileStream(AuditFiles.EntriesFile(_folder, first), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Where the log stands on the disk.</summary>
    private readonly record struct Durable(byte[] Last, DateTimeOffset LastAt, int Tiles);

    private Checkpoint Head()
    {
        lock (_published)
        {
            return new Checkpoint(Origin, _count, _tree.Root());
        }
    }

    private List<AuditRecord> ReadTile(long tile, int count) => ReadLines(tile, count, (record, _) => record);

    private List<T> ReadLines<T>(long tile, int count, Func<AuditRecord, byte[], T> take)
    {
        (string File, long Offset) at;
        lock (_published)
        {
            at = _tiles[(int)tile];
        }

        using var stream = new FileStream(at.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1 << 16);
        stream.Position = at.Offset;
        var lines = new LineReader(stream);
        var records = new List<T>(count);
        while (records.Count < count && lines.TryRead(out var line, out _, out _) && AuditFormat.TryReadLine(line.Span, out var record, out var entry))
        {
            records.Add(take(record, entry));
        }

        return records.Count == count ? records : throw new InvalidDataException($"The audit log in {_folder} has been changed since it was opened (tile {tile}).");
    }
}

/// <summary>Puts lines at the end of a file; a full disk is an <see cref="IOException"/>.</summary>
internal delegate void AuditWrite(FileStream file, ReadOnlySpan<byte> lines);

/// <summary>That an entry is in the log (RFC 6962 2.1.1).</summary>
/// <param name="Index">The entry's number.</param>
/// <param name="TreeSize">Entries under the head.</param>
/// <param name="LeafHash">Hex.</param>
/// <param name="Hashes">The audit path, hex, from the leaf's sibling up.</param>
/// <param name="Checkpoint">The signed head it leads to.</param>
internal sealed record AuditProof(long Index, long TreeSize, string LeafHash, IReadOnlyList<string> Hashes, string Checkpoint);
