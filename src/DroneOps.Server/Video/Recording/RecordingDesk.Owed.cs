using DroneOps.Server.Api;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Video.Recording;

/// <summary>The recordings that were broken off and that nobody has ended: a crash, a restart or a full disk must not be what ends the recording of
/// an incident. They go on as a new recording that names the one before, as soon as that can be.</summary>
internal sealed partial class RecordingDesk
{
    private static readonly TimeSpan PayEvery = TimeSpan.FromSeconds(10);

    /// <summary>A person's order is older than this after a longer stop: whatever it was for is over, and a new one is given.</summary>
    private static readonly TimeSpan OwedFor = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, RecordingOrder> _owed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _armed = new(StringComparer.Ordinal);
    private readonly List<(RecordingFolder Folder, GapReason Reason)> _unfinished = [];
    private readonly Bell _bell = new(quiescence);
    private ITimer? _timer;

    /// <summary>Streams that should be recorded and are not.</summary>
    public IReadOnlyList<VideoStream> Owed
    {
        get
        {
            lock (_gate)
                return _owed.Count == 0 ? [] : [.. _owed.Keys.Select(streams.Find).OfType<VideoStream>()];
        }
    }

    private static RecordingOrder WithSortie(string? reason) => new(Actors.System, reason, WithSortie: true, Resumes: null);

    private void OnStream(VideoStream stream)
    {
        lock (_gate)
        {
            // Its vehicle may have armed before anybody knew of this camera.
            if (_armed.Contains(stream.Settings.VehicleId))
                _owed.TryAdd(stream.Id, WithSortie(null));
        }

        _bell.Ring();
    }

    /// <summary>Begins what nobody orders anew when it cannot be begun now: it is owed until it runs, or is ended.</summary>
    private async Task<RecordingFolder?> OweAndBeginAsync(VideoStream stream, RecordingOrder order, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_running.GetValueOrDefault(stream.Id) is { IsEnding: false, Done.IsCompleted: false } present)
                return present.Folder;

            // That there is no room was said when it was ordered first.
            if (!_owed.TryAdd(stream.Id, order) && !room.HasRoom)
                return null;
        }

        return await BeginAsync(stream, order: null, cancellation);
    }

    /// <summary>What persons had ordered and the end of the last run broke off. A sortie's recording begins again when its vehicle is heard armed.</summary>
    private void OweInterrupted()
    {
        var since = time.GetUtcNow() - OwedFor;
        var resumed = shelf.All.Select(folder => folder.Identity.Resumes).OfType<Guid>().ToHashSet();
        foreach (var newest in shelf.All.Where(folder => !resumed.Contains(folder.Identity.Id)).GroupBy(folder => folder.Identity.StreamId, StringComparer.Ordinal).Select(ofStream => ofStream.First()))
        {
            var (identity, lines) = (newest.Identity, newest.Lines);
            var until = lines.LastOrDefault(line => line.Segment is not null)?.Segment!.To ?? identity.StartedAt;

            // One that could not be finished yet has a file more than its ledger says, and nobody has ended it either.
            if (!newest.IsClosed)
                until += TimeSpan.FromSeconds(options.Value.SegmentS);
            if (identity.StartedBy != Actors.System && lines is not [.., { Closing.ClosedBy: not Actors.System }] && until > since)
                _owed[identity.StreamId] = new(identity.StartedBy, identity.Reason, WithSortie: false, identity.Id);
        }
    }

    private void Owe(string streamId, Run broken, GapReason trouble)
    {
        lock (_gate)
        {
            if (!broken.Folder.IsClosed)
                _unfinished.Add((broken.Folder, trouble));
            if (!broken.IsEnding)
                _owed.TryAdd(streamId, broken.Order with { Resumes = broken.Folder.Identity.Id });
        }
    }

    private async Task PayAsync(CancellationToken cancellation)
    {
        if (!room.HasRoom)
            return;
        (RecordingFolder Folder, GapReason Reason)[] unfinished;
        string[] owed;
        lock (_gate)
        {
            unfinished = [.. _unfinished];
            owed = [.. _owed.Keys];
        }

        foreach (var one in unfinished)
        {
            try
            {
                await RecordingRecovery.FinishAsync(one.Folder, book, one.Reason, time, cancellation);
                lock (_gate)
                    _unfinished.Remove(one);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(problem, one.Folder.Path);
            }
        }

        // What was ended since is owed no more, and is not begun.
        foreach (var streamId in owed)
        {
            if (streams.Find(streamId) is { } stream)
                await BeginAsync(stream, order: null, cancellation);
        }
    }
}

/// <summary>That a stream is to be recorded.</summary>
/// <param name="By">Who wants it.</param>
/// <param name="Reason">What for, in that person's words.</param>
/// <param name="WithSortie">Begun by an arming, and ended by the disarming.</param>
/// <param name="Resumes">The recording that it goes on with, where that one was broken off.</param>
internal sealed record RecordingOrder(string By, string? Reason, bool WithSortie, Guid? Resumes);
