using System.Collections.Concurrent;
using System.Globalization;
using DroneOps.Missions.Flight;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Dispatch;

/// <summary>Brings drones home from their scenes while they can still land with their reserve, and has the primary relieved before: the relief
/// starts so early that both are there for a while, and the first leaves only then or at its time, whichever comes first.</summary>
/// <remarks>Owner of what it knows of the incidents that are worked: its own loop. Where a pilot has control it orders nothing and says so.</remarks>
internal sealed partial class ReliefWatch(
    IncidentBook book, IncidentChanges changes, DispatchDesk desk, VehicleBoard board, Airframes airframes, ReturnWind wind, IDbContextFactory<FleetDb> databases, Quiescence quiescence,
    IOptions<DispatchOptions> options, TimeProvider time, ILogger<ReliefWatch> logger) : BellLoop(quiescence, time, LookEvery, LookEvery)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NotAgainFor = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OrderAgainAfter = TimeSpan.FromSeconds(5);

    private const double JumpPercent = 4;

    /// <summary>A deadline is written again when it moves by this much: a battery tells whole percents, each half a minute of hovering.</summary>
    private static readonly TimeSpan WorthWriting = TimeSpan.FromSeconds(45);

    private readonly ConcurrentDictionary<Guid, Worked> _worked = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var row in await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.VehicleId != null).ToListAsync(cancellationToken))
            _worked.TryAdd(row.Id, new Worked(IncidentView.Of(row)));
        changes.Changed += OnChanged;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_worked.Values.Select(worked => worked.Acting));
    }

    private void OnChanged(IncidentView incident)
    {
        if (incident.VehicleId is not null)
            _worked.GetOrAdd(incident.Id, _ => new Worked(incident)).Incident = incident;
        else
            _worked.TryRemove(incident.Id, out _);
    }

    protected override void OnTime()
    {
        if (!_worked.IsEmpty)
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var (_, worked) in _worked)
        {
            try
            {
                if (worked.Acting.IsCompleted)
                    await LookAtAsync(worked, cancellation);
            }
            catch (Exception error) when (Outage.Is(error))
            {
                LogNotWritten(error, worked.Incident.Id);
            }
        }
    }

    private async Task LookAtAsync(Worked worked, CancellationToken cancellation)
    {
        var (incident, now) = (worked.Incident, Time.GetUtcNow());
        foreach (var drone in incident.Drones.Where(drone => drone.IsWorking))
        {
            if (LeaveBy(worked, drone, now) is not { } leaveBy)
                continue;
            if (drone.RelieveBy is not { } written || (written - leaveBy).Duration() >= WorthWriting)
                await WriteAsync(incident.Id, drone.VehicleId, leaveBy, cancellation);
            if (now >= leaveBy)
                await LeaveAsync(worked, drone, "It had to leave to land with its reserve.", cancellation);
            else if (drone.Role == DroneRole.Primary)
                await RelieveAsync(worked, drone, leaveBy, drone.RelieveBy ?? leaveBy, cancellation);
            if (!worked.Acting.IsCompleted)
                return;
        }
    }

    /// <summary>When a drone must leave: by its charge, and by the stay that its mission was given.</summary>
    private DateTimeOffset? LeaveBy(Worked worked, IncidentDrone drone, DateTimeOffset now)
    {
        var incident = worked.Incident;
        if (board.Find(drone.VehicleId)?.Snapshot is not { InAir: true, Position: { IsStale: false, Value: var position }, Battery.Value.RemainingPercent: { } charge } snapshot
            || incident.Location.Coordinates is not [var lon, var lat])
            return null;
        var standing = new VehicleStanding(position.Point, Math.Max(0, position.AboveHome.Metres), true, charge, SceneFlight.HomeOf(snapshot).Position);

        // One that follows a unit stands where it is.
        var stand = drone.State == DroneState.OnScene ? position.Point : drone.Task.StandAt(new(lat, lon));
        var airframe = airframes.Of(drone.VehicleId);
        var thirst = drone.State == DroneState.OnScene ? worked.Thirst(drone.VehicleId, airframe, charge, now) : 1;
        airframe = airframe with { BatteryWh = airframe.BatteryWh / thirst };
        var byCharge = Relief.LeaveBy(now, Relief.Reckon(airframe, standing, stand, drone.Task.HeightM, wind.AgainstMps(snapshot)));
        var byMission = drone.FliesUntil - Relief.Margin ?? DateTimeOffset.MaxValue;
        return byCharge < byMission ? byCharge : byMission;
    }

    private async Task RelieveAsync(Worked worked, IncidentDrone primary, DateTimeOffset leaveBy, DateTimeOffset told, CancellationToken cancellation)
    {
        var (incident, now) = (worked.Incident, Time.GetUtcNow());
        if (incident.Drones.FirstOrDefault(drone => drone is { IsWorking: true, Role: DroneRole.Relief }) is { } relief)
        {
            await HandOverAsync(worked, primary, relief, told, cancellation);
            return;
        }

        await TakeBackAsync(worked, cancellation);

        // Long before, nothing is to be done or told: whom it would be now says little.
        if (leaveBy - now > Relief.Warning || await book.FindAsync(incident.Id, cancellation) is not { } row)
            return;
        var ranked = desk.Rank(row).Select(candidate => worked.Refused.TryGetValue(candidate.VehicleId, out var refused) && now - refused.At < NotAgainFor
            ? candidate with { Rank = null, Excluded = refused.Reason }
            : candidate).ToList();
        var best = ranked.Where(candidate => candidate.Excluded is null).MinBy(candidate => Candidates.CostS(candidate, row.Priority));
        var isAutomatic = options.Value.AutoRelief || incident.IsAutomatic;
        await SayAsync(incident.Id, row.WaitsFor, (best, isAutomatic) switch
        {
            (null, _) => string.Create(CultureInfo.InvariantCulture, $"{NameOf(primary.VehicleId)} must leave at {told.UtcDateTime:HH:mm} UTC and nobody can relieve it. {string.Join(" ", ranked.Select(candidate => $"{candidate.Name}: {candidate.Excluded}"))}"),
            (_, false) => string.Create(CultureInfo.InvariantCulture, $"{NameOf(primary.VehicleId)} must leave at {told.UtcDateTime:HH:mm} UTC; send its relief."),
            _ => null,
        }, cancellation);
        if (best is { EtaP90S: { } eta } && isAutomatic && now >= Relief.AskAt(leaveBy, eta))
            worked.Acting = ActAsync(incident.Id, () => AskAsync(worked, best.VehicleId, row.ReportedBy, cancellation), cancellation);
    }

    /// <summary>Has the primary leave once its relief has been there for a while. A relief is sent to the incident's place: it does not take over the
    /// unit that the primary follows or the key site that it watches, so such a primary stays until it must leave.</summary>
    private async Task HandOverAsync(Worked worked, IncidentDrone primary, IncidentDrone relief, DateTimeOffset told, CancellationToken cancellation)
    {
        if (!primary.Task.IsAboutPlace || !relief.Task.IsAboutPlace)
        {
            worked.StaysBecause = string.Create(
                CultureInfo.InvariantCulture, $"{NameOf(primary.VehicleId)} stays with its own task until it must leave at {told.UtcDateTime:HH:mm} UTC; {NameOf(relief.VehicleId)} does not take that over.");
            await SayAsync(worked.Incident.Id, worked.Incident.WaitsFor, worked.StaysBecause, cancellation);
            return;
        }

        await TakeBackAsync(worked, cancellation);
        if (relief.State == DroneState.OnScene && Time.GetUtcNow() - relief.OnSceneAt >= Relief.Overlap)
            await LeaveAsync(worked, primary, $"{NameOf(relief.VehicleId)} relieved it.", cancellation);
    }

    /// <summary>Takes back why a drone stayed beside its relief: one of them has left, or has another task.</summary>
    private async Task TakeBackAsync(Worked worked, CancellationToken cancellation)
    {
        if (worked.StaysBecause is { } said && said == worked.Incident.WaitsFor)
            await SayAsync(worked.Incident.Id, said, null, cancellation);
        worked.StaysBecause = null;
    }

    private async Task AskAsync(Worked worked, string vehicleId, string actor, CancellationToken cancellation)
    {
        if (await desk.SendAsync(worked.Incident.Id, vehicleId, DroneRole.Relief, actor, cancellation) is DispatchResult.Refused refused)
            worked.Refused[vehicleId] = (Time.GetUtcNow(), refused.Detail);
    }

    private async Task LeaveAsync(Worked worked, IncidentDrone drone, string why, CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        if (board.Find(drone.VehicleId)?.Control is { } lease)
        {
            // The pilot has the last word, and is told.
            await SayAsync(worked.Incident.Id, worked.Incident.WaitsFor, $"{NameOf(drone.VehicleId)} must leave now; {lease.Holder} has control of it.", cancellation);
            return;
        }

        if (worked.Ordered.TryGetValue(drone.VehicleId, out var ordered) && now - ordered < OrderAgainAfter)
            return;
        worked.Ordered[drone.VehicleId] = now;
        worked.Acting = ActAsync(worked.Incident.Id, () => desk.LeaveAsync(worked.Incident.Id, drone.VehicleId, why, cancellation), cancellation);
    }

    /// <summary>What waits for a vehicle's answer goes on beside the loop: the clock of a run on virtual time must not stand for it.</summary>
    private async Task ActAsync(Guid incident, Func<Task> act, CancellationToken cancellation)
    {
        using var errand = Quiescence.Errand();
        try
        {
            await act();
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

    private Task<IncidentRecord?> WriteAsync(Guid id, string vehicleId, DateTimeOffset leaveBy, CancellationToken cancellation) =>
        book.ChangeAsync(id, Actors.System, (row, _) => row.DroneOf(vehicleId) is { IsWorking: true } && row.Change(vehicleId, drone => drone with { RelieveBy = leaveBy })
            ? ("incident.reliefDue", new { vehicleId, relieveBy = leaveBy })
            : null, cancellation);

    private Task SayAsync(Guid id, string? present, string? reason, CancellationToken cancellation) => reason == present
        ? Task.CompletedTask
        : book.ChangeAsync(id, Actors.System, (row, _) =>
        {
            if (row.VehicleId is null || row.WaitsFor == reason)
                return null;
            row.WaitsFor = reason;
            return ("incident.waits", new { reason });
        }, cancellation);

    private string NameOf(string vehicleId) => board.Find(vehicleId)?.Name ?? vehicleId;

    [LoggerMessage(Level = LogLevel.Error, Message = "Incident {Incident}: the relief of its drones could not be written")]
    private partial void LogNotWritten(Exception error, Guid incident);

    /// <summary>An incident that is worked.</summary>
    private sealed class Worked(IncidentView incident)
    {
        /// <summary>The charge of each drone when it came to the scene, and now.</summary>
        private readonly Dictionary<string, (DateTimeOffset Since, double First, double Last)> _charges = new(StringComparer.Ordinal);

        public IncidentView Incident { get; set; } = incident;

        public Task Acting { get; set; } = Task.CompletedTask;

        /// <summary>What was said of a primary that stays though its relief is there; null when none does.</summary>
        public string? StaysBecause { get; set; }

        /// <summary>When each drone was last told to leave.</summary>
        public Dictionary<string, DateTimeOffset> Ordered { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, (DateTimeOffset At, string Reason)> Refused { get; } = new(StringComparer.Ordinal);

        public double Thirst(string vehicleId, AirframeProfile airframe, double charge, DateTimeOffset now)
        {
            // A jump is another pack, or a gauge that found its place: what was before says nothing.
            if (!_charges.TryGetValue(vehicleId, out var known) || Math.Abs(known.Last - charge) > JumpPercent)
                known = (now, charge, charge);
            _charges[vehicleId] = known with { Last = charge };
            return Relief.Thirst(airframe, known.First - charge, now - known.Since);
        }
    }
}
