using System.Collections.Concurrent;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>Writes the time axis from what the drones do: airborne, on scene, recovered; and sees when a drone is lost to an incident, which is then
/// open again with the reason.</summary>
/// <remarks>Owner: its own loop over the fleet's events. What it knows of a drone changes with each event at once; what is written of it waits for a
/// database that is away. A drone that was lost keeps the assignment until it is down: nobody is offered a drone that acts on a failure.</remarks>
internal sealed partial class SceneWatch(
    FleetEvents events, IncidentBook book, IncidentChanges changes, DispatchDesk desk, Assignments assignments, VehicleBoard board, IDbContextFactory<FleetDb> databases,
    LateWrites late, Quiescence quiescence, ILogger<SceneWatch> logger) : BackgroundService
{
    private const double FlyingM = 5;

    private readonly ConcurrentDictionary<string, Working> _working = new(StringComparer.Ordinal);

    // A drone that goes from one incident to the next without landing is recovered, for all of them, when it lands.
    private readonly Dictionary<string, List<Guid>> _left = new(StringComparer.Ordinal);
    private readonly FleetSubscription _subscription = events.Subscribe("incidents");

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can send a drone: an assignment that is there now is one of the last run.
        await RestoreAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        changes.Changed += OnChanged;
        try
        {
            await _subscription.ReadAsync(HandleAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            changes.Changed -= OnChanged;
        }
    }

    private async Task RestoreAsync(CancellationToken cancellation)
    {
        HashSet<(string VehicleId, string Incident)> underWay = [];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.HasDronesUnderWay).ToListAsync(cancellation))
        {
            foreach (var drone in row.Drones.Where(drone => drone.State != DroneState.Gone))
            {
                underWay.Add((drone.VehicleId, row.Id.ToString()));
                _working[drone.VehicleId] = new(row.Id) { Aim = new(row.Scene, drone.Task.RadiusM), IsOnScene = drone.OnSceneAt is not null, IsRestored = true };
            }
        }

        await GiveBackAsync(underWay, cancellation);
    }

    /// <summary>Gives back every drone that was taken for an incident which does not have it under way: the last run ended before it could write that it
    /// sends the drone, or after the incident was done with it and before it could give it back. Nothing else would ever end such an assignment.</summary>
    private async Task GiveBackAsync(HashSet<(string VehicleId, string Incident)> underWay, CancellationToken cancellation)
    {
        foreach (var vehicle in board.All)
        {
            if (vehicle.Assignment is { Kind: AssignmentKind.Incident } task && !underWay.Contains((vehicle.Id, task.Id)))
                await late.WriteAsync(vehicle.Id, token => assignments.ReleaseAsync(vehicle.Id, task.Id, token), cancellation);
        }
    }

    /// <summary>Keeps up with a scene that moves and with where a drone is to stand.</summary>
    private void OnChanged(IncidentView incident)
    {
        if (incident.Location.Coordinates is not [var lon, var lat])
            return;
        foreach (var drone in incident.Drones)
        {
            if (!_working.TryGetValue(drone.VehicleId, out var working) || working.Incident != incident.Id)
                continue;
            working.Aim = new(new(lat, lon), drone.Task.RadiusM);

            // One that was there and follows its incident to another place arrives once more.
            if (drone.State == DroneState.OnTheWay)
                working.IsOnScene = false;
        }
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        switch (happened)
        {
            case FleetEvent.AssignmentTaken { Assignment: var task }:
                await BeginAsync(happened.VehicleId, task, happened.At, cancellation);
                break;
            case FleetEvent.AssignmentLost { Lost.Kind: AssignmentKind.Incident } lost when _working.TryRemove(happened.VehicleId, out var left):
                await GoOnAsync(left, happened.VehicleId, happened.At, lost.By, cancellation);
                break;
            case FleetEvent.AssignmentReleased { Released.Id: var task } when _working.TryGetValue(happened.VehicleId, out var kept) && kept.Incident.ToString() == task && !kept.HasFlown:
                await late.WriteAsync(happened.VehicleId, token => ForgetAsync(happened.VehicleId, kept, token), cancellation);
                break;
            case FleetEvent.Observed { Fact: var fact } when _working.TryGetValue(happened.VehicleId, out var working):
                await ObserveAsync(happened.VehicleId, working, fact, cancellation);
                break;
            default:
                break;
        }
    }

    private async Task BeginAsync(string vehicleId, Assignment task, DateTimeOffset at, CancellationToken cancellation)
    {
        if (_working.TryGetValue(vehicleId, out var before) && before.Incident.ToString() != task.Id && _working.TryRemove(vehicleId, out _))
            await GoOnAsync(before, vehicleId, at, task, cancellation);
        if (task.Kind != AssignmentKind.Incident)
            return;
        Working working = new(Guid.Parse(task.Id));
        _working[vehicleId] = working;
        await late.WriteAsync(vehicleId, async token =>
        {
            if (await book.FindAsync(working.Incident, token) is { } row)
                working.Aim ??= new(row.Scene, SceneStand.StandOffM);
            else
                _working.TryRemove(new(vehicleId, working));
        }, cancellation);
    }

    /// <summary>It was given back on the ground, and the incident does not have it: what it flies next is nothing of that incident.</summary>
    private async Task ForgetAsync(string vehicleId, Working working, CancellationToken cancellation)
    {
        if (board.Find(vehicleId)?.Snapshot.InAir == false && (await book.FindAsync(working.Incident, cancellation))?.DroneOf(vehicleId) is null)
            _working.TryRemove(new(vehicleId, working));
    }

    /// <summary>It goes from an incident to another task without landing.</summary>
    private async Task GoOnAsync(Working left, string vehicleId, DateTimeOffset at, Assignment to, CancellationToken cancellation)
    {
        if (left.HasFlown)
        {
            if (!_left.TryGetValue(vehicleId, out var incidents))
                _left[vehicleId] = incidents = [];
            incidents.Add(left.Incident);
        }

        await StopAsync(left, vehicleId, DroneState.Gone, at, $"{to.Label} took the drone.", isLost: false, cancellation);
    }

    private async ValueTask ObserveAsync(string vehicleId, Working working, VehicleFact fact, CancellationToken cancellation)
    {
        switch (fact)
        {
            case VehicleFact.TookOff:
                working.HasFlown = true;
                await WriteAsync(vehicleId, working.Incident, row => row.DroneOf(vehicleId) is null ? null : Reach(row, IncidentStage.DroneAirborne, fact.At), cancellation);
                break;
            case VehicleFact.PositionFixed position:
                working.HasFlown |= position.AboveHome.Metres > FlyingM;
                if (working.IsRestored && board.Find(vehicleId)?.Snapshot is { InAir: { } inAir, Armed: var armed })
                {
                    working.IsRestored = false;
                    if (!inAir && !armed)
                        await EndAsync(vehicleId, working, fact.At, "It landed while the service was not running.", cancellation);
                }
                else if (!working.IsOnScene && working.HasFlown && working.Aim?.Shows(position.Point) == true)
                {
                    await ArriveAsync(vehicleId, working, fact.At, cancellation);
                }

                break;
            case VehicleFact.LinkLost:
                await StopAsync(working, vehicleId, DroneState.Lost, fact.At, "Its link was lost.", isLost: true, cancellation);
                break;
            case VehicleFact.LinkRestored:
                await late.WriteAsync(vehicleId, token => ReturnIfLostAsync(vehicleId, working, token), cancellation);
                break;
            case VehicleFact.FailsafeEntered failsafe:
                await StopAsync(working, vehicleId, DroneState.Lost, fact.At, $"Its autopilot acts by itself: {failsafe.Text}", isLost: true, cancellation);
                break;
            case VehicleFact.Landed when working.HasFlown:
                await EndAsync(vehicleId, working, fact.At, "It landed.", cancellation);
                break;
            case VehicleFact.Disarmed { MotorTest: false }:
                await EndAsync(vehicleId, working, fact.At, working.HasFlown ? "It was disarmed in the air." : "It was disarmed on the ground.", cancellation);
                break;
            default:
                break;
        }
    }

    private Task WriteAsync(string vehicleId, Guid incident, Func<IncidentRecord, (string Action, object? Details)?> change, CancellationToken cancellation) =>
        late.WriteAsync(vehicleId, token => book.ChangeAsync(incident, Actors.System, (row, _) => change(row), token), cancellation);

    private static (string Action, object? Details)? Reach(IncidentRecord row, IncidentStage stage, DateTimeOffset at) =>
        TimeAxis.Reach(row, stage, at, "event", Actors.System) ? ("incident.stageReached", new { stage = stage.ToString(), at }) : null;

    private Task ArriveAsync(string vehicleId, Working working, DateTimeOffset at, CancellationToken cancellation)
    {
        working.IsOnScene = true;
        return WriteAsync(vehicleId, working.Incident, row =>
        {
            if (row.DroneOf(vehicleId) is not { State: DroneState.OnTheWay })
                return null;
            row.Change(vehicleId, drone => drone with { State = DroneState.OnScene, OnSceneAt = at, FliesUntil = at + TimeSpan.FromSeconds(drone.StayS) });
            if (row.State != IncidentState.Closed)
                row.State = IncidentState.OnScene;
            return Reach(row, IncidentStage.DroneOnScene, at) ?? ("incident.droneArrived", new { vehicleId });
        }, cancellation);
    }

    /// <summary>It works the incident no more. What it was to do is left to another.</summary>
    private Task StopAsync(Working working, string vehicleId, DroneState state, DateTimeOffset at, string why, bool isLost, CancellationToken cancellation) =>
        WriteAsync(vehicleId, working.Incident, row =>
        {
            if (row.DroneOf(vehicleId) is not { } drone || (state == DroneState.Lost && !drone.IsWorking))
                return null;
            row.Stop(vehicleId, state, at, why, isLost && drone.IsWorking);
            return ("incident.droneLost", new { vehicleId, why });
        }, cancellation);

    /// <summary>It is down: done with its work if it was on its way home, lost to the incident if nobody had ended its work. Its assignment ends once
    /// that is written.</summary>
    private async Task EndAsync(string vehicleId, Working working, DateTimeOffset at, string why, CancellationToken cancellation)
    {
        _working.TryRemove(new(vehicleId, working));
        await WriteAsync(vehicleId, working.Incident, row =>
        {
            if (row.DroneOf(vehicleId) is not { } drone)
                return null;
            row.Stop(vehicleId, DroneState.Gone, at, why, drone.IsWorking);
            return (working.HasFlown && !row.HasDronesUnderWay ? Reach(row, IncidentStage.DroneRecovered, at) : null) ?? ("incident.droneLanded", new { vehicleId, why });
        }, cancellation);
        await late.WriteAsync(vehicleId, token => assignments.ReleaseAsync(vehicleId, working.Incident.ToString(), token), cancellation);
        if (!_left.Remove(vehicleId, out var left))
            return;
        foreach (var incident in left)
            await WriteAsync(vehicleId, incident, row => row.HasDronesUnderWay ? null : Reach(row, IncidentStage.DroneRecovered, at), cancellation);
    }

    private async Task ReturnIfLostAsync(string vehicleId, Working working, CancellationToken cancellation)
    {
        if ((await book.FindAsync(working.Incident, cancellation))?.DroneOf(vehicleId)?.State == DroneState.Lost)
            _ = ReturnAsync(vehicleId, working.Incident, cancellation);
    }

    // The order waits for the vehicle's answer, which comes through the loop that sees the events.
    private async Task ReturnAsync(string vehicleId, Guid incident, CancellationToken cancellation)
    {
        using var errand = quiescence.Errand();
        try
        {
            await desk.ReturnLostAsync(incident, vehicleId, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Closing.
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotReturned(error, vehicleId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Vehicle {VehicleId} was lost to its incident and is heard again; its way home could not be ordered")]
    private partial void LogNotReturned(Exception error, string vehicleId);

    /// <summary>What a drone is to look at, and from how far.</summary>
    private sealed record Aim(GeoPoint Scene, double StandsOffM)
    {
        public bool Shows(GeoPoint from) => Geodesic.DistanceM(from, Scene) <= SceneTask.ThereWithinM(StandsOffM);
    }

    private sealed class Working(Guid incident)
    {
        public Guid Incident => incident;

        /// <summary>Null until the incident has been read.</summary>
        public Aim? Aim { get; set; }

        public bool HasFlown { get; set; }

        public bool IsOnScene { get; set; }

        public bool IsRestored { get; set; }
    }
}
