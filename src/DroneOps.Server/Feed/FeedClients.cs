using System.Collections.Concurrent;
using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Server.Alarms;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;

namespace DroneOps.Server.Feed;

/// <summary>Everybody who listens to the feed, and what reaches them: the board's changes, through the lanes of those who want the same, and
/// the log's events.</summary>
internal sealed partial class FeedClients : IHostedService
{
    private readonly ConcurrentDictionary<string, Listener> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, VehicleBody> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FeedLane> _lanes = new(StringComparer.Ordinal);
    private readonly Lock _joining = new();
    private readonly FeedConnections _connections;
    private readonly VehicleBoard _board;
    private readonly FeedLog _log;
    private readonly AlarmBook _alarms;
    private readonly Quiescence _quiescence;
    private readonly TimeProvider _time;
    private readonly ILogger<FeedClients> _logger;
    private long _made;
    private long _droppedByGone;

    public FeedClients(FeedConnections connections, VehicleBoard board, FeedLog log, AlarmBook alarms, Quiescence quiescence, TimeProvider time, ILogger<FeedClients> logger)
    {
        _connections = connections;
        _board = board;
        _log = log;
        _alarms = alarms;
        _quiescence = quiescence;
        _time = time;
        _logger = logger;
    }

    /// <summary>Connections now.</summary>
    public int Count => _clients.Count;

    /// <summary>Snapshots that slow or modest clients did not get, of all clients so far.</summary>
    public long Dropped => Interlocked.Read(ref _droppedByGone) + _clients.Values.Sum(listener => listener.Client.Dropped);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _board.Changed += OnChanged;
        _log.Added += OnAdded;
        foreach (var vehicle in _board.All)
            _bodies.TryAdd(vehicle.Id, BodyOf(vehicle));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _board.Changed -= OnChanged;
        _log.Added -= OnAdded;
        foreach (var id in _clients.Keys)
            await RemoveAsync(id);
    }

    /// <summary>Who listens, each with what ends him.</summary>
    public IEnumerable<(ClaimsPrincipal User, Action End)> Listeners => _clients.Values.Select(listener => (listener.User, listener.End));

    /// <summary>Somebody came by the hub.</summary>
    /// <param name="left">How long he may listen as it stands.</param>
    public void Add(string connection, ClaimsPrincipal user, TimeSpan left) => Add(
        connection, user, left, (message, cancellation) => _connections.WriteAsync(connection, message, cancellation), StandingAlarms, () => _connections.Abort(connection));

    /// <summary>Somebody asked for a stream of events.</summary>
    /// <param name="left">How long he may listen as it stands.</param>
    /// <param name="end">Ends the stream; its client comes again.</param>
    public void Add(string connection, ClaimsPrincipal user, TimeSpan left, FeedStream stream, Action end) => Add(connection, user, left, stream.WriteAsync, Picture, end);

    public async Task SubscribeAsync(string connection, FeedRequest request)
    {
        if (!_clients.TryGetValue(connection, out var listener))
            return;
        var client = listener.Client;
        var isNew = false;
        FeedLane lane;
        FeedLane? emptied;
        IReadOnlyCollection<string> missed;
        lock (_joining)
        {
            emptied = Leave(client);
            lane = _lanes.GetOrAdd(request.Key, _ =>
            {
                isNew = true;
                return new FeedLane(request, _quiescence, _time, _logger);
            });
            client.Subscribe(lane, request.LastEventId);
            missed = lane.Add(client);
        }

        client.Miss(missed);
        // The lane is known to all by now, so what changes meanwhile reaches it, too. Whoever joins a lane that is there finds all in it.
        if (isNew)
        {
            foreach (var (_, body) in _bodies)
                lane.Offer(body);
        }

        if (emptied is not null)
            await emptied.DisposeAsync();
    }

    /// <summary>A crew is somewhere else, or nowhere any more: told to all.</summary>
    public void Offer(string callSign, GeoPoint? at, FeedMessage message)
    {
        foreach (var (_, listener) in _clients)
            listener.Client.Offer(callSign, at, message);
    }

    /// <summary>Where a crew is, told to one.</summary>
    public void Offer(string connection, string callSign, GeoPoint? at, FeedMessage message) => _clients.GetValueOrDefault(connection)?.Client.Offer(callSign, at, message);

    public bool Resume(string connection, long lastEventId) => _clients.GetValueOrDefault(connection)?.Client.Resume(lastEventId) ?? false;

    public async Task RemoveAsync(string connection)
    {
        if (!_clients.TryRemove(connection, out var listener))
            return;
        var client = listener.Client;
        FeedLane? emptied;
        lock (_joining)
            emptied = Leave(client);
        await listener.Expiry.DisposeAsync();
        await client.DisposeAsync();
        Interlocked.Add(ref _droppedByGone, client.Dropped);
        if (emptied is not null)
            await emptied.DisposeAsync();
    }

    /// <summary>Under the gate of joining.</summary>
    /// <returns>The lane that nobody needs any more.</returns>
    private FeedLane? Leave(FeedClient client)
    {
        if (client.Lane is not { } lane)
            return null;
        lane.Remove(client);
        if (!lane.IsEmpty)
            return null;
        foreach (var (key, other) in _lanes)
        {
            if (ReferenceEquals(other, lane))
                _lanes.TryRemove(key, out _);
        }

        return lane;
    }

    private void OnChanged(FleetVehicle vehicle)
    {
        var body = BodyOf(vehicle);
        _bodies[vehicle.Id] = body;
        foreach (var (_, lane) in _lanes)
            lane.Offer(body);
    }

    private void OnAdded()
    {
        foreach (var (_, listener) in _clients)
            listener.Client.Wake();
    }

    private VehicleBody BodyOf(FleetVehicle vehicle) => new(vehicle, Interlocked.Increment(ref _made), _log.Json);

    private void Add(
        string connection, ClaimsPrincipal user, TimeSpan left, Func<FeedMessage, CancellationToken, ValueTask> send, Func<IReadOnlyList<FeedEvent>> picture, Action end)
    {
        var client = new FeedClient(send, _log, picture, mistake => Fail(mistake, end), _quiescence);
        _clients.TryAdd(connection, new(client, user, end, _time.CreateTimer(_ => end(), null, left, Timeout.InfiniteTimeSpan)));
    }

    private void Fail(Exception mistake, Action end)
    {
        LogFailed(mistake);
        end();
    }

    /// <summary>With a word that it begins here: a program that only follows a stream must know when to read lists again.</summary>
    private IReadOnlyList<FeedEvent> Picture()
    {
        var id = _log.LastId;
        return [new(id, new FeedMessage("picture", [new Encoded(() => new { eventId = id }, _log.Json)], isList: false, id)), .. StandingAlarms()];
    }

    private IReadOnlyList<FeedEvent> StandingAlarms()
    {
        // With the newest id: whoever has the present picture has seen everything up to it.
        var id = _log.LastId;
        var now = _time.GetUtcNow();
        return [.. _alarms.Standing.Select(alarm => FeedEvent.Of(id, "alert", AlarmView.Of(alarm, now), _log.Json))];
    }

    /// <param name="Client">What he is sent.</param>
    /// <param name="User">Who he was when he came.</param>
    /// <param name="End">Ends his connection.</param>
    /// <param name="Expiry">Ends it when his session does.</param>
    private sealed record Listener(FeedClient Client, ClaimsPrincipal User, Action End, ITimer Expiry);

    [LoggerMessage(Level = LogLevel.Error, Message = "A client of the feed could not be served, and its connection is ended")]
    private partial void LogFailed(Exception mistake);
}
