using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Audit;

/// <summary>What an attacker does to the files, and the entry that the verifier then names.</summary>
public sealed class AuditScanTests
{
    private const int Count = 600;

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(599)]
    public Task A_flipped_bit_is_found_in_its_entry(int entry) => AttackAsync(lines => lines[entry] = lines[entry].Replace("hold", "land", StringComparison.Ordinal), entry);

    [Fact]
    public Task A_deleted_entry_is_found() => AttackAsync(lines => lines.RemoveAt(300), 300);

    [Fact]
    public Task An_inserted_entry_is_found() => AttackAsync(lines => lines.Insert(300, lines[299]), 300);

    [Fact]
    public Task Swapped_entries_are_found() => AttackAsync(lines => (lines[300], lines[301]) = (lines[301], lines[300]), 300);

    [Fact]
    public Task A_cut_off_end_is_found() => AttackAsync(lines => lines.RemoveRange(500, 100), 500);

    [Fact]
    public Task An_entry_changed_with_its_hash_is_found_at_the_next() => AttackAsync(lines => lines[300] = Rehash(lines[300].Replace("hold", "land", StringComparison.Ordinal)), 301);

    [Fact]
    public Task The_last_entry_changed_with_its_hash_is_found_by_the_checkpoint() =>
        AttackAsync(lines => lines[^1] = Rehash(lines[^1].Replace("hold", "land", StringComparison.Ordinal)), Count - 1);

    [Fact]
    public Task A_line_that_is_not_an_entry_is_found() => AttackAsync(lines => lines[7] = "garbage", 7);

    [Fact]
    public async Task A_log_written_anew_without_the_key_is_found_by_the_old_checkpoint()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(20);
        await using var forged = new AuditTrail();
        forged.Time.Advance(TimeSpan.FromDays(1));
        await forged.WriteAsync(20);
        File.Copy(forged.File, trail.File, overwrite: true);
        Assert.Equal(19, trail.Scan().Bad?.Index);
    }

    [Fact]
    public async Task A_checkpoint_of_another_key_is_not_trusted()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(20);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var scan = AuditScan.Read(trail.Folder, await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName)), other);
        Assert.Contains("checkpoint cannot be trusted", scan.Bad?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_checkpoint_still_agrees_with_a_longer_log()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(20);
        var old = await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName));
        await trail.WriteAsync(300);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(trail.KeyFile));
        var scan = AuditScan.Read(trail.Folder, old, key);
        Assert.Null(scan.Bad);
        Assert.Equal((20, 320), (scan.Checkpoint!.Size, scan.Count));
    }

    [Fact]
    public async Task An_intact_log_passes()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(Count);
        var scan = trail.Scan();
        Assert.Null(scan.Bad);
        Assert.Equal(Count, scan.Count);
    }

    private static async Task AttackAsync(Action<List<string>> attack, long found)
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(Count);
        var lines = (await File.ReadAllLinesAsync(trail.File)).ToList();
        attack(lines);
        await File.WriteAllTextAsync(trail.File, string.Join('\n', lines) + "\n");
        Assert.Equal(found, trail.Scan().Bad?.Index);
    }

    private static string Rehash(string line)
    {
        var entry = line[AuditFormat.PrefixBytes..];
        return $"{Convert.ToHexStringLower(AuditFormat.LeafHash(Encoding.UTF8.GetBytes(entry)))} {entry}";
    }
}
