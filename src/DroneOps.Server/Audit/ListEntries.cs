using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/entries</c>: newest first. Looking at the log is itself in the log.</summary>
internal static class ListEntries
{
    /// <summary>How many tiles one page looks through, those of a file: who looks for something rare in years of entries gets a cursor to go on with, not a request of minutes.</summary>
    private const int TilesAtOnce = AuditFiles.EntriesPerFile / MerkleTree.TileLeaves;

    public static void Map(RouteGroupBuilder group) => group.MapGet("/entries", HandleAsync)
        .WithSummary("Audit entries, newest first")
        .WithDescription("Filters: from and to (RFC 3339, to exclusive), actor, action (a name or its beginning, such as 'session'), subject. A page that looked through many entries may hold few or none and still have a cursor. Reading is itself an entry.");

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
        return TypedResults.Ok(Newest(log, before, filter, page, TilesAtOnce, cancellation));
    }

    /// <summary>The newest entries below a number, of those that the filter takes.</summary>
    internal static Page<AuditRecord> Newest(AuditLog log, long before, Filter filter, PageRequest page, int tilesAtOnce, CancellationToken cancellation)
    {
        var found = new List<AuditRecord>();
        var first = filter.From is { Utc: var from } && from > log.MixedUntil ? log.FirstAt(from) : 0;
        var end = filter.To is { Utc: var to } && to > log.MixedUntil ? Math.Min(before, log.FirstAt(to)) : before;
        for (var tiles = 0; end > first && found.Count <= page.Take && tiles < tilesAtOnce; tiles++)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Math.Max(first, (end - 1) / MerkleTree.TileLeaves * MerkleTree.TileLeaves);
            found.AddRange(log.Read(start, end).Where(filter.Takes).Reverse().Take(page.Take + 1 - found.Count));
            end = start;
        }

        var answer = page.Of(found, record => record, record => Key(record.Sequence));
        return answer.NextCursor is null && end > first ? answer with { NextCursor = PageRequest.Encode(Key(end)) } : answer;
    }

    private static string Key(long sequence) => sequence.ToString(CultureInfo.InvariantCulture);

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
