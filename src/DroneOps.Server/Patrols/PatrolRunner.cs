using System.Collections.Concurrent;
using DroneOps.Missions;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Items;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Patrols;

/// <summary>Flies the rota: plans what is due, finds a drone for it, flies it, and notes how it ended. Nothing is flown late.</summary>
/// <remarks>Two loops: the clock's, which plans and starts, and that of the fleet's events, which sees flights end. An occurrence has one row and
/// <see cref="PatrolBook"/> moves it one change at a time, so the loops need no lock of their own.</remarks>
internal sealed partial class PatrolRunner(
    PatrolBook book, RouteBook routes, RoutePlanner planner, VehicleBoard board, Assignments assignments, FleetCommands commands, FleetEvents events,
    Quiescence quiescence, TimeProvider time, IOptions<PatrolsOptions> options, ILogger<PatrolRunner> logger) : BackgroundService
{
    /// <summary>Below other work: every incident takes a drone from a patrol.</summary>
    public const int Priority = 100;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookBack = TimeSpan.FromHours(24);

    // Another node may write to the tables without this one's book counting it.
    private static readonly TimeSpan LookAtLeastEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Abandoned> _abandoned = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, DateTimeOffset> _plannedUpTo = [];
    private readonly FleetSubscription _subscription = events.Subscribe("patrols");
    private DateTimeOffset _lookAt = DateTimeOffset.MinValue;
    private long _changesSeen = -1;

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
            await Task.WhenAll(_subscription.ReadAsync(HandleAsync, stoppingToken), RunAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing: flights go on, and the next start finds them.
        }
    }

    private async Task RestoreAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var row in (await book.OpenAsync(cancellation)).Where(row => row.VehicleId is not null))
            _flights[row.VehicleId!] = new Flight(row.Id, row.State, now) { IsRestored = true };

        // A drone that a patrol has which is not under way: the last run could not give it back any more.
        foreach (var vehicle in board.All)
        {
            if (vehicle.Assignment is { Kind: AssignmentKind.Patrol } task)
                _flights.TryAdd(vehicle.Id, new Flight(task.Id, OccurrenceState.Starting, now) { Owed = new(OccurrenceState.Planned, null, now) });
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            if (time.GetUtcNow() < _lookAt && book.Changes == _changesSeen && _flights.Values.All(flight => flight.Owed is null))
                continue;
            try
            {
                using (quiescence.Work())
                    await LookAsync(cancellation);
            }
            catch (Exception error) when (Outage.Is(error))
            {
                LogNotWritten(error);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Does what is due, and sets when the next look is worth its queries: at the next time of a schedule, each second while something
    /// waits for a drone.</summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        (_changesSeen, _lookAt) = (book.Changes, DateTimeOffset.MinValue);
        await WriteOwedAsync();
        await SettleRestoredAsync(cancellation);
        await GiveUpSilentAsync();
        var next = await PlanAsync(cancellation);
        var isWaiting = await StartDueAsync(cancellation) || _flights.Values.Any(flight => flight.IsRestored);
        _lookAt = isWaiting ? time.GetUtcNow() : next;
    }

    /// <summary>Makes rows of what fell due since the last look.</summary>
    /// <returns>When the next falls due, or when to look all the same.</returns>
    private async Task<DateTimeOffset> PlanAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var next = now + LookAtLeastEvery;
        foreach (var patrol in (await book.PatrolsAsync(cancellation)).Where(patrol => patrol.Enabled && patrol.Schedule is not null))
        {
            if (!_plannedUpTo.TryGetValue(patrol.Id, out var after))
                after = await book.LastAsync(patrol.Id, cancellation) ?? patrol.ChangedAt;
            after = new[] { after, patrol.ChangedAt, now - LookBack }.Max();
            foreach (var at in patrol.Schedule!.Between(after, now))
                await book.PlanAsync(patrol, OccurrenceRecord.IdOf(patrol.Id, at), at, Api.Actors.System, cancellation);
            _plannedUpTo[patrol.Id] = now;
            if (patrol.Schedule!.Between(now, next).Cast<DateTimeOffset?>().FirstOrDefault() is { } sooner)
                next = sooner;
        }

        return next;
    }

    /// <summary>Starts what is due and has a drone.</summary>
    /// <returns>Whether something due still waits for one.</returns>
    private async Task<bool> StartDueAsync(CancellationToken cancellation)
    {
        var isWaiting = false;
        var now = time.GetUtcNow();
        var open = await book.OpenAsync(cancellation);
        var patrols = (await book.PatrolsAsync(cancellation)).ToDictionary(patrol => patrol.Id);
        foreach (var due in open.Where(row => row.State == OccurrenceState.Planned && row.PlannedAt <= now))
        {
            if (!patrols.TryGetValue(due.PatrolId, out var patrol) || await routes.FindAsync(patrol.RouteId, cancellation) is not { } route)
            {
                await book.MoveAsync(due.Id, OccurrenceState.Missed, "The patrol or its route was deleted.", null, cancellation);
                continue;
            }

            var busy = open.Count(row => row.PatrolId == patrol.Id && row.State is OccurrenceState.Starting or OccurrenceState.Flying);
            var choice = busy >= patrol.VehicleCount ? new Choice(null, null, $"{busy} of its drones still fly.") : Choose(patrol, route);
            if (now - due.PlannedAt > Latest)
                await book.MoveAsync(due.Id, OccurrenceState.Missed, choice.Vehicle is null ? choice.Reason : "The service was not running when it was due.", null, cancellation);
            else if (choice is { Vehicle: { } vehicle, Route: { } planned })
                isWaiting |= !await BeginAsync(due, patrol, route, vehicle, planned, cancellation);
            else
            {
                isWaiting = true;
                await book.NoteAsync(due, choice.Reason, cancellation);
            }
        }

        return isWaiting;
    }

    /// <summary>The nearest drone that is fit, with the route checked from its own home; or why there is none.</summary>
    private Choice Choose(PatrolRecord patrol, RouteRecord record)
    {
        var route = record.Body.ToRoute(record.Name);
        var reasons = new List<string>();
        var mayFly = board.All.Where(vehicle => patrol.VehicleIds.Count == 0 || patrol.VehicleIds.Contains(vehicle.Id))
            .OrderBy(vehicle => vehicle.Snapshot.Home is { } home ? Geodesic.DistanceM(home.Value.Point, route.Legs[0].To) : double.MaxValue)
            .ThenBy(vehicle => vehicle.Id, StringComparer.Ordinal);
        foreach (var vehicle in mayFly)
        {
            if (Unfit(vehicle) is { } reason)
            {
                reasons.Add($"{vehicle.Name}: {reason}");
                continue;
            }

            var home = vehicle.Snapshot.Home!.Value.Value;
            var planned = planner.Check(route, vehicle.Id, new LaunchPoint(home.Point, home.Amsl.Metres), vehicle.Snapshot.Battery!.Value.Value.RemainingPercent!.Value);
            if (planned.Report.IsFlyable)
                return new(vehicle, planned, "");
            reasons.Add($"{vehicle.Name}: {FindingView.Errors(planned.Report)[0].Detail}");
        }

        return new(null, null, reasons.Count == 0 ? "No drone of this patrol is known." : string.Join(" ", reasons.Take(5)));
    }

    private string? Unfit(FleetVehicle vehicle) => vehicle switch
    {
        { IsGrounded: true } => vehicle.GroundedFor is { } why ? $"It is grounded: {why}." : "It is grounded.",
        { Snapshot.Link: not VehicleLinkState.Up } => "It is not connected.",
        { Assignment: { } task } => $"It works on {task.Label}.",
        { Control: { } lease } => $"{lease.Holder} has control of it.",
        _ when _flights.ContainsKey(vehicle.Id) => "It is on its way for a patrol.",
        _ when _givenUp.ContainsKey(vehicle.Id) => "It was not heard on a patrol; take control of it first.",
        { Snapshot.InAir: true } or { Snapshot.Armed: true } => "It is not on the ground.",
        { Snapshot.Home: null } => "Its home is not known.",
        _ when vehicle.Snapshot.Battery?.Value.RemainingPercent is null => "Its battery is not known.",
        _ => vehicle.Snapshot.Readiness.IsReady ? null : $"It is not ready: {vehicle.Snapshot.Readiness.Issues}.",
    };

    /// <returns>False when another task was quicker, or another drone of the patrol.</returns>
    private async Task<bool> BeginAsync(OccurrenceRecord due, PatrolRecord patrol, RouteRecord route, FleetVehicle vehicle, CheckedRoute planned, CancellationToken cancellation)
    {
        var assignment = new Assignment(AssignmentKind.Patrol, due.Id, patrol.Name, Priority, due.RequestedBy, Purpose.Patrol) { AuthorisedBy = patrol.ApprovedBy };
        var flight = _flights[vehicle.Id] = new Flight(due.Id, OccurrenceState.Starting, time.GetUtcNow());
        try
        {
            if (await assignments.TakeAsync(vehicle.Id, assignment, cancellation) is not TakeResult.Taken)
            {
                _flights.TryRemove(new(vehicle.Id, flight));
                return false;
            }

            if (!await book.StartAsync(due.Id, OccurrenceState.Planned, patrol.VehicleCount, row => (row.VehicleId, row.RouteVersion) = (vehicle.Id, route.Version), cancellation))
            {
                await EndAsync(vehicle.Id, flight, OccurrenceState.Planned, null);
                return false;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Not written, so not begun: the drone is free, and the next look may begin it.
            await EndAsync(vehicle.Id, flight, OccurrenceState.Planned, null);
            throw;
        }

        // It counts for those that fall due in the same look.
        due.State = OccurrenceState.Starting;

        // A start waits for the vehicle for many seconds: the clock goes on meanwhile, and with it the other patrols.
        _ = FlyAsync(vehicle, flight, assignment, planned, cancellation);
        return true;
    }

    private async Task FlyAsync(FleetVehicle vehicle, Flight flight, Assignment assignment, CheckedRoute planned, CancellationToken cancellation)
    {
        using var errand = quiescence.Errand();
        try
        {
            var dialect = vehicle.Snapshot.Identity?.Autopilot == Mavlink.Messages.MavAutopilot.Px4 ? MissionDialect.Px4 : MissionDialect.ArduPilotCopter;
            var compiled = MissionCompiler.Compile(planned.Route, new CompileSettings { Heights = HeightFrame.Flat(planned.Home), Dialect = dialect });
            if (compiled.TryGet(out var known))
                flight.Mission = (planned, known.LegOfItem);
            var flown = compiled.TryGet(out var mission)
                ? await OrderAsync(
                    vehicle.Id, [.. mission.Items.Select((item, index) => item.ToWire(vehicle.Snapshot.Key.SystemId, 1, (ushort)index, Mavlink.Messages.MavMissionType.Mission))],
                    Commander.For(assignment), cancellation)
                : new FlyResult.Stopped("plan", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
            if (flown is FlyResult.Stopped stopped)
            {
                // A drone that was to go on with its patrol is in the air: it does not hover until its battery ends it.
                var wayHome = await commands.BringHomeAsync(vehicle.Id, stopped, assignment);
                await EndAsync(vehicle.Id, flight, OccurrenceState.Missed, $"{vehicle.Name} did not go: {FleetCommands.Describe(stopped, wayHome)}");
            }
            else
            {
                await book.MoveAsync(assignment.Id, OccurrenceState.Flying, null, null, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Closing: the row says "starting" and the next start settles it.
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotWritten(error);
        }
    }

    private async Task<FlyResult> OrderAsync(string vehicleId, IReadOnlyList<Mavlink.Messages.MissionItemInt> items, Commander commander, CancellationToken cancellation)
    {
        try
        {
            return await commands.FlyAsync(vehicleId, items, commander, cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotWritten(error);
            return new FlyResult.Stopped("audit", "The order could not be entered, so it was not sent.");
        }
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        try
        {
            if (happened is FleetEvent.AssignmentReleased { MayGoOn: true })
                await ResumeAsync(happened.VehicleId, cancellation);
            else if (happened is FleetEvent.Observed { Fact: VehicleFact.Landed })
                _abandoned.TryRemove(happened.VehicleId, out _);
            else if (happened is FleetEvent.ControlChanged { Holder: not null } && board.Find(happened.VehicleId)?.Snapshot.Link == VehicleLinkState.Up)
                _givenUp.TryRemove(happened.VehicleId, out _);
            if (!_flights.TryGetValue(happened.VehicleId, out var flight) || flight.Owed is not null)
                return;
            switch (happened)
            {
                case FleetEvent.AssignmentLost lost when lost.Lost.Id == flight.OccurrenceId:
                    Abandon(happened.VehicleId, flight);
                    await EndAsync(happened.VehicleId, flight, OccurrenceState.Interrupted, $"{lost.By.Label} took the drone.");
                    break;
                case FleetEvent.Observed { Fact: VehicleFact.TookOff }:
                    flight.HasFlown = true;
                    break;
                case FleetEvent.Observed { Fact: VehicleFact.MissionItemReached reached } when reached.PlanIndex > flight.ReachedItem:
                    flight.ReachedItem = reached.PlanIndex;
                    break;
                case FleetEvent.Observed { Fact: VehicleFact.Disarmed { MotorTest: false } }:
                    await EndAsync(
                        happened.VehicleId, flight, flight.HasFlown ? OccurrenceState.Done : OccurrenceState.Interrupted, flight.HasFlown ? null : "It was disarmed on the ground.");
                    break;
                default:
                    break;
            }
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotWritten(error);
        }
    }

    /// <summary>Settles what was under way when the service stopped, once the drone is heard again.</summary>
    private async Task SettleRestoredAsync(CancellationToken cancellation)
    {
        foreach (var (vehicleId, flight) in _flights.Where(entry => entry.Value is { IsRestored: true, Owed: null }))
        {
            if (board.Find(vehicleId)?.Snapshot is not { Link: VehicleLinkState.Up, InAir: { } inAir } snapshot)
                continue;
            flight.IsRestored = false;
            flight.HasFlown = inAir || flight.Began == OccurrenceState.Flying;
            if (snapshot.Armed)
                await book.MoveAsync(flight.OccurrenceId, OccurrenceState.Flying, null, null, cancellation);
            else if (flight.Began == OccurrenceState.Flying)
                await EndAsync(vehicleId, flight, OccurrenceState.Done, "It landed while the service was not running.");
            else
                await EndAsync(vehicleId, flight, OccurrenceState.Interrupted, "The service stopped while it was starting.");
        }
    }

    private Task EndAsync(string vehicleId, Flight flight, OccurrenceState state, string? reason) => WriteEndAsync(vehicleId, flight, new(state, reason, time.GetUtcNow()));

    private async Task WriteOwedAsync()
    {
        foreach (var (vehicleId, flight) in _flights)
        {
            if (flight.Owed is { } end)
                await WriteEndAsync(vehicleId, flight, end);
        }
    }

    /// <summary>Gives the drone back and notes how its flight ended. What the store does not take now is owed: the flight is kept, and with each
    /// look it is tried again.</summary>
    private async Task WriteEndAsync(string vehicleId, Flight flight, End end)
    {
        try
        {
            await assignments.ReleaseAsync(vehicleId, flight.OccurrenceId, CancellationToken.None);
            await book.MoveAsync(flight.OccurrenceId, end.State, end.Reason, row => (row.VehicleId, row.EndedAt) = row.IsOver ? (row.VehicleId, end.At) : ((string?)null, (DateTimeOffset?)null), CancellationToken.None);
            _flights.TryRemove(new(vehicleId, flight));
        }
        catch (Exception error) when (Outage.Is(error))
        {
            flight.Owed = end;
            LogNotWritten(error);
        }
    }

    [LoggerMessage(LogLevel.Error, "A patrol could not be written")]
    private partial void LogNotWritten(Exception error);

    private sealed record Choice(FleetVehicle? Vehicle, CheckedRoute? Route, string Reason);

    /// <param name="State">How a flight ended; planned for one that had not begun.</param>
    private sealed record End(OccurrenceState State, string? Reason, DateTimeOffset At);

    private sealed class Flight(string occurrenceId, OccurrenceState began, DateTimeOffset since)
    {
        public string OccurrenceId => occurrenceId;

        public OccurrenceState Began => began;

        /// <summary>Since when it is known here.</summary>
        public DateTimeOffset Since => since;

        /// <summary>How it ended, while that is not written yet.</summary>
        public End? Owed { get; set; }

        public bool HasFlown { get; set; }

        public bool IsRestored { get; set; }

        /// <summary>What it flies, once that is on board.</summary>
        public (CheckedRoute Planned, IReadOnlyList<int> LegOfItem)? Mission { get; set; }

        /// <summary>The last of its items that was reached, -1 for none.</summary>
        public int ReachedItem { get; set; } = -1;
    }
}
