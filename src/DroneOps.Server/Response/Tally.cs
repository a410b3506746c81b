using System.Globalization;
using System.Runtime.InteropServices;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Response;

/// <summary>Counts a report. Pure.</summary>
/// <remarks>One pass over the incidents: each is measured, put into its groups and forgotten. Then each span is sorted once for all groups: walking the
/// sorted times, a group has met its p-quantile when it has met ⌈p·n⌉ of its own. So a hundred and sixty groups cost a walk, not a hundred
/// and sixty sorts.</remarks>
internal sealed class Tally
{
    private const int IndexBits = 24;

    /// <summary>Times are sorted with their row in the lower bits; what is longer than 34 years is that long.</summary>
    private const long LongestMs = (1L << (63 - IndexBits)) - 1;

    private static readonly string[] Dimensions = ["type", "priority", "hour", "gridId", "keySiteId"];

    // The groups of row r are at r · stride: the total, then one for each dimension, or -1.
    private static readonly int Stride = 1 + Dimensions.Length;

    private readonly List<(string By, string Key)> _names = [("", "")];
    private readonly Dictionary<string, int>[] _known = [.. Dimensions.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
    private readonly Dictionary<int, string> _digits = [];
    private readonly List<int> _groupsOf = [];
    private readonly List<ulong>[] _times = [.. Enumerable.Range(0, Spans.Count).Select(_ => new List<ulong>())];
    private readonly List<int> _incidents = [0];
    private readonly List<int> _together = [0];
    private readonly int[] _arrivals = new int[ResponseReport.Bins];
    private int _rows;

    /// <summary>Counts all, and by each dimension.</summary>
    public static (Figures Total, IReadOnlyList<int> Arrivals, IReadOnlyList<FiguresGroup> Groups) Of(IReadOnlyList<Measured> rows)
    {
        var tally = new Tally();
        foreach (var row in rows)
            tally.Add(row);
        return tally.Count();
    }

    /// <summary>Takes in an incident.</summary>
    public void Add(in Measured row)
    {
        if (_rows >= (1 << IndexBits) - 1)
            throw new InvalidOperationException($"A report counts at most {(1 << IndexBits) - 1} incidents.");
        Span<int> groups = [0, GroupOf(0, row.Type), GroupOf(1, Digits(row.Priority)), GroupOf(2, Digits(row.Hour)), GroupOf(3, row.GridId), GroupOf(4, row.KeySiteId)];
        foreach (var group in groups)
        {
            _groupsOf.Add(group);
            if (group < 0)
                continue;
            _incidents[group]++;
            _together[group] += row.IsTogether ? 1 : 0;
        }

        Span<long> measured = stackalloc long[Spans.Count];
        Spans.Measure(row.Axis, measured);
        for (var span = 0; span < Spans.Count; span++)
        {
            if (measured[span] != Spans.Unknown)
                _times[span].Add(((ulong)Math.Min(measured[span], LongestMs) << IndexBits) | (uint)_rows);
        }

        _rows++;
    }

    /// <summary>Counts what was taken in: all of it, and by each dimension.</summary>
    public (Figures Total, IReadOnlyList<int> Arrivals, IReadOnlyList<FiguresGroup> Groups) Count()
    {
        var figures = Figure();
        return (figures[0], _arrivals, [.. Enumerable.Range(1, figures.Length - 1).Select(group => new FiguresGroup(_names[group].By, _names[group].Key, figures[group]))
            .OrderBy(group => Array.IndexOf(Dimensions, group.By)).ThenBy(group => group.Key, ByNumber)]);
    }

    /// <summary>Numbers as numbers, the rest as text.</summary>
    private static Comparer<string> ByNumber => Comparer<string>.Create((left, right) =>
        int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var one) && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : string.CompareOrdinal(left, right));

    /// <summary>The rank of a quantile, 1 the smallest: ⌈n · percent / 100⌉ in whole numbers, because 0.9 · 10 is not 9 in binary.</summary>
    private static int Rank(int count, int percent) => (int)((((long)count * percent) + 99) / 100);

