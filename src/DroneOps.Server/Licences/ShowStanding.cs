using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Storage;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Licences;

/// <summary><c>GET /licences/mine</c>: what the caller's own record says, for him to see before he launches.</summary>
internal static class ShowStanding
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/mine", HandleAsync).WithSummary("My own licences, flights and hours, what I lack, and what becomes of a launch then");

    /// <summary>A pilot's standing now.</summary>
    public static StandingView Of(string pilot, PilotFile file, LicencesOptions options, DateTimeOffset now) => new(
        pilot, [.. file.Licences.OrderByDescending(licence => licence.ValidUntil).Select(licence => LicenceView.Of(licence, now))], file.FlightsIn(TimeSpan.FromDays(options.CurrencyDays), now), options.CurrencyDays,
        Math.Round(file.HoursInDay(now), 2), Math.Round(file.HoursInWeek(now), 2), [.. file.LacksAt(now, options)], options.Rule);

    private static async Task<StandingView> HandleAsync(ClaimsPrincipal user, FleetDb db, IOptions<LicencesOptions> options, TimeProvider time, CancellationToken cancellation)
    {
        var (pilot, now) = (user.Actor(), time.GetUtcNow());
        var files = await PilotFile.ReadAsync(db, pilot, now, now, options.Value, cancellation);
        return Of(pilot, files.GetValueOrDefault(pilot, new([], [])), options.Value, now);
    }
}

/// <summary>How a pilot stands.</summary>
/// <param name="Flights">In the days that count for practice.</param>
/// <param name="HoursInDay">In the air in the last 24 hours.</param>
/// <param name="HoursInWeek">In the last seven days.</param>
/// <param name="Rule">What becomes of a launch while anything is lacking.</param>
internal sealed record StandingView(
    string Pilot, IReadOnlyList<LicenceView> Licences, int Flights, int CurrencyDays, double HoursInDay, double HoursInWeek, IReadOnlyList<Lack> Lacks, LicenceRule Rule);

/// <summary>A licence as it is answered.</summary>
/// <param name="State">valid, expired, future or withdrawn.</param>
internal sealed record LicenceView(
    Guid Id, string Pilot, string Number, string Class, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, DateTimeOffset? MedicalUntil, string State, string EnteredBy, DateTimeOffset EnteredAt,
    DateTimeOffset? WithdrawnAt, string? WithdrawnBy, string? WithdrawnFor)
{
    public static LicenceView Of(Licence row, DateTimeOffset now) => new(
        row.Id, row.Pilot, row.Number, row.Class, row.ValidFrom, row.ValidUntil, row.MedicalUntil,
        row.WithdrawnAt is not null ? "withdrawn" : row.ValidUntil <= now ? "expired" : row.ValidFrom > now ? "future" : "valid", row.EnteredBy, row.EnteredAt, row.WithdrawnAt, row.WithdrawnBy, row.WithdrawnFor);
}
