using System.Text.Json.Nodes;
using System.Threading.Channels;
using DroneOps.Server.Api;

namespace DroneOps.Server.Audit;

/// <summary>The tamper-evident log of what people and the service do. <b>Append, await, then act</b>: the entry is on the disk when
/// the task completes. It depends on files alone, so holding, landing and returning never wait for a database.</summary>
/// <remarks>Owner of the files: one writer loop. Entries that arrive while it flushes share the next flush (group
/// commit). The queue is bounded and waits when full: an act is delayed, an entry is never lost. A full disk costs the reserve first; then acts are
/// refused until there is room. Any other write or flush that fails ends the process and is not tried again: after a failed fsync nobody knows
/// what is on the disk.</remarks>
internal sealed partial class AuditLog : IAsyncDisposable
{
    private const int QueueLength = 4096;
    private const int BatchLength = 256;
    private const int CheckpointEvery = 256;
    private static readonly TimeSpan CheckpointAtLeastEvery = TimeSpan.FromSeconds(10);

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly AuditFolder _folder;
    private readonly FullDisk _disk;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _stop;
    private readonly Task _loop;
    private readonly ITimer _checkpoints;

    private AuditLog(AuditFolder folder, FullDisk disk, TimeProvider time, Action<Exception> stop, ILogger<AuditLog> logger)
    {
        _folder = folder;
        _disk = disk;
        _time = time;
        _stop = stop;
        _logger = logger;
        WriteCheckpoint();
        _loop = Task.Run(WriteAsync);
        _checkpoints = time.CreateTimer(_ => _queue.Writer.TryWrite(new Pending(null, null)), null, CheckpointAtLeastEvery, CheckpointAtLeastEvery);
    }

    /// <summary>Opens a log: checks all of it, cuts off what a crash left unfinished, and says so.</summary>
    /// <param name="folder">The folder; made when missing.</param>
    /// <param name="keyFile">The private signing key (PEM); made when missing.</param>
    /// <param name="stop">Ends the process; called once, when an entry cannot be made durable.</param>
    /// <exception cref="StartupException">Another process writes there, or the log has been changed.</exception>
    public static AuditLog Open(string folder, string keyFile, TimeProvider time, Action<Exception> stop, ILogger<AuditLog> logger) =>
        Open(folder, keyFile, AuditFolder.Plain, time, stop, logger);

    /// <summary>Opens a log whose lines are put into its files by the caller: a test has a disk that fills up.</summary>
    internal static AuditLog Open(string folder, string keyFile, AuditWrite write, TimeProvider time, Action<Exception> stop, ILogger<AuditLog> logger)
    {
        var files = AuditFolder.Open(folder, keyFile, write, out var torn);
        if (torn is not null)
        {
            LogTorn(logger, torn.Bytes, Path.GetFileName(torn.File), files.Count);
        }

        LogOpened(logger, files.Count, folder);
        var disk = new FullDisk(folder);
        if (!disk.Reserve())
        {
            LogNoReserve(logger, folder);
        }

        return new AuditLog(files, disk, time, stop, logger);
    }

    /// <summary>An entry is on the disk; how long that took. Handlers must return at once.</summary>
    public event Action<TimeSpan>? Appended;

    /// <summary>Whether entries still become durable.</summary>
    public bool IsWriting => !_loop.IsCompleted && !IsFull;

    /// <summary>The disk is full and the reserve used up: acts are refused.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The disk is full; entries still find room in what was reserved.</summary>
    public bool IsOnReserve => !_disk.HasReserve;

    /// <summary>Entries on the disk.</summary>
    public long Count => _folder.Count;

    /// <summary>The public key in PEM.</summary>
    public string PublicKey => _folder.PublicKey;

    /// <summary>Appends; completes when the entry is on the disk.</summary>
    /// <param name="entry">What is about to be done.</param>
    /// <param name="cancellation">Gives up waiting for room in the queue. Once queued, an entry is written.</param>
    /// <returns>The entry's number.</returns>
    public async Task<long> AppendAsync(AuditEntry entry, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        var pending = new Pending(entry, AuditFormat.ToJson(entry.Details));
        await _queue.Writer.WriteAsync(pending, cancellation);
        var number = await pending.Written.Task;
        Appended?.Invoke(_time.GetElapsedTime(began));
        return number;
    }

    /// <summary>The signed head of the log as it stands.</summary>
    public async Task<string> CheckpointAsync(CancellationToken cancellation)
    {
        var pending = new Pending(null, null);
        await _queue.Writer.WriteAsync(pending, cancellation);
        await pending.Written.Task;
        return _folder.Note;
    }

    /// <summary>Entries from a number on, in order.</summary>
    public IEnumerable<AuditRecord> Read(long from, long to) => _folder.Read(from, to);

    /// <summary>The same with the bytes that are hashed.</summary>
    public IEnumerable<(AuditRecord Record, byte[] Entry)> ReadRaw(long from, long to) => _folder.ReadRaw(from, to);

