using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Commands to vehicles: allowed or refused, written to the audit log, then sent, once. What the vehicle answers comes all the way back;
/// no answer is "unknown", and nothing is tried again behind anybody's back.</summary>
internal sealed class FleetCommands(Gateway gateway, VehicleRegistry registry, VehicleDesk desk, FleetEvents events, MissionsAboard missions, PilotStandings pilots, FleetMetrics metrics, AuditLog audit, OwedEntries owed, Quiescence quiescence, TimeProvider time)
{
    /// <summary>How old a command may be when it reaches the vehicle's loop. A later one is not sent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly RouteTurns _turns = new(quiescence);
    private readonly SafeStops _stops = new();

    /// <summary>Commands a vehicle.</summary>
    /// <param name="cancellation">Gives up before the command is written to the audit log; after that it takes its course.</param>
    /// <exception cref="AuditFullException">The audit log has no room, and the command is none that makes a flight safer: hold, return and land are sent
    /// all the same and entered when there is room. So is every answer of a vehicle: it has happened.</exception>
    public async Task<CommandReceipt> ExecuteAsync(string vehicleId, VehicleCommand command, Commander commander, CancellationToken cancellation)
    {
        var since = time.GetUtcNow();
        var id = Guid.CreateVersion7(since).ToString("n");
        if (Refusal(vehicleId, command, commander) is { } refusal)
        {
            await AuditAsync("vehicle.commandRefused", vehicleId, commander, new { id, command = CommandWords.NameOf(command), refusal.Slug }, cancellation);
            metrics.CommandDone(CommandWords.NameOf(command), "refused", time.GetUtcNow() - since);
            return new(id, new CommandOutcome.NotSent(NotSentReason.WrongState, refusal.Detail), refusal);
        }

        var launch = commander.Grounds is { } grounds && LaunchRules.IsLaunch(command, desk.SnapshotOf(vehicleId)) ? new Launch(grounds, commander.Actor, since) : null;

        // In hand until the vehicle's loop has it: a clock that stands for tests does not run out on the disk.
        Task<CommandOutcome> sending;
        using (quiescence.Work())
        {
            if (command.Class == CommandClass.SafeStop)
                await owed.AppendAsync(Commanded(vehicleId, id, command, commander));
            else if (launch is null)
                await audit.AppendAsync(Commanded(vehicleId, id, command, commander), cancellation);
            else
                await LaunchAsync(vehicleId, id, command, commander, launch, cancellation);
            sending = SendAsync(vehicleId, command, commander, since);
        }

        var outcome = await sending;

        // Unknown may have worked; an armed vehicle flies by what it was armed for.
        if (launch is not null && outcome is not (CommandOutcome.Accepted or CommandOutcome.InProgress or CommandOutcome.Unknown) && desk.SnapshotOf(vehicleId) is not { Armed: true })
            desk.Forget(vehicleId, launch);
        using var work = quiescence.Work();
        metrics.CommandDone(CommandWords.NameOf(command), CommandWords.NameOf(outcome), time.GetUtcNow() - since);
        await owed.AppendAsync(new AuditEntry(commander.Actor, "vehicle.answered", $"vehicle/{vehicleId}", CommandWords.DetailsOf(id, outcome)));
        await events.PublishAsync(new FleetEvent.CommandDone(vehicleId, time.GetUtcNow(), id, commander.Actor, command, outcome), CancellationToken.None);
        return new(id, outcome, null);
    }

    /// <summary>The safe stops that a vehicle was ordered.</summary>
    public StopsOrdered StopsOf(string vehicleId) => _stops.Of(vehicleId);

