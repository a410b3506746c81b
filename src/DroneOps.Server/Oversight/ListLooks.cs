using System.Collections.Frozen;
using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/looks</c>: who looked at which track, log, picture or recording, and what for. Read from the audit log; reading it is a look too.</summary>
internal static class ListLooks
{
    private static readonly FrozenSet<string> Looks = FrozenSet.Create(StringComparer.Ordinal,
        "sortie.trackViewed", "sortie.logViewed", "vehicle.telemetryViewed", "video.watched", "video.recordingViewed", "video.clipViewed", "video.thumbnailViewed", "video.exported", "video.stillTaken", "evidence.exported", "audit.read", "oversight.looksRead");

    public static void Map(RouteGroupBuilder group) => group.MapGet("/looks", HandleAsync)
        .WithSummary("Who looked at what and why, newest first; from, to, actor");

    private static async Task<Results<Ok<Page<Look>>, ProblemHttpResult>> HandleAsync(
        QueryTime? from, QueryTime? to, string? actor, [AsParameters] PageRequest page, AuditLog log, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } wrong)
            return Problems.Invalid(wrong);
        var before = log.Count;
        if (page.After is { } after && (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before > log.Count))
            return Problems.Invalid(TimeCursor.Wrong);
        await log.AppendAsync(new AuditEntry(user.Actor(), "oversight.looksRead", "oversight", new { period.From, period.To, actor }), cancellation);
        var found = new List<AuditRecord>();
        for (var (end, first) = (before, log.FirstAt(period.From)); end > first && found.Count <= page.Take;)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Math.Max(first, (end - 1) / MerkleTree.TileLeaves * MerkleTree.TileLeaves);
            found.AddRange(log.Read(start, end).Where(record => Looks.Contains(record.Action) && record.At >= period.From && record.At < period.To && (actor is null || record.Actor == actor)).Reverse().Take(page.Take + 1 - found.Count));
            end = start;
        }

        return TypedResults.Ok(page.Of(found, Look.Of, record => record.Sequence.ToString(CultureInfo.InvariantCulture)));
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
