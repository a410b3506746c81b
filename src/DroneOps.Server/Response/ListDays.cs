using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Response;

/// <summary><c>GET /response/days</c>: the kept figures of the days that are over.</summary>
internal static class ListDays
{
    private const int Usual = 30;

    /// <summary>Ten years.</summary>
    private const int Most = 3660;

    public static void Map(RouteGroupBuilder group) => group.MapGet("/days", HandleAsync).WithSummary("The figures of each of the last days (30 without a number), oldest first; a day without incidents is left out");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(int? days, FleetDb db, TimeProvider time, CancellationToken cancellation)
    {
        if (days is < 1 or > Most)
            return Problems.Invalid(new Fault("days", $"days is 1 to {Most}."));
        var today = CityTime.DayOf(time.GetUtcNow());
        var (first, end) = (IncidentTimes.DayNumber(today.AddDays(-(days ?? Usual))), IncidentTimes.DayNumber(today));
        var rows = await db.Set<ResponseDay>().AsNoTracking().Where(row => row.Day >= first && row.Day < end).OrderBy(row => row.Day).ToListAsync(cancellation);
        return TypedResults.Ok(new Answer([.. rows.Select(row => new DayFigures(NameOf(row.Day), row.CountedAt, row.Figures))]));
    }

    private static string NameOf(int day) => string.Create(CultureInfo.InvariantCulture, $"{day / 10000:0000}-{day / 100 % 100:00}-{day % 100:00}");

    /// <summary>The days.</summary>
    internal sealed record Answer(IReadOnlyList<DayFigures> Items);

    /// <summary>One of them, such as 2026-05-01.</summary>
    internal sealed record DayFigures(string Day, DateTimeOffset CountedAt, Figures Figures);
}
