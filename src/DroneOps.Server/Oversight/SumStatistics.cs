using System.Globalization;
using System.Text;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /statistics</c> and <c>/statistics.csv</c>: sorties, hours, incidents, how quick drones were there, and confirmed outcomes, by day, month, grid, duty mode or unit.
/// Groups always add up to the same total; what is not known is a group of its own.</summary>
internal static class SumStatistics
{
    private const int MostDays = 3700;
    private const int MostGridDays = 92;
    private static readonly string[] Groups = ["day", "month", "grid", "dutyMode", "unit"];

    public static void Map(RouteGroupBuilder group) => group.MapGet("", ShowAsync).WithSummary($"Sorties, hours, incidents, times to the scene and confirmed outcomes of each group; groupBy={string.Join('|', Groups)}");

    public static void MapCsv(RouteGroupBuilder group) => group.MapGet("", CsvAsync).Produces<Stream>(contentType: "text/csv").WithSummary("The same for a spreadsheet");

    private static async Task<Results<Ok<Page<Row>>, ProblemHttpResult>> ShowAsync(
        string? groupBy, QueryTime? from, QueryTime? to, FleetDb db, AirspaceBook airspace, IOptions<SortiesOptions> options, TimeProvider time, CancellationToken cancellation) =>
        Read(groupBy, from, to, time.GetUtcNow(), out var by, out var period) is { } fault
            ? Problems.Invalid(fault)
            : TypedResults.Ok(new Page<Row>(await RowsAsync(by, period, db, airspace.Current, options.Value, cancellation), null));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(
        string? groupBy, QueryTime? from, QueryTime? to, FleetDb db, AirspaceBook airspace, IOptions<SortiesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (Read(groupBy, from, to, time.GetUtcNow(), out var by, out var period) is { } fault)
            return Problems.Invalid(fault);
        var text = new StringBuilder($"{(IsPeriod(by) ? "period" : by)},sorties,airborneSeconds,incidents,droneArrivals,droneToSceneP50S,evidenceCases,arrestCases,suspects,disasterMissions,personsRescued\r\n");
        foreach (var row in await RowsAsync(by, period, db, airspace.Current, options.Value, cancellation))
            text.Append(CultureInfo.InvariantCulture, $"{Spreadsheet.Field(row.Key ?? "")},{row.Sorties},{row.AirborneSeconds},{row.Incidents},{row.DroneArrivals},{row.DroneToSceneP50S},{row.EvidenceCases},{row.ArrestCases},{row.Suspects},{row.DisasterMissions},{row.PersonsRescued}\r\n");
        return TypedResults.File(Spreadsheet.Bytes(text), "text/csv", "statistics.csv");
    }

    private static bool IsPeriod(string by) => by is "day" or "month";

    private static Fault? Read(string? groupBy, QueryTime? from, QueryTime? to, DateTimeOffset now, out string by, out Period period)
    {
        by = groupBy ?? "day";
        period = new(from?.Utc ?? (to?.Utc ?? now).AddDays(-30), to?.Utc ?? now);
        return !Groups.Contains(by) ? new("groupBy", $"groupBy is one of {string.Join(", ", Groups)}.")
            : period.To <= period.From || period.To - period.From > TimeSpan.FromDays(MostDays) ? new("to", "to is after from, by at most ten years.")
            : by == "grid" && period.To - period.From > TimeSpan.FromDays(MostGridDays) ? new("to", $"By grid, to is after from by at most {MostGridDays} days.")
            : null;
    }

    private static async Task<List<Row>> RowsAsync(string by, Period period, FleetDb db, AirspaceSnapshot drawn, SortiesOptions options, CancellationToken cancellation)
    {
        var counted = await StatisticsSource.ReadAsync(by, period, db, drawn, options, cancellation);
        var flown = counted.Flown.ToLookup(part => part.Key);
        var called = counted.Calls.ToLookup(call => call.Key, call => call.ToSceneS);
        var came = counted.Outcomes.ToLookup(outcome => outcome.Key, outcome => outcome.Row);
        return [.. flown.Select(group => group.Key).Concat(called.Select(group => group.Key)).Concat(came.Select(group => group.Key)).Distinct().OrderBy(key => key is null).ThenBy(key => key, StringComparer.Ordinal).Select(key =>
        {
            double[] arrivals = [.. called[key].OfType<double>().Order()];
            return new Row(
                key, IsPeriod(by) ? key : null, flown[key].Count(part => part.IsFirst), flown[key].Sum(part => part.AirborneMs) / 1000.0, called[key].Count(), arrivals.Length,
                arrivals.Length == 0 ? null : arrivals[(arrivals.Length - 1) / 2],
                Sum(OutcomeKind.EvidenceCollected), Sum(OutcomeKind.ArrestSupport), came[key].Sum(row => row.Suspects), Sum(OutcomeKind.DisasterRelief), Sum(OutcomeKind.PersonsRescued));

            int Sum(OutcomeKind kind) => came[key].Where(row => row.Kind == kind).Sum(row => row.Count);
        })];
    }

    /// <summary>One group.</summary>
    /// <param name="Key">The day or month of the city, the grid's id, the duty mode, the unit; null is what is not known.</param>
    /// <param name="Period">The same where it is a day or a month.</param>
    /// <param name="DroneToSceneP50S">The median of the call-to-scene times, nearest rank; null without any.</param>
    internal sealed record Row(
        string? Key, string? Period, int Sorties, double AirborneSeconds, int Incidents, int DroneArrivals, double? DroneToSceneP50S,
        int EvidenceCases, int ArrestCases, int Suspects, int DisasterMissions, int PersonsRescued);
}
