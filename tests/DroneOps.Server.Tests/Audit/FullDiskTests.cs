using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Audit;

/// <summary>A disk that fills up under the audit log, and is emptied again.</summary>
public sealed class FullDiskTests
{
    private const int NoSpace = 28;

    [Fact]
    public async Task A_full_disk_costs_the_reserve_first_then_refuses_the_act_and_loses_nothing()
    {
        await using var trail = new AuditTrail();
        var disk = new SmallDisk();
        await using (var log = trail.Open(disk.Write))
        {
            var written = await AppendAsync(log, 20);
            disk.Room = 700;
            disk.IsReserveThere = () => File.Exists(Path.Combine(trail.Folder, ".reserve"));
            disk.Reserve = 2_000;
            written += await AppendAsync(log, 40);
            Assert.InRange(written, 22, 50);
            Assert.True(log.IsFull);
            Assert.False(log.IsWriting);
            Assert.Equal(written, log.Count);
            var refused = await Assert.ThrowsAsync<AuditFullException>(() => log.AppendAsync(Entry(99), default));
            Assert.Contains("nothing that needs an entry is done", refused.Message, StringComparison.Ordinal);

            disk.Room = long.MaxValue;
            written += await AppendAsync(log, 30);
            Assert.Equal(written, log.Count);
            Assert.False(log.IsFull);
            Assert.Equal(Enumerable.Range(0, (int)log.Count).Select(number => (long)number), log.Read(0, log.Count).Select(record => record.Sequence));
            await log.CheckpointAsync(default);
            Assert.False(log.IsOnReserve);
        }

        var scan = trail.Scan();
        Assert.Null(scan.Bad);
        Assert.Null(scan.Torn);
        Assert.Empty(trail.Stops);
    }

    [Fact]
    public async Task A_batch_over_the_edge_of_a_tile_that_finds_no_room_leaves_the_tree_as_it_was()
    {
        await using var trail = new AuditTrail();
        var disk = new SmallDisk();
        await using (var log = trail.Open(disk.Write))
        {
            await AppendAsync(log, 250);
            disk.Room = 0;
            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Assert.ThrowsAsync<AuditFullException>(() => log.AppendAsync(Entry(number), default))));
            Assert.Equal(250, log.Count);
            disk.Room = long.MaxValue;
            Assert.Equal(20, await AppendAsync(log, 20));
            Assert.Equal(270, log.Read(0, log.Count).Count());
        }

        Assert.Null(trail.Scan().Bad);
    }

    [Fact]
    public async Task What_fails_otherwise_ends_the_service()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open((_, _) => throw new IOException("The disk is gone.", 5));
        await Assert.ThrowsAsync<IOException>(() => log.AppendAsync(Entry(0), default));
        Assert.Single(trail.Stops);
    }

    [Fact]
    public async Task A_full_disk_keeps_nobody_from_starting_and_the_head_is_signed_when_there_is_room()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(20);
        var checkpoint = Path.Combine(trail.Folder, AuditFiles.CheckpointName);
        var old = await File.ReadAllTextAsync(checkpoint);
        await trail.WriteAsync(20);

        // As a crash leaves it: entries behind the newest checkpoint.
        await File.WriteAllTextAsync(checkpoint, old);
        using (Full(checkpoint))
        using (Full(Path.Combine(trail.Folder, AuditFiles.PublicKeyName)))
        {
            await using var log = trail.Open();
            Assert.Equal(1, await AppendAsync(log, 1));
        }

        Assert.Equal(old, await File.ReadAllTextAsync(checkpoint));
        await using (var log = trail.Open())
            Assert.Equal(1, await AppendAsync(log, 1));
        Assert.Null(trail.Scan().Bad);
        Assert.Equal(42, trail.Head().Size);
        Assert.Empty(trail.Stops);
    }

    [Fact]
    public async Task A_checkpoint_that_finds_no_room_costs_the_reserve()
    {
        await using var trail = new AuditTrail();
        await using var log = trail.Open();
        await AppendAsync(log, 1);
        using (Full(Path.Combine(trail.Folder, AuditFiles.CheckpointName)))
        {
            await log.CheckpointAsync(default);
            Assert.True(log.IsOnReserve);
            Assert.False(File.Exists(Path.Combine(trail.Folder, ".reserve")));
            Assert.Equal(1, await AppendAsync(log, 1));
        }

        await log.CheckpointAsync(default);
        Assert.False(log.IsOnReserve);
        Assert.Equal(2, trail.Head().Size);
    }

    /// <summary>No room for a new version of a small file, until it is disposed of.</summary>
    private static FullFile Full(string file) => new(file + ".new");

    private static AuditEntry Entry(int number) => new("user:pilot", "vehicle.commanded", $"vehicle/{number}", new { command = "hold", number });

    private static async Task<int> AppendAsync(AuditLog log, int count)
    {
        var written = 0;
        for (var number = 0; number < count; number++)
        {
            try
            {
                await log.AppendAsync(Entry(number), default);
                written++;
            }
            catch (AuditFullException)
            {
                // Refused: the act is not done.
            }
        }

        return written;
    }

    private sealed class FullFile : IDisposable
    {
        private readonly string _path;

        public FullFile(string path)
        {
            _path = path;
            File.CreateSymbolicLink(path, "/dev/full");
        }

        public void Dispose() => File.Delete(_path);
    }

    /// <summary>A disk with so much room, which is cut in the middle of a write as a real one is.</summary>
    private sealed class SmallDisk
    {
        public long Room { get; set; } = long.MaxValue;

        public long Reserve { get; set; }

        public Func<bool> IsReserveThere { get; set; } = () => true;

        public void Write(FileStream file, ReadOnlySpan<byte> lines)
        {
            if (Reserve > 0 && !IsReserveThere())
                (Room, Reserve) = (Room + Reserve, 0);
            var fits = (int)Math.Min(Room, lines.Length);
            file.Write(lines[..fits]);
            if (fits < lines.Length)
                throw new IOException("No space left on device", NoSpace);
            Room -= fits;
        }
    }
}
