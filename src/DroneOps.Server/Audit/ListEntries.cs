using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/entries</c>: newest first. Looking at the log is itself in the log.</summary>
internal static class ListEntries
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/entries", HandleAsync)
        .WithSummary("Audit entries, newest first")
        .WithDescription("Filters: from and to (RFC 3339, to exclusive), actor, action (a name or its beginning, such as 'session'), subject. Reading is itself an entry.");

    private static async Task<Results<Ok<Page<AuditRecord>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] Filter filter,
        [AsParameters] PageRequest page,
        AuditLog log,
        ClaimsPrincipal user,
        CancellationToken cancellation)
    {
        if (page.Fault is { } fault)
        {
            return Problems.Invalid(fault);
        }

        var before = log.Count;
        if (page.After is { } after && (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before) || before > log.Count))
        {
            return Problems.Invalid(new Fault("cursor", "This is not a cursor that the list has given."));
        }

        await log.AppendAsync(new AuditEntry(user.Actor(), "audit.read", "audit", new { from = filter.From?.Utc, to = filter.To?.Utc, filter.Actor, filter.Action, filter.Subject }), cancellation);
        return TypedResults.Ok(page.Of(Newest(log, before, filter, page.Take + 1, cancellation), record => record, record => record.Sequence.ToString(CultureInfo.InvariantCulture)));
    }

    private static List<AuditRecord> Newest(AuditLog log, long before, Filter filter, int count, CancellationToken cancellation)
    {
        var found = new List<AuditRecord>(Math.Min(count, 128));
        for (var end = before; end > 0 && found.Count < count; end -= end % MerkleTree.TileLeaves is 0 ? MerkleTree.TileLeaves : end % MerkleTree.TileLeaves)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = (end - 1) / MerkleTree.TileLeaves * MerkleTree.TileLeaves;
            found.AddRange(log.Read(start, end).Where(filter.Takes).Reverse().Take(count - found.Count));
        }

        return found;
    }

    /// <summary>Which entries.</summary>
    internal sealed record Filter
    {
        public QueryTime? From { get; init; }

        public QueryTime? To { get; init; }

        public string? Actor { get; init; }

        public string? Action { get; init; }

        public string? Subject { get; init; }

        public bool Takes(AuditRecord record) =>
            (From is not { Utc: var from } || record.At >= from)
            && (To is not { Utc: var to } || record.At < to)
            && (Actor is null || record.Actor == Actor)
            && (Action is null || record.Action == Action || record.Action.StartsWith(Action + ".", StringComparison.Ordinal))
            && (Subject is null || record.Subject == Subject);
    }
}
