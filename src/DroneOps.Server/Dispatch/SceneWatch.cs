using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>Writes the time axis from what the drones do: airborne, on scene, recovered; and sees when a drone is lost to an incident.</summary>
/// <remarks>Owner: its own loop over the fleet's events.</remarks>
internal sealed partial class SceneWatch(FleetEvents events, IncidentBook book, IDbContextFactory<FleetDb> databases, ILogger<SceneWatch> logger) : BackgroundService
{
    /// <summary>Within this distance the picture shows the place.</summary>
    public const double OnSceneM = 40;

    private readonly Dictionary<string, Working> _working = new(StringComparer.Ordinal);
    private readonly FleetSubscription _subscription = events.Subscribe("incidents");

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RestoreAsync(stoppingToken);
            await _subscription.ReadAsync(HandleAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private async Task RestoreAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.VehicleId != null && row.State != IncidentState.Closed).ToListAsync(cancellation))
            _working[row.VehicleId!] = new(row.Id, row.Scene) { IsOnScene = row.ReachedAt(IncidentStage.DroneOnScene) is not null };
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        try
        {
            switch (happened)
            {
                case FleetEvent.AssignmentTaken { Assignment: { Kind: AssignmentKind.Incident } task }:
                    await BeginAsync(happened.VehicleId, Guid.Parse(task.Id), cancellation);
                    break;
                case FleetEvent.AssignmentLost { Lost.Kind: AssignmentKind.Incident } lost when _working.Remove(happened.VehicleId, out var left):
                    await book.ChangeAsync(left.Incident, Actors.System, (row, _) => Free(row, lost.By.Label), cancellation);
                    break;
                case FleetEvent.Observed { Fact: var fact } when _working.TryGetValue(happened.VehicleId, out var working):
                    await ObserveAsync(happened.VehicleId, working, fact, cancellation);
                    break;
                default:
                    break;
            }
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotWritten(error, happened.VehicleId);
        }
    }

    private async Task BeginAsync(string vehicleId, Guid incident, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == incident, cancellation) is { } row)
            _working[vehicleId] = new(incident, row.Scene);
    }

    private async ValueTask ObserveAsync(string vehicleId, Working working, VehicleFact fact, CancellationToken cancellation)
    {
        switch (fact)
        {
            case VehicleFact.TookOff:
                working.HasFlown = true;
                await ReachAsync(working, IncidentStage.DroneAirborne, fact.At, null, cancellation);
                break;
            case VehicleFact.PositionFixed position:
                working.HasFlown |= position.AboveHome.Metres > 5;
                if (!working.IsOnScene && working.HasFlown && Geodesic.DistanceM(position.Point, working.Scene) <= OnSceneM)
                {
                    working.IsOnScene = true;
                    await ReachAsync(working, IncidentStage.DroneOnScene, fact.At, IncidentState.OnScene, cancellation);
                }

                break;
            case VehicleFact.Landed when working.HasFlown:
                _working.Remove(vehicleId);
                await ReachAsync(working, IncidentStage.DroneRecovered, fact.At, null, cancellation);
                break;
            default:
                break;
        }
    }

    private Task<IncidentRecord?> ReachAsync(Working working, IncidentStage stage, DateTimeOffset at, IncidentState? state, CancellationToken cancellation) =>
        book.ChangeAsync(working.Incident, Actors.System, (row, _) =>
        {
            if (!TimeAxis.Reach(row, stage, at, "event", Actors.System))
                return null;
            if (state is { } next && row.State != IncidentState.Closed)
                row.State = next;
            return ("incident.stageReached", new { stage = stage.ToString(), at });
        }, cancellation);

    private static (string, object?)? Free(IncidentRecord row, string by)
    {
        row.VehicleId = null;
        if (row.State != IncidentState.Closed)
            row.State = IncidentState.Open;
        return ("incident.droneLost", new { by });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The time axis could not be written for vehicle {VehicleId}")]
    private partial void LogNotWritten(Exception error, string vehicleId);

    private sealed record Working(Guid Incident, Mavlink.GeoPoint Scene)
    {
        public bool HasFlown { get; set; }

        public bool IsOnScene { get; set; }
    }
}