    /// <summary>Why a command would be refused, or null.</summary>
    public CommandRefusal? Refusal(string vehicleId, VehicleCommand command, Commander commander)
    {
        if (CommandRights.Check(command, commander, desk.LeaseOf(vehicleId), desk.AssignmentOf(vehicleId)) is { } refusal)
            return refusal;
        if (command is VehicleCommand.Arm or VehicleCommand.Takeoff or VehicleCommand.StartMission && registry.Find(vehicleId)?.GroundedFor is { } reason)
            return new("vehicle-grounded", $"The vehicle is grounded: {reason}");
        if (pilots.Refuses && !IsEmergency(vehicleId, commander) && LacksOf(command, vehicleId, commander) is { } lacks)
            return new("pilot-not-fit", $"You may not launch now: {string.Join(" ", lacks)}");
        return LaunchRules.Check(command, desk.SnapshotOf(vehicleId), desk.AssignmentOf(vehicleId), desk.LaunchOf(vehicleId), commander.Grounds);
    }

    /// <summary>Writes a plan and reads it back.</summary>
    public async Task<PlanTransferResult> UploadAsync(string vehicleId, PlanKind kind, IReadOnlyList<MissionItemInt> items, Commander commander, CancellationToken cancellation)
    {
        // Writing a plan changes what the vehicle will do next: the rights are those of flying it.
        if (Refusal(vehicleId, new VehicleCommand.ContinueMission(), commander) is { } refusal)
            return new PlanTransferResult.NotStarted(NotSentReason.WrongState, refusal.Detail);
        await AuditAsync("vehicle.planWritten", vehicleId, commander, new { kind = kind.ToString(), items = items.Count }, cancellation);
        var result = await Conclude(gateway.LoopOf(vehicleId)?.Upload(kind, items));
        if (kind == PlanKind.Mission && result is (PlanTransferResult.Verified or PlanTransferResult.Accepted))
            missions.Set(vehicleId, [.. items.Select(item => PlanItem.FromWire(item))]);
        return result;
    }

    /// <summary>Reads a plan.</summary>
    public async Task<PlanTransferResult> DownloadAsync(string vehicleId, PlanKind kind)
    {
        var result = await Conclude(gateway.LoopOf(vehicleId)?.Download(kind));
        if (kind == PlanKind.Mission && result is PlanTransferResult.Downloaded plan)
            missions.Set(vehicleId, [.. plan.Items.Select(item => PlanItem.FromWire(item))]);
        return result;
    }

    /// <summary>Flies a route: holds if it is in the air, writes the route and verifies it, then starts it; each step is tried once, and one route is given at a time.
    /// Whoever orders a safe stop after the route, while it waits or is written, has the last word: it is neither held for it nor started. So has a transmitter,
    /// or the vehicle's own failsafe, that takes it out of the hold meanwhile.</summary>
    /// <param name="cancellation">Gives up before the first step. After it all are tried: a vehicle that was stopped for a route is not left hovering
    /// because somebody hung up.</param>
    public async Task<FlyResult> FlyAsync(string vehicleId, IReadOnlyList<MissionItemInt> route, Commander commander, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (gateway.LoopOf(vehicleId) is not { } loop)
            return new FlyResult.Stopped("find", "No link on this node leads to the vehicle.");
        commander = commander with { StopsSeen = _stops.Of(vehicleId).Count };
        using var turn = await _turns.TakeAsync(vehicleId);
        var (isInAir, before) = (loop.IsInAir, desk.SnapshotOf(vehicleId));
        if (isInAir)
        {
            // A start is refused on a low battery: what flies goes on, and does not stand still for a route that it does not get.
            if (before?.Battery is { Value.Level: >= BatteryLevel.Low })
                return new FlyResult.Stopped("start", "the battery is low");

            // A plan that lands item by item under a flying vehicle sends it to half a route: hold first.
            var hold = await ExecuteAsync(vehicleId, new VehicleCommand.Hold(), commander, CancellationToken.None);
            if (!hold.IsAccepted)
                return StoppedBy("hold", hold.Outcome);
        }

        var heldAt = time.GetUtcNow();
        var written = await UploadAsync(vehicleId, PlanKind.Mission, route, commander, CancellationToken.None);
        if (written is not (PlanTransferResult.Verified or PlanTransferResult.Accepted))
            return new FlyResult.Stopped("upload", written.ToString());
        if (isInAir && commander.StopsSeen == _stops.Of(vehicleId).Count && desk.SnapshotOf(vehicleId) is { } now && now.HeartbeatAt > heldAt && IsTakenAway(before, now))
            return new FlyResult.Stopped("start", $"It was taken out of its hold to {now.Mode}.") { IsOverruled = true };
        var start = await ExecuteAsync(vehicleId, new VehicleCommand.StartMission(), commander, CancellationToken.None);

        // Where only the answer was lost, the vehicle shows that it flies.
        return start.IsAccepted || start.Outcome is CommandOutcome.Unknown { EffectSeen: true } ? new FlyResult.Flying() : StoppedBy("start", start.Outcome);
    }

