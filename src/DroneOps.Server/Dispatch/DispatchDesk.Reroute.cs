using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Dispatch;

internal sealed partial class DispatchDesk
{
    /// <summary>The drones that an incident takes along when it moves: one that follows a unit or watches a key site stays with that.</summary>
    public static IEnumerable<IncidentDrone> TakenAlong(IncidentRecord incident) => incident.Working.Where(drone => drone.Task.IsAboutPlace);

    /// <summary>Sends the drones of an incident to where the incident is now: one order each, which is never repeated by itself. When one does not take
    /// it, the incident says so.</summary>
    /// <remarks>The place is written by now, so nobody's hanging up keeps a drone from its order. When the service stops between two orders, the second is
    /// not made up for: the incident goes on saying that it is not confirmed.</remarks>
    /// <returns>The incident; null when there is none.</returns>
    public async Task<IncidentRecord?> RerouteAsync(Guid id, string actor)
    {
        var incident = await book.FindAsync(id, CancellationToken.None);
        if (incident is null or { State: IncidentState.Closed })
            return incident;
        string[] vehicles = [.. TakenAlong(incident).Select(drone => drone.VehicleId)];
        for (var index = 0; index < vehicles.Length && incident is not null; index++)
            incident = await RerouteOneAsync(incident, vehicles[index], isFirst: index == 0, isLast: index == vehicles.Length - 1, actor);
        return incident;
    }

    /// <summary>Hands the drones of a merged incident to the one that it became, and sends them to that one's place.</summary>
    public async Task<IncidentRecord?> HandOverAsync(IReadOnlyList<string> vehicles, Guid from, IncidentRecord into, string actor)
    {
        foreach (var vehicleId in vehicles)
        {
            await assignments.ReleaseAsync(vehicleId, from.ToString(), CancellationToken.None);
            var taken = await assignments.TakeAsync(vehicleId, AssignmentOf(into, actor), CancellationToken.None);
            if (taken is TakeResult.Taken or TakeResult.Held)
                continue;
            var reason = taken is TakeResult.Busy busy ? $"It works on {busy.By.Label}." : taken is TakeResult.NotFit unfit ? unfit.Reason : "";
            await book.ChangeAsync(into.Id, actor, (row, now) =>
            {
                if (!row.Stop(vehicleId, DroneState.Gone, now, reason))
                    return null;
                if (!TakenAlong(row).Any())
                    row.Warnings = [.. row.Warnings.Where(warning => warning != IncidentWarning.NotYetRerouted)];
                return ("incident.dispatchFailed", new { vehicleId, step = "take", reason });
            }, CancellationToken.None);
        }

        return await RerouteAsync(into.Id, actor);
    }

    private async Task<IncidentRecord?> RerouteOneAsync(IncidentRecord incident, string vehicleId, bool isFirst, bool isLast, string actor)
    {
        // The heights of those before it are taken by now.
        var stand = flight.StandFor(vehicleId, incident.Scene, incident.Drones);
        var stay = stand is null ? default : flight.StayOf(vehicleId, incident.Scene, stand);
        var reason = WhyNotThere(vehicleId, incident)
            ?? (stand is null ? "There is no height left over the place that keeps 15 m from the drones there." : null)
            ?? (await flight.FlyThereAsync(vehicleId, incident.Scene, stand!, stay, AssignmentOf(incident, actor), CancellationToken.None) is FlyResult.Stopped stopped ? $"{stopped.Step}, {stopped.Reason}" : null);

        // What was ordered has happened, whoever has hung up meanwhile.
        return await book.ChangeAsync(incident.Id, actor, (row, _) =>
        {
            // Of the place before nothing holds any more; what waits does so until the last has answered.
            row.Warnings = [.. row.Warnings.Where(warning => warning.Code != WarningCodes.NotRerouted || (warning == IncidentWarning.NotYetRerouted ? !isLast : !isFirst))];
            if (reason is not null)
            {
                row.Warnings = [.. row.Warnings, new(WarningCodes.NotRerouted, $"{board.Find(vehicleId)?.Name ?? vehicleId} does not fly to the new place: {reason}")];
            }
            else if (row.DroneOf(vehicleId) is { IsWorking: true })
            {
                row.Change(vehicleId, drone => drone.OnTheWayAgain() with { Task = stand!, StayS = stay.TotalSeconds });
                if (row.State == IncidentState.OnScene && !row.Working.Any(drone => drone.State == DroneState.OnScene))
                    row.State = IncidentState.Dispatched;
            }

            return (reason is null ? "incident.rerouted" : "incident.rerouteFailed", new { vehicleId, reason });
        }, CancellationToken.None);
    }

    /// <summary>The same questions as for any drone that is offered, the task that it has left aside.</summary>
    private string? WhyNotThere(string vehicleId, IncidentRecord incident)
    {
        if (board.Find(vehicleId) is not { Assignment: { } task } vehicle || task.Id != incident.Id.ToString())
            return "The task does not have this vehicle any more.";
        return Candidates.Rank(incident.Scene, incident.Priority, int.MaxValue, [vehicle], ways.Transit, Conditions()) is [{ Excluded: { } reason }] ? reason : null;
    }
}
