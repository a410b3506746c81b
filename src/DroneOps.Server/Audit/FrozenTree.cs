namespace DroneOps.Server.Audit;

/// <summary>The log's tree at one moment, with its signed head: proofs for many entries, all of which lead to one head.</summary>
/// <param name="tree">A copy that nobody else has.</param>
/// <param name="checkpoint">Its signed head.</param>
/// <param name="readTile">Reads the 256 leaf hashes of a finished tile.</param>
internal sealed class FrozenTree(MerkleTree tree, string checkpoint, Func<long, List<byte[]>> readTile)
{
    private readonly Dictionary<(int Start, int Count), byte[]> _roots = [];
    private (long Tile, List<byte[]> Leaves) _last = (-1, []);

    public long Size => tree.Size;

    /// <summary>The signed head, a C2SP signed note.</summary>
    public string Checkpoint => checkpoint;

    /// <summary>The audit path of an entry, hex, from its sibling up. Entries are best asked for in their order.</summary>
    public IReadOnlyList<string> Prove(long index) => [.. tree.InclusionProof(index, ReadTile, _roots).Select(Convert.ToHexStringLower)];

    /// <summary>That it has grown out of its first entries, hex.</summary>
    public IReadOnlyList<string> ProveGrowth(long from) => [.. tree.ConsistencyProof(from, readTile).Select(Convert.ToHexStringLower)];

    private List<byte[]> ReadTile(long tile)
    {
        if (_last.Tile != tile)
            _last = (tile, readTile(tile));
        return _last.Leaves;
    }
}