    /// <summary>Orders a vehicle home, once, that did not take a task's route and may be in the air all the same: stopped there for the route, or gone by
    /// an order whose answer was lost. Not where somebody else has it by now: another task, a pilot, or whoever's safe stop came first.</summary>
    /// <returns>How that ended; null when nothing was ordered.</returns>
    public async Task<CommandReceipt?> BringHomeAsync(string vehicleId, FlyResult.Stopped stopped, Assignment task) =>
        (stopped.MayHaveGone || desk.SnapshotOf(vehicleId)?.InAir == true) && !stopped.IsOverruled && desk.LeaseOf(vehicleId) is null && desk.AssignmentOf(vehicleId)?.Id == task.Id
            ? await ExecuteAsync(vehicleId, new VehicleCommand.ReturnToLaunch(), Commander.For(task), CancellationToken.None)
            : null;

    /// <summary>Why a vehicle did not take a route, and where it was ordered home, how that ended.</summary>
    public static string Describe(FlyResult.Stopped stopped, CommandReceipt? wayHome) => wayHome switch
    {
        null => $"{stopped.Step}, {stopped.Reason}",
        { IsAccepted: true } => $"{stopped.Step}, {stopped.Reason.TrimEnd('.')}. It was ordered to return.",
        _ => $"{stopped.Step}, {stopped.Reason.TrimEnd('.')}. The order to return was not confirmed: {wayHome.Refusal?.Detail ?? Describe(wayHome.Outcome)}",
    };

    /// <summary>An outcome in a sentence.</summary>
    public static string Describe(CommandOutcome outcome) => outcome switch
    {
        CommandOutcome.Accepted => "accepted",
        CommandOutcome.InProgress progress => $"in progress{(progress.ProgressPercent is { } percent ? $", {percent} %" : "")}",
        CommandOutcome.Rejected rejected => $"{rejected.Step}: {rejected.Reason ?? rejected.Result.ToString()}",
        CommandOutcome.Unknown unknown => $"{unknown.Step}: no answer, the outcome is unknown. {unknown.Note}".TrimEnd(),
        CommandOutcome.NotSent notSent => notSent.Note,
        _ => outcome.ToString(),
    };

    /// <summary>Whether a vehicle that was held flies in a mode that nobody here gave it. The one that it had before may be old news of it.</summary>
    private static bool IsTakenAway(VehicleSnapshot? before, VehicleSnapshot now) => now is { InAir: true, ModeUse: ModeUse.Other } && now.CustomMode != before?.CustomMode;

    private static FlyResult.Stopped StoppedBy(string step, CommandOutcome outcome) => new(step, Describe(outcome))
    {
        MayHaveGone = outcome is CommandOutcome.Unknown,
        IsOverruled = outcome is CommandOutcome.Unknown { IsSuperseded: true } or CommandOutcome.NotSent { Reason: NotSentReason.Superseded },
    };

    /// <summary>The order and its grounds are one entry; then everybody sees what the vehicle flies for, before it can take off.</summary>
    private async Task LaunchAsync(string vehicleId, string id, VehicleCommand command, Commander commander, Launch launch, CancellationToken cancellation)
    {
        var (purpose, authorisedBy, emergency) = launch.Grounds;
        await AuditAsync("vehicle.commanded", vehicleId, commander, new { id, command = CommandWords.NameOf(command), parameters = CommandWords.ParametersOf(command), purpose, authorisedBy, emergency, lacks = LacksOf(command, vehicleId, commander) }, cancellation);
        desk.Launch(vehicleId, launch);
    }

