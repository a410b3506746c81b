using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary><c>GET /flightHours</c>: sorties, airborne and armed seconds by vehicle, pilot, day, month or purpose. Groups always add up to the same total.</summary>
internal static class SumFlightHours
{
    /// <summary>Days and months are the city's: China has one time zone and no summer time.</summary>
    private static readonly TimeSpan City = TimeSpan.FromHours(8);

    public static void Map(RouteGroupBuilder group) => group.MapGet("", HandleAsync).WithSummary("Flight hours; groupBy=vehicle|pilot|day|month|purpose");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(string? groupBy, DateTimeOffset? from, DateTimeOffset? to, FleetDb db, CancellationToken cancellation)
    {
        Func<Flown, string?>? key = (groupBy ?? "vehicle") switch
        {
            "vehicle" => sortie => sortie.VehicleName,
            "pilot" => sortie => sortie.Pilot,
            "purpose" => sortie => sortie.Purpose,
            "day" => sortie => sortie.TakeoffAt.ToOffset(City).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "month" => sortie => sortie.TakeoffAt.ToOffset(City).ToString("yyyy-MM", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (key is null)
            return Problems.Invalid(new Fault("groupBy", "groupBy is vehicle, pilot, day, month or purpose."));
        var rows = await new ListSorties.Filter(from, to, null, null, null, null, null, null, null).Apply(db.Set<SortieRecord>().AsNoTracking())
            .Select(sortie => new Flown(sortie.VehicleName, sortie.Pilot, sortie.Purpose, sortie.TakeoffAt, sortie.AirborneS, sortie.ArmedS)).ToListAsync(cancellation);
        var items = rows.GroupBy(key).Select(group => Row.Of(group.Key, group)).OrderBy(row => row.Key, StringComparer.Ordinal).ToList();
        return TypedResults.Ok(new Answer(items, Row.Of("total", rows)));
    }

    /// <summary>The groups and their sum.</summary>
    internal sealed record Answer(IReadOnlyList<Row> Items, Row Total);

    /// <summary>One group.</summary>
    internal sealed record Row(string? Key, int Sorties, double AirborneSeconds, double ArmedSeconds)
    {
        public static Row Of(string? key, IEnumerable<Flown> sorties)
        {
            var all = sorties.ToList();
            return new(key, all.Count, Math.Round(all.Sum(sortie => sortie.AirborneS), 3), Math.Round(all.Sum(sortie => sortie.ArmedS), 3));
        }
    }

    internal sealed record Flown(string VehicleName, string? Pilot, string? Purpose, DateTimeOffset TakeoffAt, double AirborneS, double ArmedS);
}
