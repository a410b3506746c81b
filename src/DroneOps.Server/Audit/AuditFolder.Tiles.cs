namespace DroneOps.Server.Audit;

/// <summary>The log as a witness or a mirror reads it: growth, and the files of C2SP tlog-tiles, all computed from the entries.</summary>
internal sealed partial class AuditFolder
{
    /// <summary>That the log as it stands has grown out of its first entries.</summary>
    /// <param name="from">Entries of the earlier log, at most <see cref="Count"/>.</param>
    public AuditGrowth ProveGrowth(long from)
    {
        lock (_published)
        {
            var path = _tree.ConsistencyProof(from, LeafHashes);
            return new AuditGrowth(from, _count, [.. path.Select(Convert.ToHexStringLower)], Head().Sign(_key));
        }
    }

    /// <summary>Hashes of a tile, one after the other.</summary>
    /// <param name="level">0 for leaf hashes; each level above holds the roots of 256 times as many leaves.</param>
    /// <param name="index">The tile's number on its level.</param>
    /// <param name="width">Hashes, 1 to 256.</param>
    /// <returns>Null when not all of them are under the newest checkpoint yet.</returns>
    public byte[]? HashTile(int level, long index, int width)
    {
        if (!IsPublished(level, index, width))
        {
            return null;
        }

        lock (_published)
        {
            List<byte[]> hashes = level == 0 ? LeafHashes(index, width) : _tree.UpperTile(level, index, width);
            return [.. hashes.SelectMany(hash => hash)];
        }
    }

    /// <summary>The entries of a tile, each after its length in two bytes, big-endian.</summary>
    /// <returns>Null when not all of them are under the newest checkpoint yet.</returns>
    public byte[]? EntryTile(long index, int width)
    {
        if (!IsPublished(0, index, width))
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var entry in ReadLines(index, width, (_, entry) => entry))
        {
            bytes.Add((byte)(entry.Length >> 8));
            bytes.Add((byte)entry.Length);
            bytes.AddRange(entry);
        }

        return [.. bytes];
    }

    private bool IsPublished(int level, long index, int width)
    {
        if (level is < 0 or > 5 || index < 0 || index > long.MaxValue >> 48 || width is < 1 or > MerkleTree.TileLeaves)
        {
            return false;
        }

        var leavesEach = 1L << (8 * level);
        return ((index * MerkleTree.TileLeaves) + width) * leavesEach <= Interlocked.Read(ref _signedCount);
    }

    private List<byte[]> LeafHashes(long tile) => LeafHashes(tile, MerkleTree.TileLeaves);

    private List<byte[]> LeafHashes(long tile, int count) => ReadLines(tile, count, (record, _) => Convert.FromHexString(record.Hash));
}

/// <summary>That a log has only grown (RFC 6962 2.1.2).</summary>
/// <param name="From">Entries of the earlier log.</param>
/// <param name="TreeSize">Entries under the head.</param>
/// <param name="Hashes">The consistency proof, hex.</param>
/// <param name="Checkpoint">The signed head that it leads to.</param>
internal sealed record AuditGrowth(long From, long TreeSize, IReadOnlyList<string> Hashes, string Checkpoint);