    private string Digits(int number)
    {
        if (!_digits.TryGetValue(number, out var digits))
            _digits[number] = digits = number.ToString(CultureInfo.InvariantCulture);
        return digits;
    }

    private int GroupOf(int dimension, string? key)
    {
        if (key is null)
            return -1;
        if (!_known[dimension].TryGetValue(key, out var group))
        {
            _known[dimension].Add(key, group = _names.Count);
            _names.Add((Dimensions[dimension], key));
            _incidents.Add(0);
            _together.Add(0);
        }

        return group;
    }

    private Figures[] Figure()
    {
        var groups = _names.Count;
        var within = new int[groups, Within.LimitsS.Length];
        var spans = new SpanFigures[groups, Spans.Count];
        var spare = new ulong[_rows];
        for (var span = 0; span < Spans.Count; span++)
            Walk((ResponseSpan)span, CollectionsMarshal.AsSpan(_times[span]), spare, spans, within);
        return [.. Enumerable.Range(0, groups).Select(group =>
        {
            SpanFigures[] own = [.. Enumerable.Range(0, Spans.Count).Select(span => spans[group, span])];
            var (drone, unit) = (own[(int)ResponseSpan.DroneLead].Count, own[(int)ResponseSpan.UnitLead].Count);
            return new Figures(
                _incidents[group], own, new Within(own[(int)ResponseSpan.DroneToScene].Count, within[group, 0], within[group, 1], within[group, 2], within[group, 3]),
                new AirAndGround(drone + unit + _together[group], drone, unit, _together[group]));
        })];
    }

    private static ReadOnlySpan<int> GroupsOf(ReadOnlySpan<int> all, ulong time) => all.Slice((int)(time & ((1 << IndexBits) - 1)) * Stride, Stride);

    private void Walk(ResponseSpan span, Span<ulong> times, Span<ulong> spare, SpanFigures[,] figures, int[,] within)
    {
        var groups = _names.Count;
        ReadOnlySpan<int> all = CollectionsMarshal.AsSpan(_groupsOf);
        var (count, met, p50, p90, longest) = (new int[groups], new int[groups], new long[groups], new long[groups], new long[groups]);

        // In the order they came, which is the order their groups lie in.
        foreach (var time in times)
        {
            foreach (var group in GroupsOf(all, time))
            {
                if (group >= 0)
                    count[group]++;
            }
        }

        Shortest.First(times, spare, IndexBits);
        int[] rank50 = [.. count.Select(own => Rank(own, 50))], rank90 = [.. count.Select(own => Rank(own, 90))];
        foreach (var time in times)
        {
            var ms = (long)(time >> IndexBits);
            if (span == ResponseSpan.DroneToScene)
                _arrivals[Math.Min(ms / (ResponseReport.BinS * 1000), ResponseReport.Bins - 1)]++;
            foreach (var group in GroupsOf(all, time))
            {
                if (group < 0)
                    continue;
                var rank = ++met[group];
                if (rank == rank50[group])
                    p50[group] = ms;
                if (rank == rank90[group])
                    p90[group] = ms;
                longest[group] = ms;
                if (span == ResponseSpan.DroneToScene)
                {
                    for (var limit = 0; limit < Within.LimitsS.Length; limit++)
                        within[group, limit] += ms <= Within.LimitsS[limit] * 1000L ? 1 : 0;
                }
            }
        }

        for (var group = 0; group < groups; group++)
        {
            figures[group, (int)span] = count[group] == 0
                ? new SpanFigures(span, 0, null, null, null)
                : new SpanFigures(span, count[group], p50[group] / 1000.0, p90[group] / 1000.0, longest[group] / 1000.0);
        }
    }
}

/// <summary>What the report reads of an incident.</summary>
internal readonly record struct Measured(string Type, int Priority, int Hour, string? GridId, string? KeySiteId, byte[] Axis)
{
    /// <summary>Whether the drone and the crew came at the same instant.</summary>
    public bool IsTogether => IncidentTimes.At(Axis, IncidentStage.DroneOnScene) is var drone && drone != IncidentTimes.NotReached && drone == IncidentTimes.At(Axis, IncidentStage.UnitOnScene);
}