    /// <summary>See <see cref="AuditFolder.Freeze"/>.</summary>
    public FrozenTree Freeze() => _folder.Freeze();

    /// <summary>See <see cref="AuditFolder.MixedUntil"/>.</summary>
    public DateTimeOffset MixedUntil => _folder.MixedUntil;

    /// <summary>The first entry that was written at a time or later, as the entries are dated; exact after <see cref="MixedUntil"/>.</summary>
    public long FirstAt(DateTimeOffset at)
    {
        var (low, high) = (0L, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Read(middle, middle + 1).Single().At < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>The proof that the log has grown out of its first entries, against the head at that moment.</summary>
    public AuditGrowth ProveGrowth(long from) => _folder.ProveGrowth(from);

    /// <summary>See <see cref="AuditFolder.HashTile"/>.</summary>
    public byte[]? HashTile(int level, long index, int width) => _folder.HashTile(level, index, width);

    /// <summary>See <see cref="AuditFolder.EntryTile"/>.</summary>
    public byte[]? EntryTile(long index, int width) => _folder.EntryTile(index, width);

    /// <summary>The proof that an entry is in the log, against the head at that moment.</summary>
    public AuditProof Prove(long index) => _folder.Prove(index);

    public async ValueTask DisposeAsync()
    {
        await _checkpoints.DisposeAsync();
        _queue.Writer.TryComplete();
        await _loop;
        _folder.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Pending>(BatchLength);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                batch.Clear();
                while (batch.Count < BatchLength && _queue.Reader.TryRead(out var pending))
                {
                    batch.Add(pending);
                }

                WriteOrRefuse(batch);
            }

            WriteCheckpoint();
        }
        catch (Exception problem)
        {
            LogBroken(problem);
            _stop(problem);
            _queue.Writer.TryComplete(problem);
            Fail(batch, problem);
            while (_queue.Reader.TryRead(out var pending))
            {
                pending.Written.TrySetException(problem);
            }
        }
    }

    /// <summary>Writes a batch; when the disk is full once more without the reserve, and when that does not help, refuses it.</summary>
    private void WriteOrRefuse(List<Pending> batch)
    {
        try
        {
            Write(batch);
        }
        catch (AuditFullException full)
        {
            if (_disk.Release())
            {
                LogOnReserve(full);
                WriteOrRefuse(batch);
                return;
            }

            if (!IsFull)
            {
                LogFull(full);
            }

            IsFull = true;
            Fail(batch, full);
        }
    }

    /// <summary>Signs the head, and lays the reserve down again when it was used. A checkpoint needs a file of its own while entries may still fit into the
    /// last block of theirs: it costs the reserve too, or entries would go on unsigned as they do under an old checkpoint. One that finds no room even then waits for the next.</summary>
    private void WriteCheckpoint()
    {
        try
        {
            _folder.WriteCheckpoint();
            if (!_disk.HasReserve && _disk.Reserve())
            {
                IsFull = false;
                LogRoom();
            }
        }
        catch (IOException problem) when (FullDisk.Is(problem))
        {
            if (_disk.Release())
            {
                LogOnReserve(problem);
                WriteCheckpoint();
                return;
            }

            LogNoCheckpoint(problem);
        }
    }

    private void Write(List<Pending> batch)
    {
        var at = _time.GetUtcNow();
        if (at < _folder.LastAt)
        {
            // Entries are dated in order. When the clock was set back, that stands in the log before anything is dated earlier;
            // whatever else is dated earlier was put in by hand.
            var step = new { from = _folder.LastAt, to = at };
            _folder.Add(new AuditEntry(Actors.System, AuditFormat.ClockSteppedBack, "server", null), AuditFormat.ToJson(step), at);
        }

        var numbers = new long[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            try
            {
                numbers[i] = batch[i].Entry is { } entry ? _folder.Add(entry, batch[i].Details, at) : -1;
            }
            catch (ArgumentException tooLarge)
            {
                batch[i].Written.TrySetException(tooLarge);
            }
        }

        var before = _folder.Count;
        _folder.Flush();
        IsFull &= _folder.Count == before;
        if (batch.Exists(pending => pending.Entry is null) || _folder.Count - _folder.SignedCount >= CheckpointEvery)
        {
            WriteCheckpoint();
        }

        for (var i = 0; i < batch.Count; i++)
        {
            batch[i].Written.TrySetResult(numbers[i]);
        }
    }

    private static void Fail(List<Pending> batch, Exception problem)
    {
        foreach (var pending in batch)
        {
            pending.Written.TrySetException(problem);
        }
    }

    /// <summary>An entry on its way; without an entry, a wish for a checkpoint.</summary>
    private sealed record Pending(AuditEntry? Entry, JsonNode? Details)
    {
        public TaskCompletionSource<long> Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
