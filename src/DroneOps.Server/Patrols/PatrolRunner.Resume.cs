using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <content>A patrol goes on where it was left when its drone is given back in the air and has the energy for the rest, unless as many others fly it by
/// then as may. Otherwise it stays interrupted, and the rota goes on with its next occurrence.</content>
internal sealed partial class PatrolRunner
{
    /// <summary>A patrol that was left longer ago is not flown on: its times have passed.</summary>
    private static readonly TimeSpan ResumeWithin = TimeSpan.FromMinutes(30);

    /// <summary>What is left of a route: the way back to where it was left, and the legs that had not been ended.</summary>
    /// <param name="legOfItem">The leg of each mission item, -1 for none.</param>
    /// <param name="reachedItem">The last item that was reached, -1 for none.</param>
    /// <param name="leftAt">Where it was left.</param>
    /// <returns>Null when nothing is left.</returns>
    internal static Route? RestOf(Route route, IReadOnlyList<int> legOfItem, int reachedItem, GeoPoint leftAt)
    {
        var next = legOfItem.Skip(reachedItem + 1).Where(leg => leg >= 0).DefaultIfEmpty(route.Legs.Count).First();
        if (next >= route.Legs.Count)
            return null;
        var rest = route.Legs.Skip(next).ToList();
        return route with { Legs = [new RouteLeg { To = leftAt, Altitude = rest[0].Altitude, SpeedMps = rest[0].SpeedMps }, .. rest] };
    }

    private void Abandon(string vehicleId, Flight flight)
    {
        if (flight.Mission is { } mission && board.Find(vehicleId)?.Snapshot is { InAir: true, Position.Value.Point: var here }
            && RestOf(mission.Planned.Route, mission.LegOfItem, flight.ReachedItem, here) is { } rest)
            _abandoned[vehicleId] = new(flight.OccurrenceId, rest, mission.Planned.Home, time.GetUtcNow());
    }

    /// <summary>A drone was given back in the air: it goes on with the patrol that it was taken from.</summary>
    private async Task ResumeAsync(string vehicleId, CancellationToken cancellation)
    {
        if (!_abandoned.TryRemove(vehicleId, out var abandoned) || time.GetUtcNow() - abandoned.At > ResumeWithin || board.Find(vehicleId) is not { } vehicle
            || await book.FindOccurrenceAsync(abandoned.OccurrenceId, cancellation) is not { State: OccurrenceState.Interrupted } row
            || (await book.PatrolsAsync(cancellation)).FirstOrDefault(patrol => patrol.Id == row.PatrolId) is not { } patrol
            || CheckRest(vehicle, abandoned) is not { } planned)
            return;
        var assignment = new Assignment(AssignmentKind.Patrol, row.Id, patrol.Name, Priority, row.RequestedBy, Purpose.Patrol) { AuthorisedBy = patrol.ApprovedBy };
        var flight = _flights[vehicleId] = new Flight(row.Id, OccurrenceState.Starting, time.GetUtcNow()) { HasFlown = true };
        try
        {
            // Before it is taken: where others fly the route by now, it would meet them at their height. It has its order home and keeps to that.
            if (!await book.StartAsync(row.Id, OccurrenceState.Interrupted, patrol.VehicleCount, null, cancellation))
            {
                _flights.TryRemove(new(vehicleId, flight));
                await book.NoteAsync(row, $"{row.Reason} It comes home: others fly its patrol by now.".TrimStart(), cancellation);
                return;
            }

            if (await assignments.TakeAsync(vehicleId, assignment, cancellation) is not TakeResult.Taken)
            {
                await EndAsync(vehicleId, flight, OccurrenceState.Interrupted, row.Reason);
                return;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await EndAsync(vehicleId, flight, OccurrenceState.Interrupted, row.Reason);
            throw;
        }

        _ = FlyAsync(vehicle, flight, assignment, planned, cancellation);
    }

    /// <summary>The rest of the route as it can be flown from where the drone is, or null when it cannot be.</summary>
    private CheckedRoute? CheckRest(FleetVehicle vehicle, Abandoned abandoned)
    {
        if (vehicle is not { IsGrounded: false, Control: null, Assignment: null, Snapshot: { Link: VehicleLinkState.Up, InAir: true, Position: { IsStale: false, Value: var position }, Battery.Value.RemainingPercent: { } charge } })
            return null;

        // The zones from where it is; the energy from its home and back there, and the way from here on top.
        var here = planner.Check(abandoned.Rest, vehicle.Id, new LaunchPoint(position.Point, abandoned.Home.AmslM), charge);
        var whole = planner.Check(abandoned.Rest, vehicle.Id, abandoned.Home, charge);
        var first = abandoned.Rest.Legs[0].To;
        var metres = Geodesic.DistanceM(position.Point, first);
        var airframe = whole.Airframe;
        var thereWh = Motion.Run(airframe, Wind.Calm, metres, 0, airframe.CruiseSpeedMps).EnergyWh;
        var leftPercent = charge - whole.EnergyPercent - (thereWh / airframe.BatteryWh * 100);
        return here.Report.IsFlyable && whole.Report.IsFlyable && leftPercent >= airframe.ReservePercent ? here with { Home = abandoned.Home } : null;
    }

    /// <summary>A patrol that was left for something more important.</summary>
    private sealed record Abandoned(string OccurrenceId, Route Rest, LaunchPoint Home, DateTimeOffset At);
}
