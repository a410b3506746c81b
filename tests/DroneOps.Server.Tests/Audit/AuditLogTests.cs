using System.Text;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Audit;

public sealed class AuditLogTests
{
    [Fact]
    public async Task An_appended_entry_is_in_the_file_when_the_task_completes()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        await log.AppendAsync(new AuditEntry("user:pilot", "vehicle.commanded", "vehicle/3", new { command = "hold" }), default);
        var text = await ReadSharedAsync(trail.File);
        Assert.Contains("""{"action":"vehicle.commanded","actor":"user:pilot","at":"2026-05-01T00:00:00.000000Z","details":{"command":"hold"},"prev":""", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_writers_get_a_hundred_different_numbers()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default))));
        Assert.Equal(Enumerable.Range(0, 100).Select(number => (long)number), numbers.Order());
    }

    [Fact]
    public async Task A_reopened_log_goes_on_where_it_stopped()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(700);
        await trail.WriteAsync(5);
        var scan = trail.Scan();
        Assert.Null(scan.Bad);
        Assert.Equal((705, 705), (scan.Count, scan.Checkpoint!.Size));
    }

    [Fact]
    public async Task Details_are_written_with_sorted_keys_and_readable_Chinese()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        await log.AppendAsync(new AuditEntry("a", "b.c", "d/e", new { zebra = 1, apple = new { y = "古城", x = 2.5 } }), default);
        Assert.Contains("""{"apple":{"x":2.5,"y":"古城"},"zebra":1}""", await ReadSharedAsync(trail.File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_too_large_for_a_tile_is_refused_and_the_log_goes_on()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(new AuditEntry("a", "b.c", "d/e", new { text = new string('x', 70_000) }), default));
        Assert.Equal(0, await log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default));
    }

    [Fact]
    public async Task What_a_crash_left_unfinished_is_cut_off_and_the_rest_stands()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(10);
        await File.AppendAllTextAsync(trail.File, "0123456789abcdef unfinis");
        await trail.WriteAsync(1);
        var scan = trail.Scan();
        Assert.Null(scan.Bad);
        Assert.Null(scan.Torn);
        Assert.Equal(11, scan.Count);
    }

    [Fact]
    public async Task Zeros_that_a_power_cut_left_at_the_end_are_cut_off()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(10);
        await File.AppendAllTextAsync(trail.File, new string('\0', 5000) + "\n");
        await trail.WriteAsync(1);
        Assert.Equal(11, trail.Scan().Count);
    }

    [Fact]
    public async Task A_changed_log_stops_the_start()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(10);
        await File.WriteAllTextAsync(trail.File, (await File.ReadAllTextAsync(trail.File)).Replace("vehicle/4", "vehicle/5", StringComparison.Ordinal));
        var refused = Assert.Throws<StartupException>(trail.Open);
        Assert.Contains("entry 4:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_writers_of_one_folder_are_refused()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        Assert.Throws<StartupException>(trail.Open);
    }

    [Fact]
    public async Task A_disk_that_fails_stops_the_process_and_fails_the_act()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        Directory.Delete(trail.Folder, recursive: true);
        await Assert.ThrowsAnyAsync<IOException>(() => log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default));
        Assert.Single(trail.Stops);
        await Assert.ThrowsAnyAsync<Exception>(() => log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default));
    }

    [Fact]
    public async Task A_checkpoint_is_written_every_ten_seconds_when_there_is_something_new()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        var before = await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName));
        await log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName)));
        trail.Time.Advance(TimeSpan.FromSeconds(10));

        // The next entry stands in the queue behind the wish for a checkpoint.
        await log.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default);
        Assert.StartsWith("droneops/audit\n", await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName)), StringComparison.Ordinal);
        Assert.NotEqual(before, await File.ReadAllTextAsync(Path.Combine(trail.Folder, AuditFiles.CheckpointName)));
    }

    [Fact]
    public async Task Every_entry_is_proven_under_the_signed_head()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        await Task.WhenAll(Enumerable.Range(0, 600).Select(number => log.AppendAsync(new AuditEntry("a", "b.c", $"d/{number}", null), default)));
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportFromPem(log.PublicKey);
        foreach (var index in new long[] { 0, 1, 255, 256, 511, 512, 599 })
        {
            var proof = log.Prove(index);
            var head = Checkpoint.Open(proof.Checkpoint, key, out _);
            var root = MerkleTree.RootFromProof(index, proof.TreeSize, Convert.FromHexString(proof.LeafHash), [.. proof.Hashes.Select(Convert.FromHexString)]);
            Assert.Equal(head!.Root, root);
        }
    }

    private static async Task<string> ReadSharedAsync(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
