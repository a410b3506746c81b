using System.Collections.Frozen;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/looks</c>: who looked at which track, log, picture or recording, and what for. Read from the audit log; reading it is a look too.</summary>
internal static class ListLooks
{
    private static readonly FrozenSet<string> Looks = FrozenSet.Create(StringComparer.Ordinal,
        "sortie.trackViewed", "sortie.logViewed", "vehicle.telemetryViewed", "video.watched", "video.recordingViewed", "video.clipViewed", "video.thumbnailViewed", "video.exported", "video.stillTaken", "video.stillViewed", "evidence.exported", "audit.read", "oversight.looksRead", "oversight.deletionsRead");

    public static void Map(RouteGroupBuilder group) => group.MapGet("/looks", HandleAsync)
        .WithSummary("Who looked at what and why, newest first; from, to, actor");

    private static async Task<Results<Ok<Page<Look>>, ProblemHttpResult>> HandleAsync(
        QueryTime? from, QueryTime? to, string? actor, [AsParameters] PageRequest page, AuditLog log, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } wrong)
            return Problems.Invalid(wrong);
        if (!PeriodEntries.TryBegin(page, log, out var before))
            return Problems.Invalid(TimeCursor.Wrong);
        await log.AppendAsync(new AuditEntry(user.Actor(), "oversight.looksRead", "oversight", new { period.From, period.To, actor }), cancellation);
        var found = PeriodEntries.Of(log, before, period, record => Looks.Contains(record.Action) && (actor is null || record.Actor == actor), page, cancellation);
        return TypedResults.Ok(page.Of(found, Look.Of, PeriodEntries.Key));
    }

    /// <summary>A look.</summary>
    /// <param name="Entry">The number of its audit entry.</param>
    /// <param name="Reason">What for, where it was asked.</param>
    internal sealed record Look(long Entry, DateTimeOffset At, string Actor, string Action, string Subject, string? Reason)
    {
        public static Look Of(AuditRecord record) => new(
            record.Sequence, record.At, record.Actor, record.Action, record.Subject,
            record.Details.ValueKind == System.Text.Json.JsonValueKind.Object && record.Details.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }
}
