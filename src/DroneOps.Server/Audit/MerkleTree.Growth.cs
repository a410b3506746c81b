using System.Numerics;

namespace DroneOps.Server.Audit;

/// <summary>That a later tree has grown out of an earlier one (RFC 6962 2.1.2), and the hashes of its tiles.</summary>
internal sealed partial class MerkleTree
{
    /// <summary>The proof that the first <paramref name="first"/> leaves of this tree are those of the tree of that size.</summary>
    /// <param name="first">The earlier size, at most <see cref="Size"/>.</param>
    /// <param name="readTile">Reads the 256 leaf hashes of a finished tile.</param>
    public List<byte[]> ConsistencyProof(long first, Func<long, List<byte[]>> readTile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Size);
        var proof = new List<byte[]>();
        if (first > 0)
        {
            SubProof(first, 0, Size, isWhole: true, readTile, proof);
        }

        return proof;
    }

    /// <summary>Checks that a tree has only grown (RFC 9162 2.1.4.2); what a witness does before it signs.</summary>
    public static bool IsGrowth(long first, byte[] firstRoot, long second, byte[] secondRoot, IReadOnlyList<byte[]> proof)
    {
        if (first < 0 || first > second)
        {
            return false;
        }

        if (first == 0 || first == second)
        {
            return proof.Count == 0 && (first == 0 || firstRoot.AsSpan().SequenceEqual(secondRoot));
        }

        // A perfect earlier tree is a node of the later one, so its root is not repeated in the proof.
        var path = BitOperations.IsPow2(first) ? [firstRoot, .. proof] : proof;
        if (path.Count == 0)
        {
            return false;
        }

        var (node, last) = (first - 1, second - 1);
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        var (earlier, later) = (path[0], path[0]);
        foreach (var hash in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                earlier = Node(hash, earlier);
                later = Node(hash, later);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                later = Node(later, hash);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && earlier.AsSpan().SequenceEqual(firstRoot) && later.AsSpan().SequenceEqual(secondRoot);
    }

    /// <summary>The hashes of a tile above the leaves (C2SP tlog-tiles): the roots of full subtrees of 256^level leaves.</summary>
    /// <param name="level">1 or more.</param>
    /// <param name="index">The tile's number on that level.</param>
    /// <param name="width">Hashes wanted, 1 to 256; all of their subtrees are full.</param>
    public List<byte[]> UpperTile(int level, long index, int width)
    {
        var step = 1L << (8 * (level - 1));
        return [.. Enumerable.Range(0, width).Select(at => Root(_tiles, (int)(((index * TileLeaves) + at) * step), (int)step))];
    }

    private void SubProof(long first, long start, long count, bool isWhole, Func<long, List<byte[]>> readTile, List<byte[]> proof)
    {
        if (first == count)
        {
            if (!isWhole)
            {
                proof.Add(RangeRoot(start, count, readTile));
            }

            return;
        }

        var left = LargestPowerBelow(count);
        if (first <= left)
        {
            SubProof(first, start, left, isWhole, readTile, proof);
            proof.Add(RangeRoot(start + left, count - left, readTile));
        }
        else
        {
            SubProof(first - left, start + left, count - left, isWhole: false, readTile, proof);
            proof.Add(RangeRoot(start, left, readTile));
        }
    }

    // The ranges of a proof lie within one tile, or begin where a tile begins.
    private byte[] RangeRoot(long start, long count, Func<long, List<byte[]>> readTile)
    {
        var tile = start / TileLeaves;
        if (count % TileLeaves == 0 && BitOperations.IsPow2(count))
        {
            return Root(_tiles, (int)tile, (int)(count / TileLeaves));
        }

        if (count > TileLeaves)
        {
            var left = LargestPowerBelow(count);
            return Node(RangeRoot(start, left, readTile), RangeRoot(start + left, count - left, readTile));
        }

        return Root(tile < _tiles.Count ? readTile(tile) : _tail, (int)(start % TileLeaves), (int)count);
    }

    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
