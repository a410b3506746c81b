using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Oversight;

/// <summary>Entries of the audit log of one kind and period, the newest first, page by page.</summary>
internal static class PeriodEntries
{
    /// <summary>Below which number a page begins.</summary>
    /// <returns>False for a cursor that was never given.</returns>
    public static bool TryBegin(PageRequest page, AuditLog log, out long before)
    {
        before = log.Count;
        return page.After is not { } after || (long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before <= log.Count);
    }

    /// <summary>The entries of a page, and one more where there are more.</summary>
    public static List<AuditRecord> Of(AuditLog log, long before, Period period, Func<AuditRecord, bool> takes, PageRequest page, CancellationToken cancellation)
    {
        var found = new List<AuditRecord>();
        for (var (end, first) = (before, log.FirstAt(period.From)); end > first && found.Count <= page.Take;)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = Math.Max(first, (end - 1) / MerkleTree.TileLeaves * MerkleTree.TileLeaves);
            found.AddRange(log.Read(start, end).Where(record => record.At >= period.From && record.At < period.To && takes(record)).Reverse().Take(page.Take + 1 - found.Count));
            end = start;
        }

        return found;
    }

    /// <summary>The cursor of an entry.</summary>
    public static string Key(AuditRecord record) => record.Sequence.ToString(CultureInfo.InvariantCulture);
}
