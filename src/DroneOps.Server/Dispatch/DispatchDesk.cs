using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Items;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Dispatch;

/// <summary>Sends drones to incidents and brings them home: ranks, takes, flies, recalls.</summary>
internal sealed class DispatchDesk(
    IncidentBook book, AirspaceBook airspace, VehicleBoard board, Assignments assignments, FleetCommands commands, Decisions decisions, TimeProvider time)
{
    /// <summary>How long a drone stays over a scene before it comes home by itself.</summary>
    private static readonly TimeSpan Stay = TimeSpan.FromMinutes(20);

    private const double MarginM = 15;

    /// <summary>An incident outranks every patrol, and a more urgent one a less urgent one.</summary>
    public static int PriorityOf(IncidentRecord incident) => 1000 - (100 * incident.Priority);

    /// <summary>The fleet, ranked for an incident, with the reasons of those not offered.</summary>
    public IReadOnlyList<Candidate> Rank(IncidentRecord incident) =>
        Candidates.Rank(incident.Scene, incident.Priority, PriorityOf(incident), board.All, WaysAround(incident.Scene), AirframeProfile.PatrolQuad, Wind.Calm);

    /// <summary>Sends a drone.</summary>
    /// <param name="id">The incident.</param>
    /// <param name="vehicleId">The drone to send, or null for the best.</param>
    public async Task<DispatchResult> SendAsync(Guid id, string? vehicleId, string actor, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } incident)
            return new DispatchResult.NoSuchIncident();
        if (incident.State is IncidentState.Closed)
            return new DispatchResult.Refused("incident-closed", "The incident is closed.");
        if (incident.VehicleId is { } working)
            return new DispatchResult.Refused("already-dispatched", $"Vehicle {working} works this incident; recall it first.");

        var ranked = Rank(incident);
        var chosen = vehicleId is null ? ranked.FirstOrDefault(candidate => candidate.Rank == 1) : ranked.FirstOrDefault(candidate => candidate.VehicleId == vehicleId);
        if (chosen is null && vehicleId is not null)
            return new DispatchResult.NoSuchVehicle(vehicleId);
        if (chosen is null)
            return new DispatchResult.Refused("no-drone-fit", string.Join(" ", ranked.Select(candidate => $"{candidate.Name}: {candidate.Excluded}")));
        if (chosen.Excluded is { } reason)
            return new DispatchResult.Refused("drone-not-fit", $"{chosen.Name}: {reason}");

        var decision = board.Find(chosen.VehicleId) is { } drone
            ? Decisions.Of(incident, drone, ranked, WaysAround(incident.Scene), AirframeProfile.PatrolQuad, Wind.Calm, actor, time.GetUtcNow())
            : null;
        var assignment = new Assignment(AssignmentKind.Incident, incident.Id.ToString(), incident.ExternalNumber ?? incident.Summary, PriorityOf(incident), actor, Purpose.Incident);
        switch (await assignments.TakeAsync(chosen.VehicleId, assignment, cancellation))
        {
            case TakeResult.Busy busy:
                return new DispatchResult.Refused("drone-busy", $"{chosen.Name} was just taken by {busy.By.Label}.");
            case TakeResult.NotFit unfit:
                return new DispatchResult.Refused("drone-not-fit", unfit.Reason);
            default:
                break;
        }

        var sent = await book.ChangeAsync(id, actor, (row, now) =>
        {
            row.VehicleId = chosen.VehicleId;
            row.State = IncidentState.Dispatched;
            row.WaitsFor = null;
            TimeAxis.Reach(row, IncidentStage.DroneRequested, now, "event", actor);
            TimeAxis.Reach(row, IncidentStage.DroneAssigned, now, "event", actor);
            if (board.Find(chosen.VehicleId)?.Snapshot.InAir == true)
                TimeAxis.Reach(row, IncidentStage.DroneAirborne, now, "event", actor);
            return ("incident.dispatched", new { chosen.VehicleId, chosen.EtaP90S });
        }, cancellation);

        var flown = await FlyThereAsync(chosen.VehicleId, incident.Scene, assignment, cancellation);
        if (flown is not FlyResult.Stopped stopped)
        {
            // After the order: the drone does not wait for the record of why it goes.
            await decisions.WriteAsync(decision, CancellationToken.None);
            return new DispatchResult.Sent(sent!, chosen);
        }

        await assignments.ReleaseAsync(chosen.VehicleId, assignment.Id, CancellationToken.None);
        await book.ChangeAsync(id, actor, (row, _) =>
        {
            row.VehicleId = null;
            row.State = IncidentState.Open;
            return ("incident.dispatchFailed", new { chosen.VehicleId, stopped.Step, stopped.Reason });
        }, CancellationToken.None);
        return new DispatchResult.Refused("drone-did-not-go", $"{chosen.Name} did not go: {stopped.Step}, {stopped.Reason}");
    }

    /// <summary>Brings the incident's drone home and gives it back.</summary>
    public async Task<DispatchResult> RecallAsync(Guid id, string actor, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } incident)
            return new DispatchResult.NoSuchIncident();
        if (incident.VehicleId is not { } vehicleId)
            return new DispatchResult.Refused("no-drone", "No drone works this incident.");
        var receipt = await commands.ExecuteAsync(vehicleId, new VehicleCommand.ReturnToLaunch(), new Commander(actor, false, incident.Id.ToString()), cancellation);
        if (!receipt.IsAccepted && board.Find(vehicleId)?.Snapshot.InAir == true)
            return new DispatchResult.Refused("drone-did-not-answer", $"The order to return was not confirmed: {receipt.Refusal?.Detail ?? FleetCommands.Describe(receipt.Outcome)}");
        await assignments.ReleaseAsync(vehicleId, incident.Id.ToString(), CancellationToken.None);
        var recalled = await book.ChangeAsync(id, actor, (row, _) =>
        {
            row.VehicleId = null;
            row.IsAutomatic = false;
            row.State = row.State == IncidentState.Closed ? IncidentState.Closed : IncidentState.Recalled;
            return ("incident.recalled", new { vehicleId });
        }, CancellationToken.None);
        return new DispatchResult.Sent(recalled!, null);
    }

    private Transit WaysAround(GeoPoint scene)
    {
        var now = time.GetUtcNow();
        return new Transit(new LocalPlane(scene), airspace.Current.ZonesDuring(now, now + Stay).Where(zone => zone.Effect is ZoneEffect.KeepOut or ZoneEffect.KeepIn), MarginM);
    }

    /// <summary>Up, around the zones, over the place, and home when the stay is over: a drone that loses its link there still comes home.</summary>
    private async Task<FlyResult> FlyThereAsync(string vehicleId, GeoPoint scene, Assignment assignment, CancellationToken cancellation)
    {
        if (board.Find(vehicleId)?.Snapshot is not { Position: { Value: var position } } snapshot)
            return new FlyResult.Stopped("plan", "Its position is not known.");
        if (WaysAround(scene).Way(position.Point, scene) is not { } way)
            return new FlyResult.Stopped("plan", "No way leads around the no-fly zones.");
        var height = Altitude.Relative(Candidates.SceneHeightM);
        var legs = way.Where(point => point != position.Point && point != scene).Select(point => new RouteLeg { To = point, Altitude = height, Camera = CameraDuty.Transit })
            .Append(new RouteLeg { To = scene, Altitude = height, Camera = CameraDuty.Scene, Dwell = Stay });
        var route = new Route { Name = assignment.Label, Legs = [.. legs], CruiseSpeedMps = Candidates.SpeedMps, TakeoffHeightM = Candidates.SceneHeightM, End = RouteEnd.ReturnToLaunch };
        var home = snapshot.Home?.Value is { } known ? new LaunchPoint(known.Point, known.Amsl.Metres) : new LaunchPoint(position.Point, position.Amsl.Metres - position.AboveHome.Metres);
        var compiled = MissionCompiler.Compile(route, new CompileSettings { Heights = HeightFrame.Flat(home), Dialect = DialectOf(snapshot) });
        return compiled.TryGet(out var mission)
            ? await commands.FlyAsync(vehicleId, [.. mission.Items.Select((item, index) => item.ToWire(snapshot.Key.SystemId, 1, (ushort)index, Mavlink.Messages.MavMissionType.Mission))], Commander.For(assignment), cancellation)
            : new FlyResult.Stopped("plan", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
    }

    private static MissionDialect DialectOf(VehicleSnapshot snapshot) =>
        snapshot.Identity?.Autopilot == Mavlink.Messages.MavAutopilot.Px4 ? MissionDialect.Px4 : MissionDialect.ArduPilotCopter;
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
