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
    public Task An_entry_dated_back_is_found() => AttackAsync(
        lines =>
        {
            // By somebody who can compute hashes, and has no key: the chain is whole again.
            lines[300] = lines[300].Replace("2026-05-01T00:00:00", "2026-04-01T00:00:00", StringComparison.Ordinal);
            for (var at = 300; at < lines.Count; at++)
            {
                lines[at] = Rehash(at == 300 ? lines[at] : Relink(lines[at], lines[at - 1]));
            }
        },
        300);

    [Fact]
    public async Task Two_versions_of_a_log_signed_with_its_key_are_told_apart_by_a_kept_checkpoint()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(100);
        var before = trail.Head();
        await trail.WriteAsync(100);
        var kept = trail.Head();
        var lines = await File.ReadAllLinesAsync(trail.File);

        // Whoever has the key goes back to the first hundred, and writes another second hundred.
        await File.WriteAllLinesAsync(trail.File, lines.Take(100));
        File.Delete(Path.Combine(trail.Folder, AuditFiles.CheckpointName));
        trail.Time.Advance(TimeSpan.FromSeconds(1));
        await trail.WriteAsync(150);

        Assert.Null(trail.Scan().Bad);
        var bad = trail.Scan(new KeptHead("one", before), new KeptHead("another", kept)).Bad;
        Assert.Equal(199, bad?.Index);
        Assert.Contains("between entry 100 and it", bad?.Problem, StringComparison.Ordinal);
        Assert.Contains("fork", bad?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_checkpoint_over_a_cut_off_log_is_found_by_a_newer_one_kept_elsewhere()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(100);
        var old = await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName));
        var lines = await File.ReadAllLinesAsync(trail.File);
        await trail.WriteAsync(50);
        var kept = trail.Head();
        await File.WriteAllLinesAsync(trail.File, lines);
        await File.WriteAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName), old);

        Assert.Null(trail.Scan().Bad);
        var bad = trail.Scan(new KeptHead("the witness", kept)).Bad;
        Assert.Equal(100, bad?.Index);
        Assert.Contains("old checkpoint", bad?.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_checkpoint_put_in_place_of_the_newest_is_noticed_by_what_is_unsigned()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(100);
        var old = await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName));
        for (var minute = 0; minute < 3; minute++)
        {
            trail.Time.Advance(TimeSpan.FromMinutes(1));
            await trail.WriteAsync(10);
        }

        Assert.False(trail.Scan().IsCheckpointOutdated);
        await File.WriteAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName), old);
        Assert.True(trail.Scan().IsCheckpointOutdated);
    }

    [Fact]
    public async Task A_log_that_is_written_on_for_minutes_while_it_is_copied_or_checked_is_no_forgery()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(100);
        var snapshot = AuditSnapshot.Of(trail.Folder);
        for (var minute = 0; minute < 3; minute++)
        {
            trail.Time.Advance(TimeSpan.FromMinutes(1));
            await trail.WriteAsync(10);
        }

        using var key = ECDsa.Create();
        key.ImportFromPem(snapshot.Text(AuditFiles.PublicKeyName));
        var copy = Directory.CreateDirectory(Path.Combine(trail.Folder, "copy")).FullName;
        snapshot.CopyTo(copy);
        foreach (var scan in new[] { AuditScan.Read(snapshot.Entries, snapshot.Text(AuditFiles.CheckpointName), key), AuditScan.Read(copy, await File.ReadAllTextAsync(Path.Combine(copy, AuditFiles.CheckpointName)), key) })
        {
            Assert.Null(scan.Bad);
            Assert.Null(scan.Torn);
            Assert.False(scan.IsCheckpointOutdated);
            Assert.Equal((100, 100), (scan.Count, scan.Checkpoint!.Size));
        }

        Assert.Equal(130, trail.Scan().Count);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_is_written_down_and_no_forgery()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(5);
        trail.SetClockBack(TimeSpan.FromHours(1));
        await trail.WriteAsync(5);
        var scan = trail.Scan();
        Assert.Null(scan.Bad);
        Assert.Equal((11, 1), (scan.Count, scan.ClockSteps));
        Assert.Contains("clock.steppedBack", (await File.ReadAllLinesAsync(trail.File))[5], StringComparison.Ordinal);
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

    private static string Relink(string line, string before) =>
        line[..AuditFormat.PrefixBytes] + System.Text.RegularExpressions.Regex.Replace(line[AuditFormat.PrefixBytes..], "\"prev\":\"[0-9a-f]{64}\"", $"\"prev\":\"{before[..(AuditFormat.HashBytes * 2)]}\"");

    private static string Rehash(string line)
    {
        var entry = line[AuditFormat.PrefixBytes..];
        return $"{Convert.ToHexStringLower(AuditFormat.LeafHash(Encoding.UTF8.GetBytes(entry)))} {entry}";
    }
}
