using System.Globalization;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /statistics</c> and <c>/statistics.csv</c>: sorties, hours, incidents, how quick drones were there, and confirmed outcomes, by day or month.</summary>
internal static class SumStatistics
{
    private const int MostDays = 3700;
    private static readonly Dictionary<string, string> Periods = new() { ["day"] = "yyyy-MM-dd", ["month"] = "yyyy-MM" };

    public static void Map(RouteGroupBuilder group) => group.MapGet("", ShowAsync).WithSummary($"Sorties, hours, incidents, times to the scene and confirmed outcomes of each period; groupBy={string.Join('|', Periods.Keys)}");

    public static void MapCsv(RouteGroupBuilder group) => group.MapGet("", CsvAsync).Produces<Stream>(contentType: "text/csv").WithSummary("The same for a spreadsheet");

    private static async Task<Results<Ok<Page<Row>>, ProblemHttpResult>> ShowAsync(string? groupBy, QueryTime? from, QueryTime? to, FleetDb db, TimeProvider time, CancellationToken cancellation) =>
        Read(groupBy, from, to, time.GetUtcNow(), out var form, out var period) is { } fault ? Problems.Invalid(fault) : TypedResults.Ok(new Page<Row>(await RowsAsync(form, period, db, cancellation), null));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> CsvAsync(string? groupBy, QueryTime? from, QueryTime? to, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (Read(groupBy, from, to, time.GetUtcNow(), out var form, out var period) is { } fault)
            return Problems.Invalid(fault);
        var text = new StringBuilder("period,sorties,airborneSeconds,incidents,droneArrivals,droneToSceneP50S,evidenceCases,arrestCases,suspects,disasterMissions,personsRescued\r\n");
        foreach (var row in await RowsAsync(form, period, db, cancellation))
            text.Append(CultureInfo.InvariantCulture, $"{row.Period},{row.Sorties},{row.AirborneSeconds},{row.Incidents},{row.DroneArrivals},{row.DroneToSceneP50S},{row.EvidenceCases},{row.ArrestCases},{row.Suspects},{row.DisasterMissions},{row.PersonsRescued}\r\n");
        return TypedResults.File(Spreadsheet.Bytes(text), "text/csv", "statistics.csv");
    }

    private static Fault? Read(string? groupBy, QueryTime? from, QueryTime? to, DateTimeOffset now, out string form, out Period period)
    {
        form = Periods.GetValueOrDefault(groupBy ?? "day", "");
        period = new(from?.Utc ?? (to?.Utc ?? now).AddDays(-30), to?.Utc ?? now);
        return form.Length == 0 ? new("groupBy", $"groupBy is one of {string.Join(", ", Periods.Keys)}.")
            : period.To <= period.From || period.To - period.From > TimeSpan.FromDays(MostDays) ? new("to", "to is after from, by at most ten years.")
            : null;
    }

    private static async Task<List<Row>> RowsAsync(string form, Period period, FleetDb db, CancellationToken cancellation)
    {
        var flown = (await db.Set<SortieRecord>().Where(sortie => sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To).Select(sortie => new { sortie.TakeoffAt, sortie.AirborneS }).ToListAsync(cancellation))
            .ToLookup(sortie => Key(sortie.TakeoffAt), sortie => (long)Math.Round(sortie.AirborneS * 1000));
        var called = (await db.Set<IncidentTimes>().Where(row => row.ReportedAt >= period.From && row.ReportedAt < period.To).Select(row => new { row.ReportedAt, row.Axis }).ToListAsync(cancellation))
            .ToLookup(row => Key(row.ReportedAt), row => ToScene(row.Axis));
        var came = (await db.Set<OutcomeRecord>().AsNoTracking().Where(row => row.State == OutcomeState.Confirmed && row.OccurredAt >= period.From && row.OccurredAt < period.To).ToListAsync(cancellation))
            .ToLookup(row => Key(row.OccurredAt));
        return [.. flown.Select(group => group.Key).Concat(called.Select(group => group.Key)).Concat(came.Select(group => group.Key)).Distinct().Order(StringComparer.Ordinal).Select(key =>
        {
            double[] arrivals = [.. called[key].OfType<double>().Order()];
            return new Row(
                key, flown[key].Count(), flown[key].Sum() / 1000.0, called[key].Count(), arrivals.Length, arrivals.Length == 0 ? null : arrivals[(arrivals.Length - 1) / 2],
                Sum(OutcomeKind.EvidenceCollected), Sum(OutcomeKind.ArrestSupport), came[key].Sum(row => row.Suspects), Sum(OutcomeKind.DisasterRelief), Sum(OutcomeKind.PersonsRescued));

            int Sum(OutcomeKind kind) => came[key].Where(row => row.Kind == kind).Sum(row => row.Count);
        })];

        string Key(DateTimeOffset at) => at.ToOffset(CityTime.Offset).ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>Seconds from the call to the drone's arrival, where both are known.</summary>
    private static double? ToScene(byte[] axis)
    {
        var (called, arrived) = (IncidentTimes.At(axis, IncidentStage.CallReceived), IncidentTimes.At(axis, IncidentStage.DroneOnScene));
        return called == IncidentTimes.NotReached || arrived == IncidentTimes.NotReached || arrived < called ? null : (arrived - called) / 1000.0;
    }

    /// <summary>One day or month of the city.</summary>
    /// <param name="DroneToSceneP50S">The median of the call-to-scene times, nearest rank; null without any.</param>
    internal sealed record Row(
        string Period, int Sorties, double AirborneSeconds, int Incidents, int DroneArrivals, double? DroneToSceneP50S,
        int EvidenceCases, int ArrestCases, int Suspects, int DisasterMissions, int PersonsRescued);
}
