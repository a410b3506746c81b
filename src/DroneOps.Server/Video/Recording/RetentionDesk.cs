using DroneOps.Server.Api;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Video.Recording;

/// <summary>Decides how long recordings are kept, and deletes those whose time is over. Owner of all that is said about their keeping: one act at a time, so
/// that nothing is deleted while somebody puts a hold on it.</summary>
internal sealed partial class RetentionDesk(RecordingShelf shelf, RetentionSchedule schedule, DiskRoom room, AuditLog audit, TimeProvider time, ILogger<RetentionDesk> logger) : IDisposable
{
    public const string DeletedAction = "video.recordingDeleted";

    /// <summary>How long after its time is over a recording is deleted at the latest, when all is well.</summary>
    public static readonly TimeSpan LooksEvery = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _acts = new(1);

    /// <summary>When a recording is to be deleted; null while that is not known.</summary>
    public DateTimeOffset? DueAt(RecordingFolder folder) => folder.Tombstone is null ? folder.Keeping.DueAt(folder.ClosedAt, schedule) : null;

    /// <summary>Gives a recording another class.</summary>
    /// <returns>False when it is deleted.</returns>
    public Task<bool> ClassAsync(RecordingFolder folder, string to, string by, string reason, CancellationToken cancellation) => ActAsync(
        folder,
        "video.classChanged",
        new(time.GetUtcNow(), by, reason, to, null, Lifts: false),
        word => new { before = folder.Keeping.Class, to = word.Class, word.Reason },
        cancellation);

    /// <summary>A longer class for what turned out to be more than routine; never a shorter one.</summary>
    public async Task RaiseAsync(RecordingFolder folder, string to, string reason, CancellationToken cancellation)
    {
        try
        {
            if (schedule.DaysOf(folder.Keeping.Class) < schedule.DaysOf(to))
                await ClassAsync(folder, to, Actors.System, reason, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Nobody waits for it, and the recording goes on: a person can still give it the class.
            LogNotRaised(problem, folder.Path, to);
        }
    }

    /// <summary>Puts a hold on a recording.</summary>
    /// <returns>The hold; null when the recording is deleted.</returns>
    public async Task<LegalHold?> HoldAsync(RecordingFolder folder, string by, string reason, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var word = new KeepingWord(now, by, reason, null, Guid.CreateVersion7(now), Lifts: false);
        return await ActAsync(folder, "video.held", word, one => new { hold = one.HoldId, one.Reason }, cancellation) ? new(word.HoldId!.Value, now, by, reason) : null;
    }

    /// <summary>Lifts a hold.</summary>
    public Task<bool> LiftAsync(RecordingFolder folder, LegalHold hold, string by, string reason, CancellationToken cancellation) => ActAsync(
        folder,
        "video.holdLifted",
        new(time.GetUtcNow(), by, reason, null, hold.Id, Lifts: true),
        word => new { hold = word.HoldId, put = new { hold.At, hold.By, hold.Reason }, word.Reason },
        cancellation);

    /// <summary>Does something with a recording that must not be deleted meanwhile.</summary>
    /// <returns>False when it is deleted already; then it is not done.</returns>
    public async Task<bool> WhileKeptAsync(RecordingFolder folder, Func<Task> act, CancellationToken cancellation)
    {
        await _acts.WaitAsync(cancellation);
        try
        {
            if (folder.Tombstone is not null)
                return false;
            await act();
            return true;
        }
        finally
        {
            _acts.Release();
        }
    }

    /// <summary>Deletes what is due, the longest due first. What stands in the audit log first says what goes, why, and its hash.</summary>
    /// <returns>How many.</returns>
    public async Task<int> DeleteDueAsync(CancellationToken cancellation)
    {
        var deleted = 0;
        var now = time.GetUtcNow();
        foreach (var folder in shelf.All.Where(folder => DueAt(folder) <= now).OrderBy(DueAt))
        {
            try
            {
                // Asked again inside: a hold may have come since.
                await WhileKeptAsync(folder, async () => deleted += await DeleteAsync(folder, now, cancellation), cancellation);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                LogNotDeleted(problem, folder.Path);
            }
        }

        return deleted;
    }

    /// <summary>Goes on with deletions that a crash broke off.</summary>
    public void FinishDeletions()
    {
        foreach (var folder in shelf.All)
        {
            try
            {
                if (folder.Tombstone is { } tombstone)
                    folder.Bury(tombstone);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                LogNotDeleted(problem, folder.Path);
            }
        }
    }

    public void Dispose() => _acts.Dispose();

    private async Task<int> DeleteAsync(RecordingFolder folder, DateTimeOffset now, CancellationToken cancellation)
    {
        if (DueAt(folder) is not { } due || due > now)
            return 0;
        var (identity, segments) = (folder.Identity, folder.Lines.Select(line => line.Segment).OfType<SegmentStatement>().ToList());
        var recorded = segments.Sum(segment => segment.Bytes);
        var name = folder.Keeping.Class;
        var entry = await audit.AppendAsync(
            new AuditEntry(Actors.System, DeletedAction, RecordingBook.Subject(folder), new
            {
                why = "due",
                @class = name,
                days = schedule.DaysOf(name),
                dueAt = due,
                stream = identity.StreamId,
                vehicle = identity.VehicleId,
                from = identity.StartedAt,
                to = folder.ClosedAt,
                segments = segments.Count,
                bytes = recorded,
                chain = folder.Link,
                clips = folder.Clips.Select(clip => new { clip.Id, clip.Sha256 }),
                stills = folder.Stills.Select(still => new { still.Id, still.Sha256 }),
            }),
            cancellation);
        var all = folder.Bytes;
        folder.Bury(new(now, name, due, all, entry));
        room.Add(-all);
        LogDeleted(identity.Id, name, due);
        return 1;
    }

    private async Task<bool> ActAsync(RecordingFolder folder, string action, KeepingWord word, Func<KeepingWord, object> details, CancellationToken cancellation) => await WhileKeptAsync(
        folder,
        async () =>
        {
            await audit.AppendAsync(new AuditEntry(word.By, action, RecordingBook.Subject(folder), details(word)), cancellation);
            folder.Keep(word);
        },
        cancellation);

    [LoggerMessage(LogLevel.Information, "The recording {Recording} of the class {Class} was due at {Due:O} and is deleted")]
    private partial void LogDeleted(Guid recording, string @class, DateTimeOffset due);

    [LoggerMessage(LogLevel.Error, "The recording in {Folder} could not be given the class {Class}")]
    private partial void LogNotRaised(Exception problem, string folder, string @class);

    [LoggerMessage(LogLevel.Error, "The recording in {Folder} could not be deleted now")]
    private partial void LogNotDeleted(Exception problem, string folder);
}
