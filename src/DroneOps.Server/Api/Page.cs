using System.Buffers.Text;
using System.Text;

namespace DroneOps.Server.Api;

/// <summary>One page of a list: <c>{"items": [...], "nextCursor": null}</c>.</summary>
/// <param name="Items">The items, in the order the list documents.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> to go on; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The paging parameters of every list: <c>limit</c> (1..1000, default 100) and <c>cursor</c>. A handler takes
/// it as <c>[AsParameters]</c>.</summary>
internal sealed record PageRequest
{
    public const int MaxLimit = 1000;
    public const int DefaultLimit = 100;

    public int? Limit { get; init; }

    public string? Cursor { get; init; }

    /// <summary>The limit in force.</summary>
    public int Take => Math.Clamp(Limit ?? DefaultLimit, 1, MaxLimit);

    /// <summary>The same request, with a limit for those who name none.</summary>
    public PageRequest OrLimit(int limit) => this with { Limit = Limit ?? limit };

    /// <summary>Where to go on, as the list wrote it with <see cref="Encode"/>; null for the first page or an unreadable cursor.</summary>
    public string? After => Cursor is { Length: > 0 } cursor && Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;

    /// <summary>What is wrong with the parameters, or null.</summary>
    public Fault? Fault =>
        Limit is < 1 or > MaxLimit ? new Fault("limit", $"limit must be 1 to {MaxLimit}.")
        : Cursor is { Length: > 0 } && After is null ? new Fault("cursor", "This is not a cursor that the list has given.")
        : null;

    /// <summary>Makes a page of rows that were read with <c>Take(page.Take + 1)</c>: one too many says there is more.</summary>
    public Page<TItem> Of<TRow, TItem>(List<TRow> rows, Func<TRow, TItem> item, Func<TRow, string> key)
    {
        var more = rows.Count > Take;
        var kept = more ? rows[..Take] : rows;
        return new Page<TItem>([.. kept.Select(item)], more ? Encode(key(kept[^1])) : null);
    }

    /// <summary>Makes a page of a list that is whole in memory.</summary>
    /// <param name="all">The list, in any order.</param>
    /// <param name="key">The sort key, unique; keys are compared byte by byte.</param>
    /// <param name="newestFirst">Greatest key first.</param>
    public Page<TItem> OfAll<TItem>(IEnumerable<TItem> all, Func<TItem, string> key, bool newestFirst)
    {
        var sign = newestFirst ? -1 : 1;
        var after = After;
        var rows = all.Select(item => (Item: item, Key: key(item))).Where(row => after is null || string.CompareOrdinal(row.Key, after) * sign > 0).ToList();
        rows.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key) * sign);
        return Of(rows, row => row.Item, row => row.Key);
    }

    /// <summary>Makes a cursor of a row's sort key.</summary>
    public static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));
}
