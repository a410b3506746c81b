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
/// when its position is old, when the way would leave what may be flown, or when a pilot has control. One that somebody stops, or that leaves guided flight
/// by itself, is left alone until a person gives it the task anew.</summary>
/// <remarks>Owner of where each was last sent: its own loop.</remarks>
internal sealed partial class UnitFollower(
    IncidentBook book, IncidentChanges changes, WaysNow ways, FleetCommands commands, UnitBoard units, VehicleBoard board, IDbContextFactory<FleetDb> databases, Quiescence quiescence,
    IOptions<UnitsOptions> options, TimeProvider time, ILogger<UnitFollower> logger) : BellLoop(quiescence, time, LookEvery, LookEvery)
{
    /// <summary>A unit that moved less is still in the picture.</summary>
    private const double WorthMovingM = 25;

    /// <summary>Said of a drone that is left alone. It stays said over a restart, and with it the drone is left alone.</summary>
    private const string Stopped = "It was stopped, or no longer flies as it was sent; it follows again when it is given the task anew.";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(Guid Incident, string VehicleId), Following> _following = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.VehicleId != null).ToListAsync(cancellationToken))
                Restore(row);
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

    /// <summary>Takes up what the last run of the service did. A drone with a note may have been held by it.</summary>
    private void Restore(IncidentRecord row)
    {
        foreach (var drone in row.Drones.Where(Follows))
            _following[(row.Id, drone.VehicleId)] = new Following(drone.Task, null) { MayBeHeld = drone.Task.Note is not null };
    }

    private void OnChanged(IncidentView incident)
    {
        foreach (var key in _following.Keys.Where(key => key.Incident == incident.Id && !incident.Drones.Any(drone => drone.VehicleId == key.VehicleId && Follows(drone))))
            _following.TryRemove(key, out _);
        foreach (var drone in incident.Drones.Where(Follows))
        {
            var mode = board.Find(drone.VehicleId)?.Snapshot.Mode;
            var following = _following.GetOrAdd((incident.Id, drone.VehicleId), _ => new Following(drone.Task, mode));
            if (!IsSame(following.Task, drone.Task))
                following.BeginAnew(mode);
            following.Task = drone.Task;
        }
    }

    private static bool Follows(IncidentDrone drone) => drone is { State: DroneState.OnScene, Task.Task: SceneTaskKind.FollowUnit };

    /// <summary>Whether it is one task, given once, whatever keeps the drone from it.</summary>
    private static bool IsSame(SceneTask one, SceneTask other) => one with { Note = null } == other with { Note = null };

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
            // How it took the last order shows with its next heartbeat.
            if (board.Find(vehicleId) is not { Assignment: { } assignment, Snapshot.Position: not null } vehicle || assignment.Id != incident.ToString() || vehicle.Snapshot.HeartbeatAt <= following.OrderedAt)
                return;
            var (task, stops) = (following.Task, commands.StopsOf(vehicleId));
            var isStopped = task.Note == Stopped || stops.LastAt > (task.GivenAt ?? DateTimeOffset.MinValue) || (vehicle.Control is null && !following.IsAsLeft(vehicle.Snapshot));
            var note = isStopped ? Stopped : await FollowAsync(vehicle, following, Commander.For(assignment) with { StopsSeen = stops.Count }, cancellation);
            if (note != task.Note)
                await SayAsync(incident, vehicleId, task, note, cancellation);
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

    /// <returns>What keeps the drone from following, or null.</returns>
    private async Task<string?> FollowAsync(FleetVehicle vehicle, Following following, Commander commander, CancellationToken cancellation)
    {
        var here = vehicle.Snapshot.Position!.Value.Value.Point;
        var unit = units.Find(following.Task.UnitCallSign ?? "");
        var stand = unit is null ? here : following.Task.StandAt(unit.Point);
        var free = ways.Transit;
        var note = (vehicle, unit) switch
        {
            ({ Control: { } lease }, _) => $"{lease.Holder} has control of it.",
            (_, null) => "The unit is not known any more.",
            _ when Time.GetUtcNow() - unit!.PositionAt > TimeSpan.FromSeconds(options.Value.StaleAfterS) => "The unit's position is old; the drone holds.",
            _ when !free.IsFree(stand) || !free.IsFree(here, stand) => "The unit went where the drone may not; it holds at the edge.",
            _ => null,
        };
        if (note is not null && vehicle.Control is null && !following.IsHolding)
            await HoldAsync(vehicle.Id, following, commander, cancellation);
        return note is null && (following.IsHolding || following.SentTo is not { } last || Geodesic.DistanceM(last, unit!.Point) > WorthMovingM)
            ? await SendOnAsync(vehicle.Id, following, unit!.Point, stand, commander, cancellation)
            : note;
    }

    private async Task HoldAsync(string vehicleId, Following following, Commander commander, CancellationToken cancellation)
    {
        following.MayBeHeld = true;
        following.IsHolding = (await commands.ExecuteAsync(vehicleId, new VehicleCommand.Hold(), commander, cancellation)).IsAccepted;
        following.OrderedAt = Time.GetUtcNow();
    }

    /// <returns>What the drone answered when it does not go, or null.</returns>
    private async Task<string?> SendOnAsync(string vehicleId, Following following, GeoPoint unit, GeoPoint stand, Commander commander, CancellationToken cancellation)
    {
        // Once: what was not confirmed is not repeated, the unit's next move makes a new order.
        following.SentTo = unit;
        following.IsHolding = false;
        var sent = await commands.ExecuteAsync(vehicleId, new VehicleCommand.GoTo(stand, Altitude.Relative(following.Task.HeightM)), commander, cancellation);
        following.OrderedAt = Time.GetUtcNow();
        if (!sent.IsAccepted)
            return $"It did not follow: {sent.Refusal?.Detail ?? FleetCommands.Describe(sent.Outcome)}";
        following.HasGone();
        if (following.Task.CameraOnPlace)
            await commands.ExecuteAsync(vehicleId, new VehicleCommand.PointCameraAt(unit, Altitude.Relative(0)), commander, cancellation);
        return null;
    }

    /// <summary>Notes it in the task that it is about: one that was given meanwhile begins without.</summary>
    private Task<IncidentRecord?> SayAsync(Guid id, string vehicleId, SceneTask about, string? note, CancellationToken cancellation) =>
        book.ChangeAsync(id, Actors.System, (row, _) => row.DroneOf(vehicleId) is { } present && IsSame(present.Task, about) && row.Change(vehicleId, drone => drone with { Task = drone.Task with { Note = note } })
            ? ("incident.sceneNote", new { vehicleId, note })
            : null, cancellation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Incident {Incident}: following a unit could not be written")]
    private partial void LogNotWritten(Exception error, Guid incident);

    /// <param name="foundIn">The mode that the drone had when it was given the task; null where that is not known.</param>
    private sealed class Following(SceneTask task, string? foundIn)
    {
        private string? _foundIn = foundIn;

        public SceneTask Task { get; set; } = task;

        public Task Acting { get; set; } = System.Threading.Tasks.Task.CompletedTask;

        /// <summary>Where the unit was when the drone was last sent on; null when it is to be sent whatever the unit does.</summary>
        public GeoPoint? SentTo { get; set; }

        public bool IsHolding { get; set; }

        /// <summary>Whether a hold was ordered since it last went, confirmed or not.</summary>
        public bool MayBeHeld { get; set; }

        /// <summary>When the last order had ended.</summary>
        public DateTimeOffset? OrderedAt { get; set; }

        /// <summary>The task is given anew: what the drone does at the moment is what the person saw who gave it.</summary>
        public void BeginAnew(string? mode)
        {
            SentTo = null;
            _foundIn = mode;
        }

        /// <summary>It took the order to go.</summary>
        public void HasGone()
        {
            MayBeHeld = false;
            _foundIn = null;
        }

        /// <summary>Whether a drone flies as it was left: a transmitter or a failsafe that takes it away changes its mode.</summary>
        public bool IsAsLeft(VehicleSnapshot snapshot) => snapshot.ModeUse is null or ModeUse.Guided || (MayBeHeld && snapshot.ModeUse == ModeUse.Held) || snapshot.Mode == _foundIn;
    }
}
