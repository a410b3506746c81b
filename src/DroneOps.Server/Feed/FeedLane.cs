using DroneOps.Mavlink;
using DroneOps.Server.Cluster;

namespace DroneOps.Server.Feed;

/// <summary>The vehicles for all clients that asked for the same: what waits for them, and the loop that puts it together once and hands it to
/// each. Of a vehicle only the newest snapshot waits.</summary>
/// <remarks>Owner of what waits: this type, under its gate. The loop never waits for a client: one that has no room is told which vehicles
/// it missed, and gets their newest state when it has.</remarks>
internal sealed partial class FeedLane : IAsyncDisposable
{
    /// <summary>Batches are at least this far apart: what changes meanwhile travels together, since each batch costs each member a write.</summary>
    public static readonly TimeSpan BatchGap = TimeSpan.FromMilliseconds(20);

    /// <summary>The same while the members are few, and the writes cheaper than the wait.</summary>
    private static readonly TimeSpan ShortBatchGap = TimeSpan.FromMilliseconds(5);

    /// <summary>The same while they are a crowd: one larger write costs each of them hardly more than a small one, and there are half as many.</summary>
    private static readonly TimeSpan LongBatchGap = TimeSpan.FromMilliseconds(40);

    private const int FewMembers = 16;
    private const int ManyMembers = 100;

    /// <summary>How much before its turn a vehicle may be sent: positions come with some jitter, and one that is held for its turn is older when
    /// it is seen. On average the rate is kept (generic cell rate algorithm, ITU-T I.371).</summary>
    private static readonly TimeSpan MostEarly = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, VehicleBody> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (VehicleBody Body, DateTimeOffset Turn)> _sent = new(StringComparer.Ordinal);

    // How vehicles were last seen that went out of the bounds: told once, and no part of the picture for those who come.
    private readonly Dictionary<string, VehicleBody> _gone = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly FeedRequest _wanted;
    private readonly HashSet<string>? _ids;
    private readonly TimeSpan _period;
    private readonly TimeSpan _early;
    private readonly Quiescence _quiescence;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Task _running;
    private FeedClient[] _members = [];
    private DateTimeOffset _batchNotBefore = DateTimeOffset.MinValue;
    private int _isWoken;

    // What a client gets that has nothing yet: made once between two batches, however many come at once after a restart.
    private FeedMessage? _picture;

    /// <summary>Starts the loop.</summary>
    /// <param name="wanted">What its clients asked for.</param>
    public FeedLane(FeedRequest wanted, Quiescence quiescence, TimeProvider time, ILogger logger)
    {
        _wanted = wanted;
        _ids = wanted.Vehicles is { } ids ? new(ids, StringComparer.Ordinal) : null;
        // A vehicle that sends at just the client's rate must be able to make up for a turn that news took.
        _period = TimeSpan.FromSeconds(1 / wanted.RateHz) * 0.9;
        _early = _period / 2 < MostEarly ? _period / 2 : MostEarly;
        _quiescence = quiescence;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Nobody is in it.</summary>
    public bool IsEmpty => _members.Length == 0;

    /// <summary>Whether its clients are told where vehicles and crews are.</summary>
    public bool HasPositions => !_wanted.EventsOnly;

    /// <summary>Whether a place is in its bounds.</summary>
    public bool Covers(GeoPoint place) => _wanted.Covers(place.LongitudeDeg, place.LatitudeDeg);

    /// <summary>A client comes in.</summary>
    /// <returns>What the others have and it does not.</returns>
    public IReadOnlyCollection<string> Add(FeedClient client)
    {
        lock (_gate)
        {
            _members = [.. _members, client];
            return [.. _sent.Keys];
        }
    }

    /// <summary>A client leaves.</summary>
    public void Remove(FeedClient client)
    {
        lock (_gate)
            _members = [.. _members.Where(member => !ReferenceEquals(member, client))];
    }

    /// <summary>A vehicle's state was put up. Called on the vehicle's loop.</summary>
    public void Offer(VehicleBody body)
    {
        lock (_gate)
        {
            if (!Put(body))
                return;
        }

        Wake();
    }

    /// <summary>Vehicles for a client that missed them, whole: as they were last sent to the others, so that it understands what follows.</summary>
    public FeedMessage? CatchUp(IReadOnlyCollection<string> missed)
    {
        List<Encoded> bodies = [];
        lock (_gate)
        {
            var isOfAll = true;
            foreach (var id in missed)
            {
                if (_sent.TryGetValue(id, out var sent))
                {
                    bodies.Add(sent.Body.Whole);
                    continue;
                }

                isOfAll = false;
                if ((_gone.GetValueOrDefault(id) ?? _waiting.GetValueOrDefault(id)) is { } other && Form(null, other) is { } form)
                    bodies.Add(form);
            }

            if (bodies.Count == 0)
                return null;
            return isOfAll && bodies.Count == _sent.Count ? _picture ??= FeedMessage.OfVehicles(bodies) : FeedMessage.OfVehicles(bodies);
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

    /// <summary>Under the gate. A vehicle that leaves the bounds is sent once more, so that the client sees it go.</summary>
    private bool Put(VehicleBody body)
    {
        var vehicle = body.Vehicle;
        if (_wanted.EventsOnly)
            return false;
        if (_ids is not null && !_ids.Contains(vehicle.Id))
            return false;
        if (NewestOf(vehicle.Id) is { } newest && newest.Number >= body.Number)
            return false;
        if (!Covers(body))
        {
            if (!_sent.Remove(vehicle.Id))
                return false;
            _picture = null;
        }

        _waiting[vehicle.Id] = body;
        return true;
    }

    /// <summary>A vehicle whose place is not known may be anywhere.</summary>
    private bool Covers(VehicleBody body) => body.Vehicle.Snapshot.Position is not { Value.Point: var at } || Covers(at);

    private VehicleBody? NewestOf(string id) => _waiting.GetValueOrDefault(id) ?? _sent.GetValueOrDefault(id).Body ?? _gone.GetValueOrDefault(id);

    private void Wake()
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
            // The last one left meanwhile.
            _quiescence.End();
        }
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
                    HandOut();
                }
                finally
                {
                    _quiescence.End();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The last one left.
        }
    }

