using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>Who chooses the drone.</summary>
internal enum WeekPolicy
{
    /// <summary>The service, by itself.</summary>
    Service,

    /// <summary>A dispatcher who always takes the nearest drone on the map that may be sent.</summary>
    Nearest,
}

/// <summary>What became of one call.</summary>
internal sealed record ServedCall(PlannedCall Call)
{
    public Guid Id { get; set; }

    /// <summary>What the best of all drones would have needed if every one were free at the instant of the call, wherever it is or at its dock:
    /// no plan can be quicker, whatever it knows of the future. Seconds.</summary>
    public double BoundS { get; set; }

    /// <summary>Each time a drone was given to it: when, and what was to choose from.</summary>
    public List<(DateTimeOffset At, Outlook Outlook)> Choices { get; } = [];

    public IncidentView? Last { get; set; }

    public DateTimeOffset? ReachedAt(IncidentStage stage) => Last?.TimeAxis.Single(step => step.Stage == stage.ToString()).At;
}

/// <summary>A week of the unit on virtual time: the real service, twelve simulated drones at six docks, patrols in the evenings, and the
/// calls of a <see cref="WeekPlan"/> worked through the API the way a control room does.</summary>
internal sealed class WeekRun(WeekPolicy policy, int calls, TimeSpan week, int seed)
{
    public const int Drones = 12;

    private static readonly DateTimeOffset Begin = new(2026, 5, 3, 16, 0, 0, TimeSpan.Zero); // Monday 00:00 in the city
    // A call that is not finished by then never will be, and is shown as such.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly PriorityQueue<Func<Task>, DateTimeOffset> _agenda = new();
    private readonly ConcurrentQueue<IncidentView> _changed = new();
    private readonly Dictionary<Guid, ServedCall> _open = [];
    private readonly HashSet<(Guid, IncidentStage)> _planned = [];
    private readonly List<(Guid Incident, DateTimeOffset At, string VehicleId, Outlook Outlook)> _choices = [];
    private FlightRig _rig = null!;
    private HttpClient _control = null!;

    public List<ServedCall> Served { get; } = [];

    public List<string> ReserveViolations { get; } = [];

    /// <summary>Patrols that were flown to their end, and those that a call took away.</summary>
    public (int Done, int Interrupted, int Other) Patrols { get; private set; }

    public int Flights { get; private set; }

    public TimeSpan FlightTime { get; private set; }

    public async Task RunAsync(Action<string> say, CancellationToken cancellation)
    {
        var docks = DockFile.Read(Path.Combine(AppContext.BaseDirectory, "library", "docks.geojson"));
        var scenario = new Scenario(
            Drones, docks, FastBoot: true, Wind: new(Speed: 4, Direction: 60, Turbulence: 0.7), Parameters: new Dictionary<string, float> { ["BATT_CAPACITY"] = 13_070 });
        await using var rig = await FlightRig.StartAsync(scenario, Begin, Store.Sqlite, ("Telemetry:FlushEveryS", "30"));
        _rig = rig;
        using var control = await rig.Server.TokenAsync("integration");
        _control = control;
        using (var pilot = await rig.Server.SignInAsync("pilot"))
            await PlanPatrolsAsync(pilot);
        rig.Get<IncidentChanges>().Changed += _changed.Enqueue;
        rig.IsHurried = true;
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var fleet = rig.Get<FleetEvents>().Subscribe("bench");
        var heard = fleet.ReadAsync(OnFleet, listening.Token);

        var start = rig.Now;
        foreach (var call in WeekPlan.Draw(calls, week, seed, start, rig.Get<AirspaceBook>().Current, docks))
            _agenda.Enqueue(() => ReportAsync(call), start + call.At);
        var told = start;
        while ((_agenda.Count > 0 || _open.Count > 0) && rig.Now < start + week + Grace && !cancellation.IsCancellationRequested)
        {
            var next = _agenda.TryPeek(out _, out var due) ? due : DateTimeOffset.MaxValue;
            if (next > rig.Now)
                await rig.AdvanceAsync(next - rig.Now < LookEvery ? next - rig.Now : LookEvery);
            while (_changed.TryDequeue(out var changed))
                Follow(changed);
            while (_agenda.TryPeek(out _, out due) && due <= rig.Now)
                await _agenda.Dequeue()();
            if (rig.Now - told >= TimeSpan.FromHours(12))
            {
                told = rig.Now;
                ForgetLogs();
                say($"{policy}: {(rig.Now - start).TotalHours:0} h, {Served.Count} calls, {_open.Count} open");
            }
        }

        await CloseBooksAsync();
        await listening.CancelAsync();
        try
        {
            await heard;
        }
        catch (OperationCanceledException) when (listening.IsCancellationRequested)
        {
            // The end of the week.
        }
    }

