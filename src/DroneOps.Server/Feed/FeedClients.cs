using System.Collections.Concurrent;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using Microsoft.AspNetCore.SignalR;

namespace DroneOps.Server.Feed;

/// <summary>Everybody who listens to the feed, and what reaches them: the board's changes and the log's events.</summary>
internal sealed class FeedClients : IHostedService
{
    private readonly ConcurrentDictionary<string, FeedClient> _clients = new(StringComparer.Ordinal);
    private readonly IHubContext<FeedHub> _hub;
    private readonly VehicleBoard _board;
    private readonly FeedLog _log;
    private readonly AlertBook _alerts;
    private readonly Quiescence _quiescence;
    private readonly TimeProvider _time;
    private long _droppedByGone;

    public FeedClients(IHubContext<FeedHub> hub, VehicleBoard board, FeedLog log, AlertBook alerts, Quiescence quiescence, TimeProvider time)
    {
        _hub = hub;
        _board = board;
        _log = log;
        _alerts = alerts;
        _quiescence = quiescence;
        _time = time;
    }

    /// <summary>Connections now.</summary>
    public int Count => _clients.Count;

    /// <summary>Snapshots that slow or modest clients did not get, of all clients so far.</summary>
    public long Dropped => Interlocked.Read(ref _droppedByGone) + _clients.Values.Sum(client => client.Dropped);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _board.Changed += OnChanged;
        _log.Added += OnAdded;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _board.Changed -= OnChanged;
        _log.Added -= OnAdded;
        foreach (var id in _clients.Keys)
            await RemoveAsync(id);
    }

    public void Add(string connection) => _clients.TryAdd(connection, new FeedClient(
        (name, body, cancellation) => _hub.Clients.Client(connection).SendAsync(name, body, cancellation), _log, OpenAlerts, _quiescence, _time));

    public void Subscribe(string connection, FeedRequest request) => _clients.GetValueOrDefault(connection)?.Subscribe(request, _board.All.Select(vehicle => (vehicle, Encode(vehicle))));

    public bool Resume(string connection, long lastEventId) => _clients.GetValueOrDefault(connection)?.Resume(lastEventId) ?? false;

    public async Task RemoveAsync(string connection)
    {
        if (!_clients.TryRemove(connection, out var client))
            return;
        await client.DisposeAsync();
        Interlocked.Add(ref _droppedByGone, client.Dropped);
    }

    private void OnChanged(FleetVehicle vehicle)
    {
        if (_clients.IsEmpty)
            return;
        var body = Encode(vehicle);
        foreach (var (_, client) in _clients)
            client.Offer(vehicle, body);
    }

    private void OnAdded()
    {
        foreach (var (_, client) in _clients)
            client.Wake();
    }

    private Encoded Encode(FleetVehicle vehicle) => new(() => VehicleView.Of(vehicle), _log.Json);

    private IReadOnlyList<FeedEvent> OpenAlerts()
    {
        // With the newest id: whoever has the present picture has seen everything up to it.
        var id = _log.LastId;
        return [.. _alerts.Open.Select(alert => new FeedEvent(id, "alert", new Encoded(() => new { eventId = id, item = alert }, _log.Json)))];
    }
}
