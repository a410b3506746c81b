using System.Text.Json;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Licences;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/findings</c>: the sorties of a period that want an explanation, and why.</summary>
internal static class ListFindings
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/findings", HandleAsync)
        .WithSummary("Sorties without purpose, authority or order, gaps, clocks that differ, heights, zones, approvals, cameras' duties and pilots' licences; from and to are at most 92 days apart")
        .WithDescription("A finding says where to look and accuses nobody. Zones and approvals are those that are entered now.");

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        QueryTime? from, QueryTime? to, string? kind, FleetDb db, AirspaceBook airspace, RecordingShelf shelf, IOptions<OversightOptions> options, IOptions<LicencesOptions> licences, TimeProvider time,
        CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (Period.Read(from, to, now, out var period) is { } fault)
            return Problems.Invalid(fault);
        if (!Enum.TryParse<FindingKind>(kind, ignoreCase: true, out var only) && kind is not null)
            return Problems.Invalid(new Fault("kind", $"kind is one of {string.Join(", ", Enum.GetNames<FindingKind>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."));
        var flown = await db.WithoutShape<SortieRecord>().Where(sortie => (sortie.TakeoffAt >= period.From && sortie.TakeoffAt < period.To) || sortie.TakeoffAt > now).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellation);
        var byId = flown.ToDictionary(sortie => sortie.Id);
        List<Finding> findings = [.. flown.GroupBy(sortie => sortie.VehicleId).SelectMany(own => own.Zip(own.Prepend(null), (sortie, before) => Finding.OfRecord(sortie, before, now)).SelectMany(found => found))];
        findings.AddRange(await TrackFindings.TooHighAsync(db, byId, options.Value.HeightLimitM, cancellation));
        findings.AddRange(await TrackFindings.BreachesAsync(db, byId, airspace.Current, cancellation));
        findings.AddRange(await ApprovalFindings.OfAsync(db, flown, airspace.Current, cancellation));
        findings.AddRange(await CameraFindings.OfAsync(db, byId, period, shelf, now, cancellation));
        findings.AddRange(await PilotFindings.OfAsync(db, flown, period, licences.Value, cancellation));
        var counts = findings.GroupBy(finding => finding.Kind).Select(group => new Count(group.Key, group.Count())).OrderBy(count => count.Kind);
        return TypedResults.Ok(new Answer(
            period.From, period.To, flown.Count, [.. counts], [.. findings.Where(finding => kind is null || finding.Kind == only).OrderByDescending(finding => finding.TakeoffAt ?? finding.At).ThenBy(finding => finding.Kind)]));
    }

    /// <summary>How many there are of a kind.</summary>
    internal sealed record Count(FindingKind Kind, int Findings);

    /// <summary>The findings, the newest sortie first.</summary>
    /// <param name="Sorties">How many sorties were looked at.</param>
    internal sealed record Answer(DateTimeOffset From, DateTimeOffset To, int Sorties, IReadOnlyList<Count> Counts, IReadOnlyList<Finding> Items);
}

/// <summary>A period of review, of at most a quarter.</summary>
internal readonly record struct Period(DateTimeOffset From, DateTimeOffset To)
{
    private const int MostDays = 92;
    private const int UsualDays = 30;

    /// <summary>Reads one; the last thirty days unless told otherwise.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Read(QueryTime? from, QueryTime? to, DateTimeOffset now, out Period period)
    {
        var end = to?.Utc ?? now;
        period = new(from?.Utc ?? end.AddDays(-UsualDays), end);
        return period.To <= period.From || period.To - period.From > TimeSpan.FromDays(MostDays) ? new("to", $"to is after from, by at most {MostDays} days.") : null;
    }
}
