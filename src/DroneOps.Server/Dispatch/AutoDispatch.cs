using System.Collections.Concurrent;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Dispatch;

/// <summary>Sends drones to the incidents that are to get one by themselves, those that wait chosen for together; says of each that gets none
/// what it waits for, and looks again when something changes.</summary>
/// <remarks>Owner of who waits: its own loop. It never repeats an order: a drone that did not go is not asked again for the same incident
/// until a minute later, and whatever a person does with the incident ends its waiting.</remarks>
internal sealed partial class AutoDispatch(
    IncidentBook book, IncidentChanges changes, DispatchDesk desk, IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<AutoDispatch> logger)
    : BellLoop(quiescence, time, LookEvery, LookEvery)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NotAgainFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Waiting> _waiting = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var id in await db.Set<IncidentRecord>().Where(row => row.IsAutomatic && row.State == IncidentState.Open).Select(row => row.Id).ToListAsync(cancellationToken))
            _waiting.TryAdd(id, new Waiting());
        changes.Changed += OnChanged;
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_waiting.Values.Select(waiting => waiting.Sending));
    }

    private void OnChanged(IncidentView incident)
    {
        if (incident is { IsAutomatic: true, State: IncidentState.Open, VehicleId: null })
        {
            if (_waiting.TryAdd(incident.Id, new Waiting()))
                Ring();
        }
        else if (_waiting.TryGetValue(incident.Id, out var waiting) && waiting.Sending.IsCompleted)
        {
            _waiting.TryRemove(incident.Id, out _);
        }
    }

    protected override void OnTime()
    {
        if (!_waiting.IsEmpty)
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await ChooseAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotRead(error);
        }
    }

    private async Task ChooseAsync(CancellationToken cancellation)
    {
        var now = Time.GetUtcNow();
        List<JointChoice.Call> calls = [];
        List<IncidentRecord> rows = [];
        foreach (var (id, waiting) in _waiting)
        {
            if (!waiting.Sending.IsCompleted)
                continue;
            if (await book.FindAsync(id, cancellation) is not { IsAutomatic: true, State: IncidentState.Open, VehicleId: null } row)
            {
                _waiting.TryRemove(id, out _);
                continue;
            }

            rows.Add(row);
            calls.Add(new(id, row.Priority, [.. desk.Rank(row).Select(candidate => waiting.Refused.TryGetValue(candidate.VehicleId, out var refused) && now - refused.At < NotAgainFor
                ? candidate with { Excluded = refused.Reason }
                : candidate)]));
        }

        var chosen = JointChoice.Choose(calls);
        foreach (var row in rows)
        {
            if (chosen.TryGetValue(row.Id, out var drone))
            {
                // Whoever has dealt with it since it was read has ended its waiting.
                if (_waiting.TryGetValue(row.Id, out var waiting))
                    waiting.Sending = SendAsync(row, drone.VehicleId, cancellation);
            }
            else
            {
                await SayAsync(row, calls.Find(call => call.Id == row.Id)!.Ranked, cancellation);
            }
        }
    }

    private async Task SendAsync(IncidentRecord row, string vehicleId, CancellationToken cancellation)
    {
        using var errand = Quiescence.Errand();
        try
        {
            // Sent, taken meanwhile or closed: the next look sees whether it waits. One that was sent may have lost its drone before the start was answered.
            if (await desk.SendAsync(row.Id, vehicleId, DroneRole.Primary, row.ReportedBy, cancellation) is DispatchResult.Refused { Slug: "drone-did-not-go" or "drone-not-fit" } refused
                && _waiting.TryGetValue(row.Id, out var waiting))
                waiting.Refused[vehicleId] = (Time.GetUtcNow(), refused.Detail);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Closing.
        }
        catch (Exception error) when (Outage.Is(error))
        {
            LogNotSent(error, row.Id, vehicleId);
        }
    }

    /// <summary>Writes what the incident waits for, when that is news.</summary>
    private Task SayAsync(IncidentRecord incident, IReadOnlyList<Candidate> ranked, CancellationToken cancellation)
    {
        var reason = ranked.Count == 0 ? "There is no drone." : string.Join(" ", ranked.Select(candidate => $"{candidate.Name}: {candidate.Excluded ?? "It goes to another incident."}"));
        return reason == incident.WaitsFor
            ? Task.CompletedTask
            : book.ChangeAsync(incident.Id, Actors.System, (row, _) =>
            {
                if (row is not { State: IncidentState.Open, VehicleId: null } || row.WaitsFor == reason)
                    return null;
                row.WaitsFor = reason;
                return ("incident.waits", new { reason });
            }, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The incidents that wait for a drone could not be read; the next look is in two seconds")]
    private partial void LogNotRead(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Incident {Incident}: the dispatch of vehicle {VehicleId} could not be written")]
    private partial void LogNotSent(Exception error, Guid incident, string vehicleId);

    /// <summary>An incident that waits, and which drones did not go.</summary>
    private sealed class Waiting
    {
        public Task Sending { get; set; } = Task.CompletedTask;

        public ConcurrentDictionary<string, (DateTimeOffset At, string Reason)> Refused { get; } = new(StringComparer.Ordinal);
    }
}
