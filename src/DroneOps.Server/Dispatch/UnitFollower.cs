using System.Collections.Concurrent;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Units;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Dispatch;

/// <summary>Keeps drones with the units that they follow: sends them on when the unit has moved, and has them hold, with the reason in their task,
/// when its position is old, when the way would leave what may be flown, or when a pilot has control.</summary>
/// <remarks>Owner of where each was last sent: its own loop.</remarks>
internal sealed partial class UnitFollower(
    IncidentBook book, IncidentChanges changes, WaysNow ways, FleetCommands commands, UnitBoard units, VehicleBoard board, IDbContextFactory<FleetDb> databases, Quiescence quiescence,
    IOptions<UnitsOptions> options, TimeProvider time, ILogger<UnitFollower> logger) : BellLoop(quiescence, time, LookEvery, LookEvery)
{
    /// <summary>A unit that moved less is still in the picture.</summary>
    private const double WorthMovingM = 25;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(Guid Incident, string VehicleId), Following> _following = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.VehicleId != null).ToListAsync(cancellationToken))
                OnChanged(IncidentView.Of(row));
        }

        changes.Changed += OnChanged;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_following.Values.Select(following => following.Acting));
    }

    private void OnChanged(IncidentView incident)
    {
        foreach (var key in _following.Keys.Where(key => key.Incident == incident.Id && !incident.Drones.Any(drone => drone.VehicleId == key.VehicleId && Follows(drone))))
            _following.TryRemove(key, out _);
        foreach (var drone in incident.Drones.Where(Follows))
        {
            var following = _following.GetOrAdd((incident.Id, drone.VehicleId), _ => new Following(drone.Task));
            if (following.Task with { Note = null } != drone.Task with { Note = null })
                following.SentTo = null;
            following.Task = drone.Task;
        }
    }

    private static bool Follows(IncidentDrone drone) => drone is { State: DroneState.OnScene, Task.Task: SceneTaskKind.FollowUnit };

    protected override void OnTime()
    {
        if (!_following.IsEmpty)
            Ring();
    }

    protected override Task LookAsync(CancellationToken cancellation)
    {
        foreach (var (key, following) in _following.Where(entry => entry.Value.Acting.IsCompleted))
            following.Acting = StepAsync(key.Incident, key.VehicleId, following, cancellation);
        return Task.CompletedTask;
    }

    private async Task StepAsync(Guid incident, string vehicleId, Following following, CancellationToken cancellation)
    {
        using var errand = Quiescence.Errand();
        try
        {
            var task = following.Task;
            if (board.Find(vehicleId) is not { Assignment: { } assignment, Snapshot.Position.Value: var position } vehicle || assignment.Id != incident.ToString())
                return;
            var unit = units.Find(task.UnitCallSign ?? "");
            var stand = unit is null ? position.Point : SceneStand.PointOf(unit.Point, task);
            var free = ways.Transit;
            var note = (vehicle, unit) switch
            {
                ({ Control: { } lease }, _) => $"{lease.Holder} has control of it.",
                (_, null) => "The unit is not known any more.",
                _ when Time.GetUtcNow() - unit!.PositionAt > TimeSpan.FromSeconds(options.Value.StaleAfterS) => "The unit's position is old; the drone holds.",
                _ when !free.IsFree(stand) || !free.IsFree(position.Point, stand) => "The unit went where the drone may not; it holds at the edge.",
                _ => null,
            };
            if (note is not null && vehicle.Control is null && !following.IsHolding)
                following.IsHolding = (await commands.ExecuteAsync(vehicleId, new VehicleCommand.Hold(), Commander.For(assignment), cancellation)).IsAccepted;
            if (note is null && (following.IsHolding || following.SentTo is not { } last || Geodesic.DistanceM(last, unit!.Point) > WorthMovingM))
                note = await SendOnAsync(vehicleId, following, unit!.Point, stand, assignment, cancellation);
            if (note != task.Note)
                await SayAsync(incident, vehicleId, note, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Closing.
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotWritten(error, incident);
        }
    }

    /// <returns>What the drone answered when it does not go, or null.</returns>
    private async Task<string?> SendOnAsync(string vehicleId, Following following, GeoPoint unit, GeoPoint stand, Assignment assignment, CancellationToken cancellation)
    {
        // Once: what was not confirmed is not repeated, the unit's next move makes a new order.
        following.SentTo = unit;
        following.IsHolding = false;
        var sent = await commands.ExecuteAsync(vehicleId, new VehicleCommand.GoTo(stand, Altitude.Relative(following.Task.HeightM)), Commander.For(assignment), cancellation);
        if (!sent.IsAccepted)
            return $"It did not follow: {sent.Refusal?.Detail ?? FleetCommands.Describe(sent.Outcome)}";
        if (following.Task.CameraOnPlace)
            await commands.ExecuteAsync(vehicleId, new VehicleCommand.PointCameraAt(unit, Altitude.Relative(0)), Commander.For(assignment), cancellation);
        return null;
    }

    private Task<IncidentRecord?> SayAsync(Guid id, string vehicleId, string? note, CancellationToken cancellation) =>
        book.ChangeAsync(id, Actors.System, (row, _) => row.Change(vehicleId, drone => drone with { Task = drone.Task with { Note = note } })
            ? ("incident.sceneNote", new { vehicleId, note })
            : null, cancellation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Incident {Incident}: following a unit could not be written")]
    private partial void LogNotWritten(Exception error, Guid incident);

    private sealed class Following(SceneTask task)
    {
        public SceneTask Task { get; set; } = task;

        public Task Acting { get; set; } = System.Threading.Tasks.Task.CompletedTask;

        /// <summary>Where the unit was when the drone was last sent on; null when it is to be sent whatever the unit does.</summary>
        public GeoPoint? SentTo { get; set; }

        public bool IsHolding { get; set; }
    }
}
