using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /flightHours</c>: sorties, airborne and armed seconds by vehicle, pilot, battery, dock, unit, day, month, purpose or duty mode. What is not known is a group of its own. Groups always add up to the same total.
/// A sortie that was given another purpose in flight counts once, for what it was launched for, and its seconds for what they were flown for.</summary>
internal static class SumFlightHours
{
    private static readonly Dictionary<string, Func<Flown, string?>> Keys = new()
    {
        ["vehicle"] = part => part.VehicleId,
        ["pilot"] = part => part.Pilot,
        ["battery"] = part => part.BatterySerial,
        ["day"] = part => part.TakeoffAt.ToOffset(CityTime.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["month"] = part => part.TakeoffAt.ToOffset(CityTime.Offset).ToString("yyyy-MM", CultureInfo.InvariantCulture),
        ["purpose"] = part => part.Purpose,
        ["dutyMode"] = part => part.DutyMode,
        ["unit"] = part => part.Unit,
        ["dock"] = part => part.DockId,
    };

    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary($"Flight hours; groupBy={string.Join('|', Keys.Keys)}");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        string? groupBy, QueryTime? from, QueryTime? to, [AsParameters] PageRequest page, FleetDb db, IOptions<SortiesOptions> options, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Keys.GetValueOrDefault(groupBy ?? "vehicle") is not { } key)
            return Problems.Invalid(new Fault("groupBy", $"groupBy is one of {string.Join(", ", Keys.Keys)}."));
        var sorties = await new ListSorties.Filter { From = from, To = to }.Apply(db.Set<SortieRecord>().AsNoTracking()).OrderBy(sortie => sortie.TakeoffAt)
            .Select(sortie => new Flight(
                sortie.VehicleId, sortie.VehicleName, sortie.Pilot, sortie.BatterySerial, sortie.Unit, sortie.DockId, sortie.Purpose, sortie.TakeoffAt, sortie.ArmedAt, sortie.AirborneS, sortie.ArmedS,
                sortie.Turns.OrderBy(turn => turn.Number).Select(turn => new Turn(turn.At, turn.Purpose)).ToList())).ToListAsync(cancellation);
        var modes = options.Value.DutyModesInForce();
        var rows = sorties.SelectMany(sortie => sortie.Parts(modes)).ToList();

        // A renamed vehicle is the same vehicle: its id counts, and the name of its last flight is shown.
        var isByVehicle = key == Keys["vehicle"];
        var groups = rows.GroupBy(key).Select(group => Row.Of(group.Key, isByVehicle ? group.Last().VehicleName : group.Key, group));
        var shown = page.OrLimit(PageRequest.MaxLimit).OfAll(groups, SortKey, newestFirst: false);
        return TypedResults.Ok(new Answer(shown.Items, shown.NextCursor, Row.Of("total", null, rows)));

        string SortKey(Row row) => row.Key is null ? "\uffff" : isByVehicle ? row.Key.PadLeft(10, '0') : row.Key;
    }

    /// <summary>The groups and their sum, which is that of all pages.</summary>
    internal sealed record Answer(IReadOnlyList<Row> Items, string? NextCursor, Row Total);

    /// <summary>One group.</summary>
    /// <param name="Key">What its sorties have in common; null is "not known".</param>
    /// <param name="Label">The same for people.</param>
    /// <param name="Sorties">How many.</param>
    /// <param name="AirborneSeconds">Take-off to landing.</param>
    /// <param name="ArmedSeconds">Motors running.</param>
    internal sealed record Row(string? Key, string? Label, int Sorties, double AirborneSeconds, double ArmedSeconds)
    {
        public static Row Of(string? key, string? label, IEnumerable<Flown> sorties)
        {
            var all = sorties.ToList();
            return new(key, label, all.Count(part => part.IsFirst), all.Sum(part => part.AirborneMs) / 1000.0, all.Sum(part => part.ArmedMs) / 1000.0);
        }
    }

    /// <summary>A sortie as it is read.</summary>
    internal sealed record Flight(
        string VehicleId, string VehicleName, string? Pilot, string? BatterySerial, string? Unit, string? DockId, string? Purpose, DateTimeOffset TakeoffAt, DateTimeOffset? ArmedAt, double AirborneS, double ArmedS,
        IReadOnlyList<Turn> Turns)
    {
        /// <summary>Its parts, one for each purpose it was flown for in turn.</summary>
        public IEnumerable<Flown> Parts(IReadOnlyDictionary<string, string> dutyModes)
        {
            DateTimeOffset[] cuts = [.. Turns.Select(turn => turn.At)];
            var airborne = PurposeSpan.Split(TakeoffAt, AirborneS, cuts);
            var armed = PurposeSpan.Split(ArmedAt ?? TakeoffAt, ArmedS, cuts);
            return airborne.Select((seconds, i) =>
            {
                var purpose = i == 0 ? Purpose : Turns[i - 1].Purpose;
                return new Flown(
                    VehicleId, VehicleName, Pilot, BatterySerial, Unit, DockId, purpose, purpose is null ? null : dutyModes.GetValueOrDefault(purpose), TakeoffAt, i == 0, PurposeSpan.Milliseconds(seconds),
                    PurposeSpan.Milliseconds(armed[i]));
            });
        }
    }

    /// <summary>From when on it had another purpose.</summary>
    internal sealed record Turn(DateTimeOffset At, string? Purpose);

    /// <summary>A part of a sortie, in whole milliseconds: sums of those do not depend on the order.</summary>
    internal sealed record Flown(
        string VehicleId, string VehicleName, string? Pilot, string? BatterySerial, string? Unit, string? DockId, string? Purpose, string? DutyMode, DateTimeOffset TakeoffAt, bool IsFirst, long AirborneMs, long ArmedMs);
}
