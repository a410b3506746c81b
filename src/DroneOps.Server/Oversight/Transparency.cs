using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/transparency.html</c>: one page that an authority can publish about a period, in Chinese or English. It stands alone: no script, nothing that is fetched, and nothing in
/// it that leads to a person, a vehicle, an incident or an address.</summary>
internal static class Transparency
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/transparency.html", HandleAsync).Produces<Stream>(contentType: "text/html")
        .WithSummary("A page for publication: totals, purposes, a coarse map, whom to complain to; lang=zh or en; no personal data");

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        QueryTime? from, QueryTime? to, string? lang, FleetDb db, LaunchPurposes purposes, IOptions<OversightOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        if (lang is not (null or "zh" or "en"))
            return Problems.Invalid(new Fault("lang", "lang is one of zh, en."));
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } fault)
            return Problems.Invalid(fault);
        var flown = await db.Set<SortieRecord>().Where(sortie => sortie.IsClosed && sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To).OrderBy(sortie => sortie.TakeoffAt)
            .Select(sortie => new PublishedFlight(
                sortie.Id, sortie.TakeoffAt, sortie.AirborneS, sortie.Purpose, sortie.Turns.OrderBy(turn => turn.Number).Select(turn => new PublishedTurn(turn.At, turn.Purpose)).ToList())).ToListAsync(cancellation);
        var came = await ReportOutcomes.CountAsync(db, new QueryTime(period.From), new QueryTime(period.To), cancellation);
        var cells = await CellsAsync(db, period, cancellation);
        var page = new TransparencyPage(lang == "en", options.Value, period, time.GetUtcNow(), came, TransparencyPage.ByPurpose(flown), cells, purposes.All);
        var day = period.From.ToOffset(CityTime.Offset);
        return TypedResults.File(Encoding.UTF8.GetBytes(page.Write()), "text/html; charset=utf-8", $"transparency-{day:yyyy-MM-dd}-{(lang == "en" ? "en" : "zh")}.html");
    }

    /// <summary>How many flights passed each cell, counted once a flight.</summary>
    private static async Task<Dictionary<(int East, int North), int>> CellsAsync(FleetDb db, Period period, CancellationToken cancellation)
    {
        var (from, to) = (period.From, period.To);
        var passed = new HashSet<(Guid, int, int)>();
        var legs = db.Set<TrackLeg>().AsNoTracking().Where(leg => leg.From >= from && db.Set<SortieRecord>().Any(sortie => sortie.Id == leg.SortieId && sortie.IsClosed && sortie.TakeoffAt >= from && sortie.TakeoffAt < to))
            .Select(leg => new { leg.SortieId, leg.Shape }).AsAsyncEnumerable();
        await foreach (var leg in legs.WithCancellation(cancellation))
        {
            foreach (var corner in leg.Shape.Coordinates)
                passed.Add((leg.SortieId, OpenData.CellOf(corner.X), OpenData.CellOf(corner.Y)));
        }

        return passed.GroupBy(pass => (pass.Item2, pass.Item3)).ToDictionary(group => group.Key, group => group.Count());
    }
}

/// <summary>A flight as far as the page needs it.</summary>
internal sealed record PublishedFlight(Guid Id, DateTimeOffset TakeoffAt, double AirborneS, string? Purpose, IReadOnlyList<PublishedTurn> Turns);

/// <summary>From when on it had another purpose.</summary>
internal sealed record PublishedTurn(DateTimeOffset At, string? Purpose);
