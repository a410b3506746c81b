using System.Globalization;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Revisions;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Oversight;

/// <summary>A part of a sortie in the group it counts for; the sortie itself counts where it took off.</summary>
internal sealed record FlownPart(string? Key, bool IsFirst, long AirborneMs);

/// <summary>A call in its group, with the seconds until the drone was there.</summary>
internal sealed record CallPart(string? Key, double? ToSceneS);

/// <summary>An outcome in its group.</summary>
internal sealed record OutcomePart(string? Key, OutcomeRecord Row);

/// <summary>What statistics are made of, each in its group. By grid a call belongs to that of its place and a flight's seconds to those it flew over; by duty mode both go by what was
/// flown for; by unit a call belongs to the unit that flew for it first. An outcome belongs to its incident's group, without one to that of the first flight it names.</summary>
internal sealed record StatisticsSource(IReadOnlyList<FlownPart> Flown, IReadOnlyList<CallPart> Calls, IReadOnlyList<OutcomePart> Outcomes)
{
    public static async Task<StatisticsSource> ReadAsync(string by, Period period, FleetDb db, AirspaceSnapshot drawn, SortiesOptions options, CancellationToken cancellation)
    {
        var came = await db.Set<OutcomeRecord>().AsNoTracking().Where(row => row.State == OutcomeState.Confirmed && row.OccurredAt >= period.From && row.OccurredAt < period.To).ToListAsync(cancellation);
        var standing = await StandingSorties.OfAsync(came.Where(row => row.IncidentId is null).SelectMany(row => row.SortieIds.Take(1)), db, cancellation);
        var flights = await FlightsAsync(db, period, [.. standing.Values.Select(records => records[0])], cancellation);
        var calls = await db.Set<IncidentTimes>().Where(row => row.ReportedAt >= period.From && row.ReportedAt < period.To).Select(row => new { row.Id, row.ReportedAt, row.GridId, row.Axis }).ToListAsync(cancellation);
        var grouping = await GroupingAsync(by, flights, period, db, drawn, options, cancellation);
        var behind = came.Where(row => row.IncidentId is not null).Select(row => row.IncidentId!.Value).Distinct().ToList();
        var places = await db.Set<IncidentTimes>().Where(row => behind.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.GridId, cancellation);
        var byId = flights.ToDictionary(flight => flight.Id);
        return new(
            [.. flights.Where(flight => flight.TakeoffAt >= period.From && flight.TakeoffAt < period.To).SelectMany(flight => grouping.Parts(flight).Select((part, i) => new FlownPart(part.Key, i == 0, part.Ms)))],
            [.. calls.Select(call => new CallPart(grouping.OfCall(call.Id, call.ReportedAt, call.GridId), ToScene(call.Axis)))],
            [.. came.Select(row => new OutcomePart(
                row.IncidentId is { } incident ? grouping.OfCall(incident, row.OccurredAt, places.GetValueOrDefault(incident))
                : grouping.IsPeriod ? grouping.OfCall(Guid.Empty, row.OccurredAt, null)
                : row.SortieIds is [var first, ..] && byId.TryGetValue(standing[first][0], out var flight) ? grouping.Parts(flight)[0].Key : null,
                row))]);
    }

    private static async Task<List<Flight>> FlightsAsync(FleetDb db, Period period, List<Guid> named, CancellationToken cancellation) =>
        await db.Set<SortieRecord>().AsNoTracking().Where(sortie => (sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To) || named.Contains(sortie.Id)).OrderBy(sortie => sortie.TakeoffAt)
            .Select(sortie => new Flight(
                sortie.Id, sortie.TakeoffAt, sortie.AirborneS, sortie.Unit, sortie.Purpose, sortie.TaskKind, sortie.TaskId,
                sortie.Turns.OrderBy(turn => turn.Number).Select(turn => new Turn(turn.At, turn.Purpose, turn.TaskKind, turn.TaskId)).ToList())).ToListAsync(cancellation);

    private static async Task<Grouping> GroupingAsync(string by, List<Flight> flights, Period period, FleetDb db, AirspaceSnapshot drawn, SortiesOptions options, CancellationToken cancellation)
    {
        if (by == "grid")
        {
            var pieces = await GridShares.ReadAsync(db, period, [.. flights.Where(flight => flight.TakeoffAt < period.From || flight.TakeoffAt >= period.To).Select(flight => flight.Id)], drawn, cancellation);
            return new(flight => GridShares.Split(flight.TakeoffAt, flight.AirborneS, [.. pieces[flight.Id]]), (_, _, grid) => grid);
        }

        if (by == "dutyMode")
        {
            var modes = options.DutyModesInForce();
            return new(flight => flight.ByPurpose(purpose => purpose is null ? null : modes.GetValueOrDefault(purpose)), (_, _, _) => modes.GetValueOrDefault(Purpose.Incident));
        }

        if (by == "unit")
        {
            var units = flights.SelectMany(flight => flight.Incidents.Select(incident => (Incident: incident, flight.Unit))).GroupBy(pair => pair.Incident).ToDictionary(group => group.Key, group => group.First().Unit);
            return new(flight => [(flight.Unit, PurposeSpan.Milliseconds(flight.AirborneS))], (incident, _, _) => units.GetValueOrDefault(incident.ToString()));
        }

        var form = by == "month" ? "yyyy-MM" : "yyyy-MM-dd";
        return new(flight => [(Of(flight.TakeoffAt), PurposeSpan.Milliseconds(flight.AirborneS))], (_, at, _) => Of(at)) { IsPeriod = true };

        string Of(DateTimeOffset at) => at.ToOffset(CityTime.Offset).ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Seconds from the call to the drone's arrival, where both are known.</summary>
    private static double? ToScene(byte[] axis)
    {
        var (called, arrived) = (IncidentTimes.At(axis, IncidentStage.CallReceived), IncidentTimes.At(axis, IncidentStage.DroneOnScene));
        return called == IncidentTimes.NotReached || arrived == IncidentTimes.NotReached || arrived < called ? null : (arrived - called) / 1000.0;
    }

    /// <summary>How things are put into groups.</summary>
    /// <param name="Parts">The parts of a flight, at least one, the one it took off in first.</param>
    /// <param name="OfCall">The group of an incident, by its id, its time and its grid.</param>
    private sealed record Grouping(Func<Flight, List<(string? Key, long Ms)>> Parts, Func<Guid, DateTimeOffset, string?, string?> OfCall)
    {
        /// <summary>Whether groups are times, which everything has.</summary>
        public bool IsPeriod { get; init; }
    }

    private sealed record Turn(DateTimeOffset At, string? Purpose, string? TaskKind, string? TaskId);

    private sealed record Flight(
        Guid Id, DateTimeOffset TakeoffAt, double AirborneS, string? Unit, string? Purpose, string? TaskKind, string? TaskId, IReadOnlyList<Turn> Turns)
    {
        /// <summary>The incidents it flew for.</summary>
        public IEnumerable<string> Incidents => Turns.Select(turn => (turn.TaskKind, turn.TaskId)).Prepend((TaskKind, TaskId)).Where(task => task is { TaskKind: "incident", TaskId: not null }).Select(task => task.TaskId!);

        public List<(string? Key, long Ms)> ByPurpose(Func<string?, string?> key) =>
            [.. PurposeSpan.Split(TakeoffAt, AirborneS, [.. Turns.Select(turn => turn.At)]).Select((seconds, i) => (key(i == 0 ? Purpose : Turns[i - 1].Purpose), PurposeSpan.Milliseconds(seconds)))];
    }
}
