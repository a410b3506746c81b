using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /flightHours</c>: sorties, airborne and armed seconds by vehicle, pilot, battery, day, month or purpose. Groups always add up to the same total.</summary>
internal static class SumFlightHours
{
    /// <summary>Days and months are the city's: China has one time zone and no summer time.</summary>
    private static readonly TimeSpan City = TimeSpan.FromHours(8);

    private static readonly Dictionary<string, Func<Flown, string?>> Keys = new()
    {
        ["vehicle"] = sortie => sortie.VehicleId,
        ["pilot"] = sortie => sortie.Pilot,
        ["battery"] = sortie => sortie.BatterySerial,
        ["day"] = sortie => sortie.TakeoffAt.ToOffset(City).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["month"] = sortie => sortie.TakeoffAt.ToOffset(City).ToString("yyyy-MM", CultureInfo.InvariantCulture),
        ["purpose"] = sortie => sortie.Purpose,
    };

    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary($"Flight hours; groupBy={string.Join('|', Keys.Keys)}");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        string? groupBy, QueryTime? from, QueryTime? to, [AsParameters] PageRequest page, FleetDb db, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Keys.GetValueOrDefault(groupBy ?? "vehicle") is not { } key)
            return Problems.Invalid(new Fault("groupBy", $"groupBy is one of {string.Join(", ", Keys.Keys)}."));
        var rows = await new ListSorties.Filter(from, to, null, null, null, null, null, null, null).Apply(db.Set<SortieRecord>().AsNoTracking()).OrderBy(sortie => sortie.TakeoffAt)
            .Select(sortie => new Flown(sortie.VehicleId, sortie.VehicleName, sortie.Pilot, sortie.BatterySerial, sortie.Purpose, sortie.TakeoffAt, sortie.AirborneS, sortie.ArmedS)).ToListAsync(cancellation);

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
            return new(key, label, all.Count, Math.Round(all.Sum(sortie => sortie.AirborneS), 3), Math.Round(all.Sum(sortie => sortie.ArmedS), 3));
        }
    }

    internal sealed record Flown(string VehicleId, string VehicleName, string? Pilot, string? BatterySerial, string? Purpose, DateTimeOffset TakeoffAt, double AirborneS, double ArmedS);
}
