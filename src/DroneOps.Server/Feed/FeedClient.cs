using DroneOps.Mavlink;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Feed;

/// <summary>One connection to the feed: its place in the log of events, the vehicles it missed, and the loops that send both. A client that
/// reads slowly holds up its own loops and nothing else.</summary>
internal sealed class FeedClient : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _missed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeedMessage> _crews = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _crewsInside = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Func<FeedMessage, CancellationToken, ValueTask> _send;
    private readonly FeedLog _log;
    private readonly Func<IReadOnlyList<FeedEvent>> _openAlerts;
    private readonly Action<Exception> _fail;
    private readonly Quiescence _quiescence;
    private readonly Task _running;
    private FeedLane? _lane;
    private long _seen;
    private int _isWoken;
    private bool _isBehind;
    private bool _isTaking;

    /// <summary>Starts the loop; nothing is sent before <see cref="Subscribe"/>.</summary>
    /// <param name="send">Sends one message; completes when the connection has room for the next.</param>
    /// <param name="openAlerts">The alerts that belong to the present picture.</param>
    /// <param name="fail">Told of a mistake: the connection must end, so that the client comes again and is not left with an old picture.</param>
    public FeedClient(
        Func<FeedMessage, CancellationToken, ValueTask> send, FeedLog log, Func<IReadOnlyList<FeedEvent>> openAlerts, Action<Exception> fail, Quiescence quiescence)
    {
        _send = send;
        _log = log;
        _openAlerts = openAlerts;
        _fail = fail;
        _quiescence = quiescence;
        _running = Task.Run(RunAsync);
    }

    /// <summary>The lane it is in; null before it has subscribed.</summary>
    public FeedLane? Lane => _lane;

    /// <summary>Snapshots that it had no room for: it gets a newer one of the vehicle instead.</summary>
    public long Dropped { get; private set; }

    /// <summary>Begins to send, or changes what is sent. Without a last event id the present picture comes first.</summary>
    /// <param name="lane">The lane of what it wants; the caller adds it there.</param>
    public void Subscribe(FeedLane lane, long? lastEventId)
    {
        lock (_gate)
        {
            _lane = lane;
            _missed.Clear();
        }

        if (lastEventId is { } last)
            Resume(last);
        else
            StartOver();
    }

    /// <summary>Goes on after an event.</summary>
    /// <returns>False when that is too long ago and the whole picture is sent instead.</returns>
    public bool Resume(long lastEventId)
    {
        if (!_log.Reaches(lastEventId))
        {
            StartOver();
            return false;
        }

        lock (_gate)
            _seen = lastEventId;
        Wake();
        return true;
    }

    /// <summary>Takes a batch of its lane, called on the lane's loop; without room for it now, notes what it misses.</summary>
    public void Take(FeedLane from, FeedMessage batch, IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            // It may have changed lanes meanwhile: what changed for the others says nothing to it.
            if (!ReferenceEquals(from, _lane))
                return;
            if (_isTaking)
            {
                _missed.UnionWith(ids);
                Dropped += ids.Count;
                return;
            }

            _isTaking = true;
        }

        _ = DeliverAsync(batch);
    }

    /// <summary>These vehicles are to be sent whole.</summary>
    public void Miss(IReadOnlyCollection<string> ids)
    {
        lock (_gate)
        {
            _missed.UnionWith(ids);
            if (_isTaking)
                return;
            _isTaking = true;
        }

        _ = DeliverAsync(null);
    }

    /// <summary>A crew is somewhere else: of each the newest waits until the events have been sent. One that leaves the bounds is sent once more.</summary>
    /// <param name="at">Null when there is no such crew any more.</param>
    public void Offer(string callSign, GeoPoint? at, FeedMessage message)
    {
        lock (_gate)
        {
            if (_lane is not { HasPositions: true })
                return;
            if (at is { } point && _lane.Covers(point))
                _crewsInside.Add(callSign);
            else if (!_crewsInside.Remove(callSign))
                return;
            _crews[callSign] = message;
        }

        Wake();
    }

    /// <summary>There may be an event to send.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) != 0)
            return;
        _quiescence.Begin();
        try
        {
            _wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // Left meanwhile.
            _quiescence.End();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _running;
        // A wake that nobody took any more.
        if (Interlocked.Exchange(ref _isWoken, 1) != 0)
            _quiescence.End();
        _wake.Dispose();
        _leaving.Dispose();
    }

    /// <summary>Sends a batch, and then what was missed while it was on its way, until nothing is.</summary>
    private async Task DeliverAsync(FeedMessage? batch)
    {
        try
        {
            for (var next = batch; ; next = null)
            {
                next ??= CatchUp();
                if (next is null)
                    return;
                await _send(next, _leaving.Token);
            }
        }
        catch (Exception end)
        {
            // It stays as taking: nothing more is composed for it.
            EndWith(end);
        }
    }

    private FeedMessage? CatchUp()
    {
        while (true)
        {
            FeedLane? lane;
            string[] missed;
            lock (_gate)
            {
                if (_missed.Count == 0)
                {
                    _isTaking = false;
                    return null;
                }

                (lane, missed) = (_lane, [.. _missed]);
                _missed.Clear();
            }

            if (lane?.CatchUp(missed) is { } message)
                return message;
        }
    }

    private void StartOver()
    {
        lock (_gate)
        {
            _seen = _log.LastId;
            _isBehind = true;
        }

        Wake();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_leaving.Token);
                Volatile.Write(ref _isWoken, 0);
                try
                {
                    await SendEventsAsync();
                }
                finally
                {
                    _quiescence.End();
                }
            }
        }
        catch (Exception end)
        {
            // The client left; what it missed waits in the log.
            EndWith(end);
        }
    }

    private async Task SendEventsAsync()
    {
        while (true)
        {
            FeedEvent? next;
            bool startsOver;
            lock (_gate)
            {
                if (_lane is null)
                    return;
                startsOver = !_log.TryAfter(_seen, out next) || _isBehind;
                _isBehind = false;
                _seen = startsOver ? _log.LastId : next?.Id ?? _seen;
            }

            if (startsOver)
            {
                foreach (var alert in _openAlerts())
                    await _send(alert.Message, _leaving.Token);
            }
            else if ((next?.Message ?? TakeCrew()) is { } message)
                await _send(message, _leaving.Token);
            else
                return;
        }
    }

    private FeedMessage? TakeCrew()
    {
        lock (_gate)
        {
            foreach (var (callSign, message) in _crews)
            {
                _crews.Remove(callSign);
                return message;
            }
        }

        return null;
    }

    private void EndWith(Exception end)
    {
        if (end is not (OperationCanceledException or IOException))
            _fail(end);
    }
}