    /// <summary>Nothing here reads the flight logs, and those of a week of twelve drones fill a disk.</summary>
    private void ForgetLogs()
    {
        for (var drone = 1; drone <= Drones; drone++)
        {
            foreach (var file in FlightRecorder.FilesOf(_rig.Get<DataFolder>(), drone.ToString(CultureInfo.InvariantCulture), Begin, _rig.Now - TimeSpan.FromDays(1)))
                File.Delete(file);
        }
    }

    private async Task PlanPatrolsAsync(HttpClient pilot)
    {
        var vehicles = Enumerable.Range(1, Drones).Select(id => id.ToString(CultureInfo.InvariantCulture)).ToArray();
        foreach (var route in new[] { "old-city-lawnmower", "riverside-out-and-back" })
        {
            using var made = await _rig.CallAsync(() => pilot.PostAsJsonAsync(
                "/api/v1/patrols", new { name = route, routeId = route, vehicleIds = vehicles, vehicleCount = 1, everyMinutes = 60, from = "18:00", to = "01:00" }));
            await made.ReadAsync<object>(HttpStatusCode.Created);
        }
    }

    private async Task ReportAsync(PlannedCall call)
    {
        var served = new ServedCall(call);
        Served.Add(served);
        var report = new
        {
            externalNumber = string.Create(CultureInfo.InvariantCulture, $"110-{call.Number:0000}"),
            type = "assistance",
            priority = call.Priority,
            summary = "",
            location = new { type = "Point", coordinates = new[] { call.Place.LongitudeDeg, call.Place.LatitudeDeg } },
            dispatch = policy == WeekPolicy.Service ? "auto" : "manual",
        };
        served.BoundS = Outlook.BestOfAllS(_rig, call.Place);
        using var answer = await _rig.CallAsync(() => _control.PostAsJsonAsync("/api/v1/incidents", report));
        served.Last = await answer.ReadAsync<IncidentView>(HttpStatusCode.Created);
        served.Id = served.Last.Id;
        _open[served.Id] = served;
        _agenda.Enqueue(() => EnterAsync(served, IncidentStage.UnitDispatched), _rig.Now + TimeSpan.FromSeconds(45));
        _agenda.Enqueue(() => EnterAsync(served, IncidentStage.UnitOnScene), _rig.Now + call.CrewAfter);
        if (policy == WeekPolicy.Nearest)
            await SendNearestAsync(served);
    }

    /// <summary>The nearest on the map of those that the service would offer; asked again until one goes.</summary>
    private async Task SendNearestAsync(ServedCall served)
    {
        if (_open.GetValueOrDefault(served.Id) is not { Last: { State: IncidentState.Open, VehicleId: null } })
            return;
        var offered = (await _control.GetAsync<Offers>($"/api/v1/incidents/{served.Id}/candidates")).Items.Where(offer => offer.Excluded is null).Select(offer => offer.VehicleId);
        var nearest = offered.MinBy(id => Geodesic.DistanceM(_rig.Board.Find(id)!.Snapshot.Position!.Value.Value.Point, served.Call.Place));
        if (nearest is not null)
        {
            using var sent = await _rig.CallAsync(() => _control.PostAsJsonAsync($"/api/v1/incidents/{served.Id}/dispatch", new { vehicleId = nearest }));
            if (sent.StatusCode == HttpStatusCode.OK)
                return;
        }

        _agenda.Enqueue(() => SendNearestAsync(served), _rig.Now + TimeSpan.FromSeconds(5));
    }

