using DroneOps.Server.Airspace;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Alarms;

/// <summary>The incidents that are not over, and what of them is an alarm: looked at when one changes and with every tick, because waiting too
/// long is no event.</summary>
/// <remarks>Safe to share: one gate for all of it, and what is done under it takes microseconds.</remarks>
internal sealed class IncidentWatch(AlarmBook book, VehicleBoard vehicles, AirspaceBook airspace, IOptions<AlarmsOptions> options, TimeProvider time)
{
    // Up to this height a drone works a scene; a zone that begins above it forbids nothing.
    private const double WorkingHeightM = 120;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Watched> _open = [];

    /// <summary>Reads what is open, and ends the alarms of what was closed while the service was away.</summary>
    public async Task RestoreAsync(FleetDb db, CancellationToken cancellation)
    {
        foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.State != IncidentState.Closed).ToListAsync(cancellation))
            Take(IncidentView.Of(row));
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var alarm in book.Standing.Where(alarm => alarm.IncidentId is { } incident && !_open.ContainsKey(incident)))
                book.Apply(new Condition.Clear(alarm.Code, alarm.Subject, now));
        }
    }

    /// <summary>An incident is new or changed.</summary>
    public void Take(IncidentView incident)
    {
        // One at a time with the tick: a look at what the incident was must not come after what it is.
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _open.Remove(incident.Id, out var known);
            var waitsSince = known is null ? incident.ReportedAt : known.Incident.VehicleId is not null && incident.VehicleId is null ? now : known.WaitsSince;
            var watched = new Watched(incident, waitsSince, known?.Crews ?? CrewsIn(incident.Id));
            if (incident.State != IncidentState.Closed)
                _open.Add(incident.Id, watched);
            Look(watched, now);
        }
    }

    /// <summary>Time has passed.</summary>
    public void Look()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var watched in _open.Values)
                Look(watched, now);
        }
    }

    private void Look(Watched watched, DateTimeOffset now)
    {
        var incident = watched.Incident;
        var drone = IncidentConditions.DroneOf(incident) is { } id ? vehicles.Find(id) : null;
        foreach (var condition in IncidentConditions.Of(incident, watched.WaitsSince, drone, ZoneOf(watched, now), options.Value, now))
            book.Apply(condition);
        foreach (var condition in Condition.Follow(watched.Crews, AlarmCatalog.CrewNeedsHelp, IncidentConditions.CallsForHelp(incident), now))
            book.Apply(condition);
    }

    /// <summary>What the book has of an incident's crews: those may have had their help while the service was away.</summary>
    private HashSet<string> CrewsIn(Guid incident) =>
        [.. book.Standing.Where(alarm => alarm.Code == AlarmCatalog.CrewNeedsHelp && alarm.IncidentId == incident).Select(alarm => alarm.Subject)];

    /// <summary>Asked anew when the map was changed, and once a minute, because zones have hours.</summary>
    private string? ZoneOf(Watched watched, DateTimeOffset now)
    {
        var map = airspace.Current;
        if (!ReferenceEquals(map, watched.Map) || now - watched.AskedAt >= TimeSpan.FromMinutes(1))
        {
            (watched.Map, watched.AskedAt) = (map, now);
            watched.Zone = watched.Incident.Location.Coordinates is [var lon, var lat, ..] ? KeepOut.Find(map, now, [new(lat, lon)], (0, WorkingHeightM), null)?.ZoneName : null;
        }

        return watched.Zone;
    }

    /// <param name="Crews">The subjects of the crews that were said to need help.</param>
    private sealed record Watched(IncidentView Incident, DateTimeOffset WaitsSince, HashSet<string> Crews)
    {
        public AirspaceSnapshot? Map { get; set; }

        public DateTimeOffset AskedAt { get; set; }

        public string? Zone { get; set; }
    }
}