    private async Task<CommandOutcome> SendAsync(string vehicleId, VehicleCommand command, Commander commander, DateTimeOffset since)
    {
        // Counted and looked at where it is sent, and not where it is ordered: an entry that waits for the disk in between changes no order.
        var now = time.GetUtcNow();
        if (command.Class == CommandClass.SafeStop && commander.StopsSeen is null)
            _stops.Count(vehicleId, now);
        if (gateway.LoopOf(vehicleId) is not { } loop)
            return new CommandOutcome.NotSent(NotSentReason.LinkLost, "No link leads to the vehicle.");
        if (now - since > Patience)
            return new CommandOutcome.NotSent(NotSentReason.Expired, "The service was too slow to send it in time.");
        if (commander.StopsSeen is { } seen && seen != _stops.Of(vehicleId).Count)
            return new CommandOutcome.NotSent(NotSentReason.Superseded, "A safe stop came first.");
        if (loop.Command(command) is not { } concluded)
            return new CommandOutcome.NotSent(NotSentReason.QueueFull, "Too many orders wait for this vehicle.");
        try
        {
            return ((VehicleFact.CommandConcluded)await concluded).Outcome;
        }
        catch (OperationCanceledException)
        {
            return new CommandOutcome.Unknown("send", false, "The service is stopping.");
        }
    }

    private static async Task<PlanTransferResult> Conclude(Task<VehicleFact>? concluded)
    {
        if (concluded is null)
            return new PlanTransferResult.NotStarted(NotSentReason.LinkLost, "No link leads to the vehicle.");
        try
        {
            return ((VehicleFact.PlanTransferConcluded)await concluded).Result;
        }
        catch (OperationCanceledException)
        {
            return new PlanTransferResult.Cancelled(true);
        }
    }

    /// <summary>What the person lacks who launches a vehicle; null where nothing, and where a task launches it.</summary>
    private IReadOnlyList<string>? LacksOf(VehicleCommand command, string vehicleId, Commander commander) =>
        commander.AssignmentId is null && LaunchRules.IsLaunch(command, desk.SnapshotOf(vehicleId)) && pilots.LacksOf(commander.Actor) is { Count: > 0 } lacks ? lacks : null;

    /// <summary>An emergency launches whoever gives the order; the orders that follow its arming belong to it.</summary>
    private bool IsEmergency(string vehicleId, Commander commander) =>
        commander.Grounds is { IsEmergency: true } || (desk.LaunchOf(vehicleId) is { Grounds.IsEmergency: true } && desk.SnapshotOf(vehicleId) is { Armed: true });

    private static AuditEntry Commanded(string vehicleId, string id, VehicleCommand command, Commander commander) =>
        new(commander.Actor, "vehicle.commanded", $"vehicle/{vehicleId}", new { id, command = CommandWords.NameOf(command), parameters = CommandWords.ParametersOf(command) });

    private Task<long> AuditAsync(string action, string vehicleId, Commander commander, object details, CancellationToken cancellation) =>
        audit.AppendAsync(new AuditEntry(commander.Actor, action, $"vehicle/{vehicleId}", details), cancellation);
}

/// <summary>How the attempt to fly a route ended.</summary>
internal abstract record FlyResult
{
    private FlyResult()
    {
    }

    /// <summary>The vehicle flies it.</summary>
    internal sealed record Flying : FlyResult;

    /// <summary>It does not.</summary>
    /// <param name="Step">At which step it stopped: find, hold, upload, start.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record Stopped(string Step, string Reason) : FlyResult
    {
        /// <summary>The order went unanswered: it may have worked.</summary>
        public bool MayHaveGone { get; init; }

        /// <summary>A safe stop of somebody else came first.</summary>
        public bool IsOverruled { get; init; }
    }
}