    private void HandOut()
    {
        if (Compose() is not var (batch, ids, members))
            return;
        foreach (var client in members)
            client.Take(this, batch, ids);
    }

    private (FeedMessage Batch, List<string> Ids, FeedClient[] Members)? Compose()
    {
        List<Encoded> batch = [];
        List<string> ids = [];
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return null;
            var now = _time.GetUtcNow();
            if (now < _batchNotBefore)
            {
                _timer.Change(_batchNotBefore - now, Timeout.InfiniteTimeSpan);
                return null;
            }

            TimeSpan? again = null;
            foreach (var (id, body) in _waiting)
            {
                var isKnown = _sent.TryGetValue(id, out var sent);
                var due = isKnown && !body.IsNewsAfter(sent.Body) ? sent.Turn - _early : now;
                if (due > now)
                {
                    again = again is { } first && first < due - now ? first : due - now;
                    continue;
                }

                if (Form(isKnown ? sent.Body : null, body) is not { } form)
                {
                    _waiting.Remove(id);
                    continue;
                }

                _picture = null;
                _waiting.Remove(id);
                if (Covers(body))
                {
                    _sent[id] = (body, (isKnown && sent.Turn > now ? sent.Turn : now) + _period);
                    _gone.Remove(id);
                }
                else
                    _gone[id] = body;

                ids.Add(id);
                batch.Add(form);
            }

            var gap = _members.Length <= FewMembers ? ShortBatchGap : _members.Length < ManyMembers ? BatchGap : LongBatchGap;
            _batchNotBefore = now + gap;
            if (again is { } wait)
                _timer.Change(wait < gap ? gap : wait, Timeout.InfiniteTimeSpan);
            return batch.Count == 0 ? null : (FeedMessage.OfVehicles(batch), ids, _members);
        }
    }

    /// <summary>What is sent of a vehicle; null where it cannot be put into words, which must cost nobody the sight of the others.</summary>
    private Encoded? Form(VehicleBody? before, VehicleBody body)
    {
        try
        {
            _ = body.Whole.Json;
            return before is not null && _wanted.ChangesOnly ? body.Since(before) : body.Whole;
        }
        catch (Exception mistake) when (mistake is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            LogLeftOut(mistake, body.Vehicle.Id);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of vehicle {Id} cannot be sent and is left out of the feed")]
    private partial void LogLeftOut(Exception mistake, string id);
}