    /// <summary>What the choice looked like at the instant when a drone was given to a call: nothing has moved since, the clock stands.</summary>
    private ValueTask OnFleet(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is not FleetEvent.AssignmentTaken { Assignment: { Kind: AssignmentKind.Incident } task } taken)
            return ValueTask.CompletedTask;
        lock (_choices)
            _choices.Add((Guid.Parse(task.Id), taken.At, taken.VehicleId, Outlook.At(_rig, taken.VehicleId, task)));
        return ValueTask.CompletedTask;
    }

    private void Follow(IncidentView changed)
    {
        if (!_open.TryGetValue(changed.Id, out var served))
            return;
        served.Last = changed;
        if (policy == WeekPolicy.Nearest && changed is { State: IncidentState.Open, VehicleId: null } && Reached(changed, IncidentStage.DroneAssigned))
            _agenda.Enqueue(() => SendNearestAsync(served), _rig.Now);
        if (Reached(changed, IncidentStage.DroneOnScene) && _planned.Add((changed.Id, IncidentStage.FirstFrame)))
        {
            _agenda.Enqueue(() => EnterAsync(served, IncidentStage.FirstFrame), _rig.Now + TimeSpan.FromSeconds(1));
            _agenda.Enqueue(() => ResolveAsync(served), _rig.Now + served.Call.Stay);
        }

        // The crew reports in its own time; what is left open is closed when everything has happened.
        if (Reached(changed, IncidentStage.DroneRecovered) && Reached(changed, IncidentStage.UnitOnScene) && Reached(changed, IncidentStage.Resolved)
            && _planned.Add((changed.Id, IncidentStage.Closed)))
            _agenda.Enqueue(() => CloseAsync(served), _rig.Now + TimeSpan.FromSeconds(30));
    }

    private async Task ResolveAsync(ServedCall served)
    {
        await EnterAsync(served, IncidentStage.Resolved);
        if (served.Last is { VehicleId: null } or { State: IncidentState.Recalled })
            return;
        using var recalled = await _rig.CallAsync(() => _control.PostAsJsonAsync($"/api/v1/incidents/{served.Id}/recall", new { }));
        if (recalled.StatusCode != HttpStatusCode.OK)
            _agenda.Enqueue(() => ResolveAsync(served), _rig.Now + TimeSpan.FromSeconds(5));
    }

    private async Task CloseAsync(ServedCall served)
    {
        using var closed = await _rig.CallAsync(() => _control.PostAsJsonAsync($"/api/v1/incidents/{served.Id}/close", new { outcomes = new { personsRescued = 0 } }));
        served.Last = await closed.ReadAsync<IncidentView>(HttpStatusCode.OK);
        _open.Remove(served.Id);
    }

    private async Task EnterAsync(ServedCall served, IncidentStage stage)
    {
        using var entered = await _rig.CallAsync(() => _control.PostAsJsonAsync($"/api/v1/incidents/{served.Id}/stages", new { stage = stage.ToString() }));
        await entered.ReadAsync<object>(HttpStatusCode.OK);
    }

    private async Task CloseBooksAsync()
    {
        // Patrols fly on for an hour after the last call; a drone that is still up then is missing from the books below.
        for (var end = _rig.Now + Grace; _rig.Now < end && !_rig.Copters.All(copter => copter is { IsLanded: true, IsArmed: false });)
            await _rig.AdvanceAsync(LookEvery);
        foreach (var (incident, at, _, outlook) in _choices)
        {
            var served = Served.Find(call => call.Id == incident)!;
            served.Choices.Add((at, outlook));
        }

        foreach (var copter in _rig.Copters)
        {
            foreach (var flight in copter.Flights.Where(flight => flight.LandedAt is not null))
            {
                Flights++;
                FlightTime += flight.LandedAt!.Value - flight.TakeoffAt;
                if (flight.ChargeAtLanding * 100 < AirframeProfile.PatrolQuad.ReservePercent)
                    ReserveViolations.Add(string.Create(CultureInfo.InvariantCulture, $"vehicle {copter.SystemId}, {flight.TakeoffAt:MM-dd HH:mm:ss}: landed with {flight.ChargeAtLanding * 100:0} %"));
            }
        }

        using var pilot = await _rig.Server.SignInAsync("pilot");
        var from = Begin - TimeSpan.FromHours(1);
        List<string> states = [];
        for (var day = 0; day <= (int)Math.Ceiling(week.TotalDays) + 1; day++)
        {
            var (first, last) = (from + TimeSpan.FromDays(day), from + TimeSpan.FromDays(day + 1));
            var page = await pilot.GetAsync<Occurrences>($"/api/v1/patrols/occurrences?from={first:yyyy-MM-ddTHH:mm:ssZ}&to={last:yyyy-MM-ddTHH:mm:ssZ}");
            states.AddRange(page.Items.Where(occurrence => occurrence.PlannedAt >= first && occurrence.PlannedAt < last && occurrence.PlannedAt < _rig.Now).Select(occurrence => occurrence.State));
        }

        Patrols = (states.Count(state => state == "done"), states.Count(state => state == "interrupted"), states.Count(state => state is not ("done" or "interrupted")));
    }

    private static bool Reached(IncidentView incident, IncidentStage stage) => incident.TimeAxis.Any(step => step.Stage == stage.ToString() && step.At is not null);

    private sealed record Offers(IReadOnlyList<Offer> Items);

    private sealed record Offer(string VehicleId, string? Excluded);

    private sealed record Occurrences(IReadOnlyList<Occurrence> Items);

    private sealed record Occurrence(DateTimeOffset PlannedAt, string State);
}
