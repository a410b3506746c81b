using System.Collections.Concurrent;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Units;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>What clients see now: the newest event about each thing. Once in each period it tells every connection what became new, encoded
/// once for all; one that comes gets the whole.</summary>
/// <remarks>Owner of the events: its own loop. The connections' queues take the newest about each thing and never make it wait.</remarks>
internal sealed class CotPicture(
    VehicleBoard vehicles,
    UnitBoard units,
    IncidentChanges incidents,
    IDbContextFactory<FleetDb> databases,
    Quiescence quiescence,
    TimeProvider time,
    IOptions<CursorOnTargetOptions> options,
    IOptions<UnitsOptions> unitOptions) : BackgroundService
{
    // Well before it would fade from the maps.
    private static readonly TimeSpan IncidentRepeat = PlaceEvents.IncidentLife / 4;

    private readonly Lock _gate = new();
    private readonly HashSet<CotConnection> _connections = [];
    private readonly Dictionary<string, CotEvent> _events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _toldAt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, IncidentView> _incidents = new();
    private readonly ConcurrentDictionary<Guid, byte> _changed = new();
    private readonly ConcurrentQueue<string> _gone = new();
    private readonly PeriodicTimer _timer = new(TimeSpan.FromSeconds(options.Value.EveryS), time);

    private CursorOnTargetOptions Options => options.Value;

    /// <summary>A connection joins and is told everything that is true now.</summary>
    public void Join(CotConnection connection)
    {
        lock (_gate)
        {
            _connections.Add(connection);
            connection.Offer([.. _events.Values]);
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Leave(CotConnection connection)
    {
        lock (_gate)
            _connections.Remove(connection);
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Options.Incidents || Options.Vehicles)
        {
            incidents.Changed += OnIncident;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.State != IncidentState.Closed).ToListAsync(cancellationToken))
                _incidents.TryAdd(row.Id, IncidentView.Of(row));
        }

        if (Options.Units)
            units.Removed += OnUnitRemoved;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        incidents.Changed -= OnIncident;
        units.Removed -= OnUnitRemoved;
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                using (quiescence.Work())
                    Tell(time.GetUtcNow());
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing: what was told fades from the clients' maps by itself.
        }
    }

    private void OnIncident(IncidentView incident)
    {
        if (incident.State != IncidentState.Closed)
            _incidents[incident.Id] = incident;
        else if (_incidents.TryRemove(incident.Id, out _))
            _gone.Enqueue(PlaceEvents.UidOf(incident, Options));
        _changed[incident.Id] = 0;
    }

    private void OnUnitRemoved(string callSign) => _gone.Enqueue(PlaceEvents.UidOf(callSign, Options));

    private void Tell(DateTimeOffset now)
    {
        lock (_gate)
        {
            List<CotEvent> news = [];
            while (_gone.TryDequeue(out var uid))
                Remove(uid, now, news);
            if (Options.Vehicles)
                TellVehicles(now, news);
            if (Options.Incidents)
                TellIncidents(now, news);
            if (Options.Units)
                TellUnits(now, news);
            foreach (var uid in _events.Values.Where(told => told.Stale <= now).Select(told => told.Uid).ToList())
                Forget(uid);
            foreach (var connection in _connections)
                connection.Offer(news);
        }
    }

    private void TellVehicles(DateTimeOffset now, List<CotEvent> news)
    {
        Dictionary<string, IncidentView> scenes = new(StringComparer.Ordinal);
        foreach (var incident in _incidents.Values.Where(incident => incident is { State: IncidentState.OnScene, VehicleId: not null }))
            scenes[incident.VehicleId!] = incident;
        foreach (var vehicle in vehicles.All)
        {
            var pointUid = VehicleEvents.PointUidOf(vehicle, Options);
            var looks = scenes.TryGetValue(vehicle.Id, out var scene);
            if (!looks && _events.ContainsKey(pointUid))
                Remove(pointUid, now, news);
            if (vehicle.Snapshot.Position is not { At: var at } || !IsNewer(VehicleEvents.UidOf(vehicle, Options), at))
                continue;
            if (VehicleEvents.Position(vehicle, now, Options) is not { } position)
                continue;
            Put(position, at, news);
            if (looks)
                Put(VehicleEvents.PointOfInterest(vehicle, scene!, now, Options), now, news);
        }
    }

    private void TellIncidents(DateTimeOffset now, List<CotEvent> news)
    {
        foreach (var incident in _incidents.Values)
        {
            var changed = _changed.TryRemove(incident.Id, out _);
            if (changed || !_toldAt.TryGetValue(PlaceEvents.UidOf(incident, Options), out var told) || now - told >= IncidentRepeat)
                Put(PlaceEvents.Incident(incident, now, Options), now, news);
        }

        _changed.Clear();
    }

    private void TellUnits(DateTimeOffset now, List<CotEvent> news)
    {
        var life = TimeSpan.FromSeconds(unitOptions.Value.StaleAfterS);
        foreach (var unit in units.All)
        {
            if (IsNewer(PlaceEvents.UidOf(unit.CallSign, Options), unit.PositionAt) && PlaceEvents.Unit(unit, now, life, Options) is { } told)
                Put(told, unit.PositionAt, news);
        }
    }

    private bool IsNewer(string uid, DateTimeOffset at) => !_toldAt.TryGetValue(uid, out var told) || at > told;

    private void Put(CotEvent told, DateTimeOffset at, List<CotEvent> news)
    {
        _events[told.Uid] = told;
        _toldAt[told.Uid] = at;
        news.Add(told);
    }

    private void Remove(string uid, DateTimeOffset now, List<CotEvent> news)
    {
        if (_events.ContainsKey(uid))
            news.Add(CotTasks.Delete(uid, now));
        Forget(uid);
    }

    private void Forget(string uid)
    {
        _events.Remove(uid);
        _toldAt.Remove(uid);
    }
}
