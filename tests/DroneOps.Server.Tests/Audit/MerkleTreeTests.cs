using DroneOps.Server.Audit;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Audit;

public sealed class MerkleTreeTests
{
    // The leaves and roots that the Certificate Transparency implementations test against.
    private static readonly string[] Leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void The_root_is_that_of_the_certificate_transparency_vectors(int size, string root)
    {
        var tree = new MerkleTree();
        foreach (var leaf in Leaves.Take(size))
        {
            tree.Append(AuditFormat.LeafHash(Convert.FromHexString(leaf)));
        }

        Assert.Equal(root, Convert.ToHexStringLower(tree.Root()));
    }

    [Property(MaxTest = 60)]
    public void Every_leaf_of_every_tree_is_proven_and_no_other_is(ushort leaves, ushort pick)
    {
        var size = 1 + (leaves % 1500);
        var index = pick % size;
        var all = Enumerable.Range(0, size).Select(number => AuditFormat.LeafHash(BitConverter.GetBytes(number))).ToList();
        var tree = new MerkleTree();
        all.ForEach(tree.Append);
        var path = tree.InclusionProof(index, tile => all.GetRange((int)tile * MerkleTree.TileLeaves, MerkleTree.TileLeaves));
        Assert.Equal(tree.Root(), MerkleTree.RootFromProof(index, size, all[index], path));
        Assert.NotEqual(tree.Root(), MerkleTree.RootFromProof(index, size, AuditFormat.LeafHash("other"u8), path));
        if (size > 1)
        {
            Assert.NotEqual(tree.Root(), MerkleTree.RootFromProof((index + 1) % size, size, all[index], path));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void The_proof_of_growth_is_that_of_the_certificate_transparency_vectors(int first, int second, params string[] proof)
    {
        var (earlier, later) = (new MerkleTree(), new MerkleTree());
        foreach (var leaf in Leaves.Take(second).Select(leaf => AuditFormat.LeafHash(Convert.FromHexString(leaf))))
        {
            later.Append(leaf);
            if (later.Size <= first)
            {
                earlier.Append(leaf);
            }
        }

        var made = later.ConsistencyProof(first, _ => throw new InvalidOperationException("All leaves are in the last tile."));
        Assert.Equal(proof, made.Select(Convert.ToHexStringLower));
        Assert.True(MerkleTree.IsGrowth(first, earlier.Root(), second, later.Root(), made));
    }

    [Property(MaxTest = 80)]
    public void Growth_is_proven_from_every_earlier_size_and_no_other_history_passes(ushort leaves, ushort pick, ushort changed)
    {
        var size = 1 + (leaves % 2500);
        var first = 1 + (pick % size);
        var all = Enumerable.Range(0, size).Select(number => AuditFormat.LeafHash(BitConverter.GetBytes(number))).ToList();
        var (earlier, later, other) = (new MerkleTree(), new MerkleTree(), new MerkleTree());
        all.ForEach(later.Append);
        all.GetRange(0, first).ForEach(earlier.Append);
        var proof = later.ConsistencyProof(first, tile => all.GetRange((int)tile * MerkleTree.TileLeaves, MerkleTree.TileLeaves));
        Assert.True(MerkleTree.IsGrowth(first, earlier.Root(), size, later.Root(), proof));

        all[changed % first] = AuditFormat.LeafHash("rewritten"u8);
        all.GetRange(0, first).ForEach(other.Append);
        Assert.False(MerkleTree.IsGrowth(first, other.Root(), size, later.Root(), proof));
        if (proof.Count > 0)
        {
            Assert.False(MerkleTree.IsGrowth(first, earlier.Root(), size, later.Root(), [.. proof.SkipLast(1)]));
            Assert.False(MerkleTree.IsGrowth(first, earlier.Root(), size, later.Root(), [.. proof, proof[0]]));
        }
    }
}
