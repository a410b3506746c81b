using System.Security.Claims;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace DroneOps.Server.Oversight;

/// <summary><c>GET /oversight/deletions</c>: what was deleted because its time was over. Read from the audit log and not from the tombstones on the disk: those can be taken
/// away, the entries cannot.</summary>
internal static class ListDeletions
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/deletions", HandleAsync)
        .WithSummary("What was deleted because its time was over, newest first, each with the entry of the audit log that came before; from, to");

    private static async Task<Results<Ok<Page<Deletion>>, ProblemHttpResult>> HandleAsync(
        QueryTime? from, QueryTime? to, [AsParameters] PageRequest page, [FromServices] IEnumerable<KeptStore> stores, AuditLog log, ClaimsPrincipal user, TimeProvider time, CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
            return Problems.Invalid(fault);
        if (Period.Read(from, to, time.GetUtcNow(), out var period) is { } wrong)
            return Problems.Invalid(wrong);
        if (!PeriodEntries.TryBegin(page, log, out var before))
            return Problems.Invalid(TimeCursor.Wrong);
        await log.AppendAsync(new AuditEntry(user.Actor(), "oversight.deletionsRead", "oversight", new { period.From, period.To }), cancellation);
        var storeOf = stores.Where(store => store.Action is not null).ToDictionary(store => store.Action!, store => store.Store, StringComparer.Ordinal);
        var found = PeriodEntries.Of(log, before, period, record => storeOf.ContainsKey(record.Action), page, cancellation);
        return TypedResults.Ok(page.Of(found, record => new Deletion(record.Sequence, record.At, storeOf[record.Action], record.Subject, record.Details), PeriodEntries.Key));
    }

    /// <summary>A deletion.</summary>
    /// <param name="Entry">The number of its audit entry.</param>
    /// <param name="Store">What it was deleted from, as in <c>/oversight/retention</c>.</param>
    /// <param name="Details">What went and by which rule, as the entry says it.</param>
    internal sealed record Deletion(long Entry, DateTimeOffset At, string Store, string Subject, JsonElement Details);
}
