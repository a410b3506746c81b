using DroneOps.Missions.Flight;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Dispatch;

/// <summary>Sends drones to incidents and brings them home: ranks, takes, flies, recalls.</summary>
internal sealed partial class DispatchDesk(
    IncidentBook book, WaysNow ways, VehicleBoard board, Assignments assignments, SceneFlight flight, FleetCommands commands, Decisions decisions, FleetWind wind,
    Airframes airframes, FlightHabits habits, IOptions<DispatchOptions> options, TimeProvider time)
{
    private const int RecallRounds = 3;

    /// <summary>An incident outranks every patrol, and a more urgent one a less urgent one.</summary>
    public static int PriorityOf(IncidentRecord incident) => 1000 - (100 * incident.Priority);

    /// <summary>The fleet, ranked for an incident, with the reasons of those not offered.</summary>
    public IReadOnlyList<Candidate> Rank(IncidentRecord incident) => WithoutLost(incident, RankAll(incident));

    /// <summary>Sends a drone.</summary>
    /// <param name="id">The incident.</param>
    /// <param name="vehicleId">The drone to send, or null for the best. One that was lost to the incident goes again only by name.</param>
    /// <param name="role">For what; a second and a relief need a primary.</param>
    /// <param name="cancellation">Gives up before the drone is taken. After that it takes its course: a caller who hangs up must not leave an incident
    /// that says a drone is on its way and a drone that was never told.</param>
    public async Task<DispatchResult> SendAsync(Guid id, string? vehicleId, DroneRole role, string actor, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } incident)
            return new DispatchResult.NoSuchIncident();
        if (RefusalOf(incident, role) is { } not)
            return not;
        if (vehicleId is not null && board.Find(vehicleId) is null)
            return new DispatchResult.NoSuchVehicle(vehicleId);
        await NoteRequestAsync(incident, actor, cancellation);

        var ranked = vehicleId is null ? Rank(incident) : RankAll(incident);
        var chosen = vehicleId is null ? ranked.FirstOrDefault(candidate => candidate.Rank == 1) : ranked.FirstOrDefault(candidate => candidate.VehicleId == vehicleId);
        if (chosen is null)
            return new DispatchResult.Refused("no-drone-fit", string.Join(" ", ranked.Select(candidate => $"{candidate.Name}: {candidate.Excluded}")));
        if (chosen.Excluded is { } reason)
            return new DispatchResult.Refused("drone-not-fit", $"{chosen.Name}: {reason}");
        if (flight.StandFor(chosen.VehicleId, incident.Scene, incident.Drones) is not { } stand)
            return new DispatchResult.Refused("no-room", "There is no height left over the place that keeps 15 m from the drones there.");

        var decision = board.Find(chosen.VehicleId) is { } drone
            ? Decisions.Of(incident, drone, ranked, ways.Transit, AirframeOf(drone.Id), wind.Now.Wind, actor, time.GetUtcNow())
            : null;
        var stay = flight.StayOf(chosen.VehicleId, incident.Scene, stand);
        var assignment = AssignmentOf(incident, actor);
        cancellation.ThrowIfCancellationRequested();
        var taken = await assignments.TakeAsync(chosen.VehicleId, assignment, CancellationToken.None);
        switch (taken)
        {
            case TakeResult.Busy busy:
                return new DispatchResult.Refused("drone-busy", $"{chosen.Name} was just taken by {busy.By.Label}.");
            case TakeResult.NotFit unfit:
                return new DispatchResult.Refused("drone-not-fit", unfit.Reason);
            default:
                break;
        }

        DispatchResult.Refused? late = null;
        IncidentRecord? sent;
        try
        {
            sent = await book.ChangeAsync(id, actor, (row, now) =>
            {
                late = RefusalOf(row, role);
                if (late is not null)
                    return null;
                row.Send(new IncidentDrone(chosen.VehicleId, role, now, stand) { StayS = stay.TotalSeconds });
                row.WaitsFor = null;
                TimeAxis.Reach(row, IncidentStage.DroneAssigned, now, "event", actor);
                if (board.Find(chosen.VehicleId)?.Snapshot.InAir == true)
                    TimeAxis.Reach(row, IncidentStage.DroneAirborne, now, "event", actor);
                return ("incident.dispatched", new { chosen.VehicleId, chosen.InTenths().EtaP90S, role = role.ToString(), stand.HeightM });
            }, CancellationToken.None);
        }
        catch
        {
            // Not written, so not sent: the drone is free for the next call, unless another order for the incident had taken it.
            if (taken is TakeResult.Taken)
                await assignments.ReleaseAsync(chosen.VehicleId, assignment.Id, CancellationToken.None);
            throw;
        }

        if (late is not null)
        {
            // Another order came first, or the incident was closed, while the drone was taken. Where the other order was for the same drone, the incident keeps it.
            if (taken is TakeResult.Taken && sent?.DroneOf(chosen.VehicleId) is null)
                await assignments.ReleaseAsync(chosen.VehicleId, assignment.Id, CancellationToken.None);
            return late;
        }

        var flown = await flight.FlyThereAsync(chosen.VehicleId, incident.Scene, stand, stay, assignment, CancellationToken.None);
        if (flown is not FlyResult.Stopped stopped)
        {
            // After the order: the drone does not wait for the record of why it goes.
            await decisions.WriteAsync(decision, CancellationToken.None);
            return new DispatchResult.Sent(await AsItIsAsync(sent!), chosen);
        }

        return await GiveUpAsync(id, chosen, stopped, assignment, actor);
    }

    /// <summary>Brings drones of the incident home and gives them back.</summary>
    /// <param name="vehicleId">Which, or null for all of them.</param>
    /// <param name="mayGoOn">Whether they may go on with the patrol that they left, where their energy allows it.</param>
    public async Task<DispatchResult> RecallAsync(Guid id, string? vehicleId, bool mayGoOn, string actor, CancellationToken cancellation)
    {
        IncidentRecord? recalled = null;
        for (var round = 0; round < RecallRounds; round++)
        {
            if (await book.FindAsync(id, cancellation) is not { } incident)
                return new DispatchResult.NoSuchIncident();
            var leaving = incident.Working.Where(drone => vehicleId is null || drone.VehicleId == vehicleId).ToList();
            if (leaving.Count == 0)
                return recalled is null ? new DispatchResult.Refused("no-drone", "No drone works this incident.") : new DispatchResult.Sent(recalled, null);
            foreach (var drone in leaving)
            {
                if (await BringHomeAsync(incident, drone.VehicleId, actor, cancellation) is { } not)
                    return not;
                recalled = await LetGoAsync(id, drone.VehicleId, "incident.recalled", "It was recalled.", actor, mayGoOn, row =>
                {
                    if (row.VehicleId is not null || row.State == IncidentState.Closed)
                        return;
                    row.IsAutomatic = false;
                    row.WaitsFor = null;
                    row.State = IncidentState.Recalled;
                });
            }

            // While one of them took its order, another may have been sent: its relief, for example.
            if (recalled is null || vehicleId is not null || recalled.VehicleId is null)
                return recalled is null ? new DispatchResult.NoSuchIncident() : new DispatchResult.Sent(recalled, null);
        }

        return new DispatchResult.Refused("already-dispatched", $"Vehicle {recalled!.VehicleId} works this incident; recall it first.");
    }

    /// <summary>Has a drone leave the scene for home; without another one the incident is open again.</summary>
    public async Task LeaveAsync(Guid id, string vehicleId, string why, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is { } incident && incident.DroneOf(vehicleId) is { IsWorking: true } && await BringHomeAsync(incident, vehicleId, Actors.System, cancellation) is null)
            await LetGoAsync(id, vehicleId, "incident.droneLeft", why, Actors.System, mayGoOn: false, _ => { });
    }

    /// <summary>Brings a drone home that was lost to its incident and is heard again, unless it is on its way already or somebody else has it.</summary>
    public async Task ReturnLostAsync(Guid id, string vehicleId, CancellationToken cancellation)
    {
        if (board.Find(vehicleId) is { Snapshot.InAir: true, Control: null, Assignment: { } task } && task.Id == id.ToString())
            await commands.ExecuteAsync(vehicleId, new VehicleCommand.ReturnToLaunch(), Commander.For(task), cancellation);
    }

    /// <summary>Notes that a drone was asked for, whether one is free or not: from then on it is the drone that the incident waits for.</summary>
    private async Task NoteRequestAsync(IncidentRecord incident, string actor, CancellationToken cancellation)
    {
        if (incident.ReachedAt(IncidentStage.DroneRequested) is not null)
            return;
        await book.ChangeAsync(incident.Id, actor, (row, now) => row.State != IncidentState.Closed && TimeAxis.Reach(row, IncidentStage.DroneRequested, now, "event", actor)
            ? ("incident.stageReached", new { stage = nameof(IncidentStage.DroneRequested), at = now })
            : null, cancellation);
    }

    /// <summary>A drone did not take its route. One that may be in the air all the same is ordered home before it is let go: nobody else has it.</summary>
    private async Task<DispatchResult> GiveUpAsync(Guid id, Candidate chosen, FlyResult.Stopped stopped, Assignment assignment, string actor)
    {
        var wayHome = await commands.BringHomeAsync(chosen.VehicleId, stopped, assignment);
        var mayBeUp = wayHome is not null && board.Find(chosen.VehicleId)?.Snapshot is { Armed: true } or { InAir: true };

        // Until it is down the next drone keeps its height from it; and while nobody knows where it goes, nobody is offered it.
        var state = !mayBeUp ? DroneState.Gone : wayHome!.IsAccepted ? DroneState.Leaving : DroneState.Lost;
        var why = $"{chosen.Name} did not go: {FleetCommands.Describe(stopped, wayHome)}";
        await book.ChangeAsync(id, actor, (row, now) => row.Stop(chosen.VehicleId, state, now, why, isLost: state == DroneState.Lost)
            ? ("incident.dispatchFailed", new { chosen.VehicleId, stopped.Step, stopped.Reason, Return = wayHome is null ? null : CommandWords.NameOf(wayHome.Outcome) })
            : null, CancellationToken.None);

        // After the incident says so: a patrol that it was taken from may take it at once. Home comes first all the same, since the patrol may not go
        // on, and one that does holds the drone before it flies.
        if (state != DroneState.Lost)
            await assignments.ReleaseAsync(chosen.VehicleId, assignment.Id, mayGoOn: wayHome is { IsAccepted: true }, CancellationToken.None);
        return new DispatchResult.Refused("drone-did-not-go", why);
    }

    /// <summary>An incident as it is once its drone has answered, which takes seconds: it may have lost the drone again.</summary>
    private async Task<IncidentRecord> AsItIsAsync(IncidentRecord sent)
    {
        try
        {
            return await book.FindAsync(sent.Id, CancellationToken.None) ?? sent;
        }
        catch (Exception error) when (Outage.Is(error))
        {
            // The drone flies, whatever became of the store.
            return sent;
        }
    }

    /// <summary>The part of a task that a drone has for an incident.</summary>
    private static Assignment AssignmentOf(IncidentRecord incident, string actor) =>
        new(AssignmentKind.Incident, incident.Id.ToString(), incident.ExternalNumber ?? incident.Summary, PriorityOf(incident), actor, Purpose.Incident);

    private IReadOnlyList<Candidate> RankAll(IncidentRecord incident) =>
        Candidates.Rank(incident.Scene, incident.Priority, PriorityOf(incident), board.All, ways.Transit, Conditions());

    private AirframeProfile AirframeOf(string vehicleId) => habits.Of(vehicleId, airframes.Of(vehicleId));

    private FlightConditions Conditions() => new(wind.Now.Wind, AirframeOf, options.Value.LinkRangeM);

    /// <summary>Orders a drone home.</summary>
    /// <returns>Why it may still be at the scene, or null.</returns>
    private async Task<DispatchResult.Refused?> BringHomeAsync(IncidentRecord incident, string vehicleId, string actor, CancellationToken cancellation)
    {
        var receipt = await commands.ExecuteAsync(vehicleId, new VehicleCommand.ReturnToLaunch(), new Commander(actor, false, incident.Id.ToString()), cancellation);
        return receipt.IsAccepted || board.Find(vehicleId)?.Snapshot.InAir != true
            ? null
            : new("drone-did-not-answer", $"The order to return was not confirmed: {receipt.Refusal?.Detail ?? FleetCommands.Describe(receipt.Outcome)}");
    }

    private async Task<IncidentRecord?> LetGoAsync(Guid id, string vehicleId, string action, string why, string actor, bool mayGoOn, Action<IncidentRecord> then)
    {
        var state = board.Find(vehicleId)?.Snapshot.InAir == true ? DroneState.Leaving : DroneState.Gone;
        var changed = await book.ChangeAsync(id, actor, (row, now) =>
        {
            row.Stop(vehicleId, state, now, why);
            then(row);
            return (action, new { vehicleId, why });
        }, CancellationToken.None);
        await assignments.ReleaseAsync(vehicleId, id.ToString(), mayGoOn, CancellationToken.None);
        return changed;
    }

    private static DispatchResult.Refused? RefusalOf(IncidentRecord incident, DroneRole role) => (role, incident) switch
    {
        (_, { State: IncidentState.Closed }) => new("incident-closed", "The incident is closed."),
        (DroneRole.Primary, { VehicleId: { } working }) => new("already-dispatched", $"Vehicle {working} works this incident; recall it first."),
        (not DroneRole.Primary, { VehicleId: null }) => new("no-drone", "No drone works this incident."),
        _ when incident.Working.FirstOrDefault(drone => drone.Role == role) is { } same => new("already-dispatched", $"Vehicle {same.VehicleId} works this incident; recall it first."),
        _ => null,
    };

    private static IReadOnlyList<Candidate> WithoutLost(IncidentRecord incident, IReadOnlyList<Candidate> ranked)
    {
        var lost = incident.Drones.Where(drone => drone.WasLost).ToLookup(drone => drone.VehicleId, StringComparer.Ordinal);
        if (lost.Count == 0)
            return ranked;
        var rank = 0;
        var offered = ranked.Where(candidate => candidate.Excluded is null && !lost.Contains(candidate.VehicleId)).Select(candidate => candidate with { Rank = ++rank }).ToList();
        return [.. offered, .. ranked.Where(candidate => candidate.Excluded is not null || lost.Contains(candidate.VehicleId))
            .Select(candidate => candidate.Excluded is null ? candidate with { Rank = null, Excluded = $"It was lost to this incident: {lost[candidate.VehicleId].Last().Why}" } : candidate)];
    }
}

/// <summary>How a dispatch or a recall ended.</summary>
internal abstract record DispatchResult
{
    private DispatchResult()
    {
    }

    /// <summary>Done.</summary>
    internal sealed record Sent(IncidentRecord Incident, Candidate? Drone) : DispatchResult;

    /// <summary>Not done, and why.</summary>
    internal sealed record Refused(string Slug, string Detail) : DispatchResult;

    /// <summary>The drone that was asked for is not known.</summary>
    internal sealed record NoSuchVehicle(string VehicleId) : DispatchResult;

    /// <summary>There is no such incident.</summary>
    internal sealed record NoSuchIncident : DispatchResult;
}
