using System.Numerics;
using System.Security.Cryptography;

namespace DroneOps.Server.Audit;

/// <summary>The Merkle tree of RFC 6962 2.1, growing at its right edge. It keeps one hash for every 256 leaves (a full
/// level-0 tile of C2SP tlog-tiles) and the leaves of the last, unfinished tile; older leaves are read again from the
/// log when a proof needs them.</summary>
/// <remarks>Not thread-safe; owner: the audit writer, or the verifier.</remarks>
internal sealed partial class MerkleTree
{
    public const int TileLeaves = 256;

    private readonly List<byte[]> _tiles = [];
    private readonly List<byte[]> _tail = new(TileLeaves);

    /// <summary>Leaves so far.</summary>
    public long Size => ((long)_tiles.Count * TileLeaves) + _tail.Count;

    public void Append(byte[] leafHash)
    {
        _tail.Add(leafHash);
        if (_tail.Count == TileLeaves)
        {
            _tiles.Add(Root(_tail));
            _tail.Clear();
        }
    }

    /// <summary>The same tree, which does not grow with this one.</summary>
    public MerkleTree Copy()
    {
        var copy = new MerkleTree();
        copy._tiles.AddRange(_tiles);
        copy._tail.AddRange(_tail);
        return copy;
    }

    /// <summary>The root of everything so far; SHA-256 of nothing for the empty tree.</summary>
    public byte[] Root()
    {
        if (_tiles.Count == 0)
        {
            return Root(_tail);
        }

        // A full tile is a perfect subtree, so above the tiles the tree has the shape of a tree of tiles.
        return _tail.Count == 0 ? Root(_tiles) : Root([.. _tiles, Root(_tail)]);
    }

    /// <summary>The audit path of a leaf (RFC 6962 2.1.1), from the leaf's sibling up.</summary>
    /// <param name="index">The leaf, below <see cref="Size"/>.</param>
    /// <param name="readTile">Reads the 256 leaf hashes of a finished tile.</param>
    public List<byte[]> InclusionProof(long index, Func<long, List<byte[]>> readTile)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var tile = index / TileLeaves;
        var leaves = tile < _tiles.Count ? readTile(tile) : _tail;
        var path = new List<byte[]>();
        Path((int)(index % TileLeaves), leaves, path);
        Path((int)tile, Tops(), path);
        return path;
    }

    /// <summary>The same path, where many are asked for: the roots above the tiles are kept from one to the next.</summary>
    /// <param name="roots">The caller's, empty at first; of this tree at this size.</param>
    public List<byte[]> InclusionProof(long index, Func<long, List<byte[]>> readTile, Dictionary<(int Start, int Count), byte[]> roots)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        var tile = index / TileLeaves;
        var path = new List<byte[]>();
        Path((int)(index % TileLeaves), tile < _tiles.Count ? readTile(tile) : _tail, path);
        var tops = Tops();
        Above((int)tile, 0, tops.Count);
        return path;

        void Above(int at, int start, int count)
        {
            if (count == 1)
                return;
            var left = LargestPowerBelow(count);
            Above(at < left ? at : at - left, at < left ? start : start + left, at < left ? left : count - left);
            path.Add(at < left ? RootOf(start + left, count - left) : RootOf(start, left));
        }

        byte[] RootOf(int start, int count)
        {
            if (count == 1)
                return tops[start];
            if (roots.TryGetValue((start, count), out var known))
                return known;
            var left = LargestPowerBelow(count);
            return roots[(start, count)] = Node(RootOf(start, left), RootOf(start + left, count - left));
        }
    }

    /// <summary>Recomputes the root from a leaf and its path (RFC 9162 2.1.3.2); the check an auditor does.</summary>
    public static byte[]? RootFromProof(long index, long size, byte[] leafHash, IReadOnlyList<byte[]> path)
    {
        var (node, last, hash) = (index, size - 1, leafHash);
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return null;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = Node(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 ? hash : null;
    }

    private List<byte[]> Tops() => _tail.Count == 0 ? _tiles : [.. _tiles, Root(_tail)];

    private static byte[] Root(List<byte[]> nodes) => nodes.Count == 0 ? SHA256.HashData([]) : Root(nodes, 0, nodes.Count);

    private static byte[] Root(List<byte[]> nodes, int start, int count)
    {
        if (count == 1)
        {
            return nodes[start];
        }

        var left = LargestPowerBelow(count);
        return Node(Root(nodes, start, left), Root(nodes, start + left, count - left));
    }

    private static void Path(int index, List<byte[]> nodes, List<byte[]> path) => Path(index, nodes, 0, nodes.Count, path);

    private static void Path(int index, List<byte[]> nodes, int start, int count, List<byte[]> path)
    {
        if (count == 1)
        {
            return;
        }

        var left = LargestPowerBelow(count);
        if (index < left)
        {
            Path(index, nodes, start, left, path);
            path.Add(Root(nodes, start + left, count - left));
        }
        else
        {
            Path(index - left, nodes, start + left, count - left, path);
            path.Add(Root(nodes, start, left));
        }
    }

    private static int LargestPowerBelow(int count) => 1 << BitOperations.Log2((uint)(count - 1));

    private static byte[] Node(byte[] left, byte[] right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * AuditFormat.HashBytes)];
        bytes[0] = 0x01;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + AuditFormat.HashBytes)..]);
        return SHA256.HashData(bytes);
    }
}
