using System.Globalization;
using System.Security.Claims;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Audit;

/// <summary><c>GET /audit/tile/...</c>: the log as C2SP tlog-tiles, so that the tools for such logs read and mirror it.</summary>
/// <remarks>The log's prefix is <c>/api/v1/audit</c>: <c>checkpoint</c>, <c>tile/LEVEL/N[.p/W]</c>, <c>tile/entries/N[.p/W]</c>. A full tile never changes.</remarks>
internal static class ServeTiles
{
    private const string Immutable = "private, max-age=31536000, immutable";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/tile/entries/{**number}", EntriesAsync).WithSummary("Entries of a tile, each after its length in two bytes (C2SP tlog-tiles); reading them is itself an entry")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/tile/{level:int}/{**number}", Hashes).WithSummary("Hashes of a tile (C2SP tlog-tiles)")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Reads a tile's number: groups of three digits, all but the last after an <c>x</c>, and the width of one that is not full.</summary>
    internal static bool TryReadNumber(string text, out long number, out int width)
    {
        (number, width) = (0, MerkleTree.TileLeaves);
        var parts = text.Split('/').ToList();
        if (parts.Count >= 2 && parts[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            // One spelling for each tile: a full one is asked for without a width, and no number has a leading zero.
            if (!int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width is < 1 or >= MerkleTree.TileLeaves || parts[^1][0] == '0')
            {
                return false;
            }

            parts.RemoveAt(parts.Count - 1);
            parts[^1] = parts[^1][..^2];
        }

        if (parts.Count > 5 || (parts.Count > 1 && parts[0] == "x000"))
        {
            return false;
        }

        for (var at = 0; at < parts.Count; at++)
        {
            var isLast = at == parts.Count - 1;
            var digits = isLast ? parts[at] : parts[at].StartsWith('x') ? parts[at][1..] : "";
            if (digits.Length != 3 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var group))
            {
                return false;
            }

            number = (number * 1000) + group;
        }

        return true;
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Hashes(int level, string number, AuditLog log, HttpContext context) =>
        Answer(number, context, (index, width) => log.HashTile(level, index, width));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> EntriesAsync(string number, AuditLog log, ClaimsPrincipal user, HttpContext context, CancellationToken cancellation)
    {
        var answer = Answer(number, context, log.EntryTile);
        if (answer.Result is FileContentHttpResult)
            await log.AppendAsync(new AuditEntry(user.Actor(), "audit.read", "audit", new { tile = number }), cancellation);
        return answer;
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Answer(string number, HttpContext context, Func<long, int, byte[]?> read)
    {
        if (!TryReadNumber(number, out var index, out var width) || read(index, width) is not { } bytes)
        {
            return Problems.NotFound("tile under the newest checkpoint", number);
        }

        context.Response.Headers.CacheControl = Immutable;
        return TypedResults.Bytes(bytes, "application/octet-stream");
    }
}
