using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;

namespace DroneOps.Server.Feed;

/// <summary>One connection to the feed: what waits for it, and the loop that sends it. A client that reads slowly holds up its own loop and
/// nothing else: of a vehicle only the newest snapshot waits, and of events only the place in the log.</summary>
internal sealed class FeedClient : IAsyncDisposable
{
    /// <summary>Batches are at least this far apart: what changes meanwhile travels together.</summary>
    public static readonly TimeSpan BatchGap = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (FleetVehicle Vehicle, Encoded Body)> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _sentAt = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Func<string, object, CancellationToken, Task> _send;
    private readonly FeedLog _log;
    private readonly Func<IReadOnlyList<FeedEvent>> _openAlerts;
    private readonly Quiescence _quiescence;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Task _running;
    private FeedRequest? _wanted;
    private DateTimeOffset _batchNotBefore = DateTimeOffset.MinValue;
    private long _seen;
    private int _isWoken;
    private bool _isBehind;

    /// <summary>Starts the loop; nothing is sent before <see cref="Subscribe"/>.</summary>
    /// <param name="send">Sends one message of the hub; completes when the connection took it.</param>
    /// <param name="openAlerts">The alerts that belong to the present picture.</param>
    public FeedClient(Func<string, object, CancellationToken, Task> send, FeedLog log, Func<IReadOnlyList<FeedEvent>> openAlerts, Quiescence quiescence, TimeProvider time)
    {
        _send = send;
        _log = log;
        _openAlerts = openAlerts;
        _quiescence = quiescence;
        _time = time;
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Batches sent.</summary>
    public long Batches { get; private set; }

    /// <summary>Snapshots that a newer one of the same vehicle overtook before they were sent.</summary>
    public long Dropped { get; private set; }

    /// <summary>Begins to send, or changes what is sent. Without a last event id the present picture comes first.</summary>
    /// <param name="board">Every vehicle now.</param>
    public void Subscribe(FeedRequest wanted, IEnumerable<(FleetVehicle Vehicle, Encoded Body)> board)
    {
        lock (_gate)
        {
            _wanted = wanted;
            _sentAt.Clear();
            _waiting.Clear();
            foreach (var (vehicle, body) in board)
                Put(vehicle, body);
        }

        if (wanted.LastEventId is { } last)
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

    /// <summary>A vehicle's state was put up. Called on the vehicle's loop.</summary>
    public void Offer(FleetVehicle vehicle, Encoded body)
    {
        lock (_gate)
        {
            if (_wanted is null || !Put(vehicle, body))
                return;
        }

        Wake();
    }

    /// <summary>There is something to look at.</summary>
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
        await _timer.DisposeAsync();
        await _running;
        // A wake that nobody took any more.
        if (Interlocked.Exchange(ref _isWoken, 1) != 0)
            _quiescence.End();
        _wake.Dispose();
        _leaving.Dispose();
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

    /// <summary>Under the gate. A vehicle that leaves the bounds is sent once more, so that the client sees it go.</summary>
    private bool Put(FleetVehicle vehicle, Encoded body)
    {
        if (_wanted!.Vehicles is { } ids && !ids.Contains(vehicle.Id))
            return false;
        if (vehicle.Snapshot.Position is { Value.Point: var at } && !_wanted.Covers(at.LongitudeDeg, at.LatitudeDeg) && !_sentAt.Remove(vehicle.Id))
            return false;
        Dropped += _waiting.ContainsKey(vehicle.Id) ? 1 : 0;
        _waiting[vehicle.Id] = (vehicle, body);
        return true;
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
                    await SendVehiclesAsync();
                }
                finally
                {
                    _quiescence.End();
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client left; what it missed waits in the log.
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
                if (_wanted is null)
                    return;
                startsOver = _isBehind || !_log.Reaches(_seen);
                _isBehind = false;
                if (startsOver)
                    _seen = _log.LastId;
                next = startsOver ? null : _log.After(_seen);
                _seen = next?.Id ?? _seen;
            }

            if (startsOver)
            {
                foreach (var alert in _openAlerts())
                    await _send(alert.Name, alert.Body, _leaving.Token);
            }
            else if (next is null)
                return;
            else
                await _send(next.Name, next.Body, _leaving.Token);
        }
    }

    private async Task SendVehiclesAsync()
    {
        List<Encoded> batch = [];
        var now = _time.GetUtcNow();
        TimeSpan? again = null;
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return;
            if (now < _batchNotBefore)
            {
                _timer.Change(_batchNotBefore - now, Timeout.InfiniteTimeSpan);
                return;
            }

            var period = TimeSpan.FromSeconds(1 / _wanted!.RateHz);
            foreach (var (id, (_, body)) in _waiting)
            {
                // A board that is renewed at just the client's rate must not beat against it.
                var due = _sentAt.TryGetValue(id, out var sent) ? sent + (period * 0.9) : now;
                if (due > now)
                {
                    again = again is { } first && first < due - now ? first : due - now;
                    continue;
                }

                _sentAt[id] = now;
                _waiting.Remove(id);
                batch.Add(body);
            }

            _batchNotBefore = now + BatchGap;
        }

        if (batch.Count > 0)
        {
            await _send("vehicles", batch, _leaving.Token);
            Batches++;
        }

        if (again is { } wait)
            _timer.Change(wait < BatchGap ? BatchGap : wait, Timeout.InfiniteTimeSpan);
    }
}
