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
}
