using System.Globalization;
using DroneOps.Server.Incidents;

namespace DroneOps.Server.Response;

/// <summary>Counts a report. Pure.</summary>
/// <remarks>Each span is sorted once for all groups: walking the sorted times, a group has met its p-quantile when it has met ⌈p·n⌉ of its
/// own. So a hundred and sixty groups cost a walk, not a hundred and sixty sorts.</remarks>
internal sealed class Tally
{
    private const int IndexBits = 24;

    /// <summary>Times are sorted with their row in the lower bits; what is longer than 34 years is that long.</summary>
    private const long LongestMs = (1L << (63 - IndexBits)) - 1;

    private static readonly (string By, Func<Measured, string?> KeyOf)[] Dimensions =
    [
        ("type", row => row.Type),
        ("priority", row => Digits(row.Priority)),
        ("hour", row => Digits(row.Hour)),
        ("gridId", row => row.GridId),
        ("keySiteId", row => row.KeySiteId),
    ];

    private readonly List<(string By, string Key)> _names = [("", "")];
    private readonly IReadOnlyList<Measured> _rows;

    // The groups of row r are at r · (1 + dimensions): the total, then one for each dimension, or -1.
    private readonly int[] _groupsOf;
    private readonly int[] _arrivals = new int[ResponseReport.Bins];
    private readonly int _stride = 1 + Dimensions.Length;

    private Tally(IReadOnlyList<Measured> rows)
    {
        if (rows.Count >= 1 << IndexBits)
            throw new ArgumentException($"A report counts at most {(1 << IndexBits) - 1} incidents.", nameof(rows));
        _rows = rows;
        _groupsOf = new int[rows.Count * _stride];
    }

    /// <summary>Counts all, and by each dimension.</summary>
    public static (Figures Total, IReadOnlyList<int> Arrivals, IReadOnlyList<FiguresGroup> Groups) Of(IReadOnlyList<Measured> rows)
    {
        var tally = new Tally(rows);
        tally.Group();
        var figures = tally.Count();
        return (figures[0], tally._arrivals, [.. Enumerable.Range(1, figures.Length - 1).Select(group => new FiguresGroup(tally._names[group].By, tally._names[group].Key, figures[group]))
            .OrderBy(group => Array.FindIndex(Dimensions, dimension => dimension.By == group.By)).ThenBy(group => group.Key, ByNumber)]);
    }

    /// <summary>Numbers as numbers, the rest as text.</summary>
    private static Comparer<string> ByNumber => Comparer<string>.Create((left, right) =>
        int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var one) && int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var other)
            ? one.CompareTo(other)
            : string.CompareOrdinal(left, right));

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The rank of a quantile, 1 the smallest: ⌈n · percent / 100⌉ in whole numbers, because 0.9 · 10 is not 9 in binary.</summary>
    private static int Rank(int count, int percent) => (int)((((long)count * percent) + 99) / 100);

    private void Group()
    {
        for (var dimension = 0; dimension < Dimensions.Length; dimension++)
        {
            var (by, keyOf) = Dimensions[dimension];
            var known = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var row = 0; row < _rows.Count; row++)
            {
                var group = -1;
                if (keyOf(_rows[row]) is { } key && !known.TryGetValue(key, out group))
                {
                    group = _names.Count;
                    known.Add(key, group);
                    _names.Add((by, key));
                }

                _groupsOf[(row * _stride) + 1 + dimension] = group;
            }
        }
    }

    private Figures[] Count()
    {
        var groups = _names.Count;
        var (incidents, together) = (new int[groups], new int[groups]);
        var within = new int[groups, Within.LimitsS.Length];
        var spans = new SpanFigures[groups, Spans.Count];
        var sorted = Sort();
        for (var row = 0; row < _rows.Count; row++)
        {
            var isTogether = _rows[row].IsTogether;
            foreach (var group in GroupsOf(row))
            {
                if (group < 0)
                    continue;
                incidents[group]++;
                together[group] += isTogether ? 1 : 0;
            }
        }

        for (var span = 0; span < Spans.Count; span++)
            Walk((ResponseSpan)span, sorted[span], spans, within);
        return [.. Enumerable.Range(0, groups).Select(group =>
        {
            SpanFigures[] own = [.. Enumerable.Range(0, Spans.Count).Select(span => spans[group, span])];
            var (drone, unit) = (own[(int)ResponseSpan.DroneLead].Count, own[(int)ResponseSpan.UnitLead].Count);
            return new Figures(
                incidents[group], own, new Within(own[(int)ResponseSpan.DroneToScene].Count, within[group, 0], within[group, 1], within[group, 2], within[group, 3]),
                new AirAndGround(drone + unit + together[group], drone, unit, together[group]));
        })];
    }

    private ReadOnlySpan<int> GroupsOf(int row) => _groupsOf.AsSpan(row * _stride, _stride);

    /// <summary>For each span the known times with their rows, shortest first.</summary>
    private ulong[][] Sort()
    {
        var times = new ulong[Spans.Count][];
        var lengths = new int[Spans.Count];
        for (var span = 0; span < Spans.Count; span++)
            times[span] = new ulong[_rows.Count];
        Span<long> measured = stackalloc long[Spans.Count];
        for (var row = 0; row < _rows.Count; row++)
        {
            Spans.Measure(_rows[row].Axis, measured);
            for (var span = 0; span < Spans.Count; span++)
            {
                if (measured[span] != Spans.Unknown)
                    times[span][lengths[span]++] = ((ulong)Math.Min(measured[span], LongestMs) << IndexBits) | (uint)row;
            }
        }

        for (var span = 0; span < Spans.Count; span++)
        {
            Array.Resize(ref times[span], lengths[span]);
            Array.Sort(times[span]);
        }

        return times;
    }

    private void Walk(ResponseSpan span, ulong[] sorted, SpanFigures[,] figures, int[,] within)
    {
        var groups = _names.Count;
        var (count, met, p50, p90, longest) = (new int[groups], new int[groups], new long[groups], new long[groups], new long[groups]);
        foreach (var time in sorted)
        {
            foreach (var group in GroupsOf((int)(time & ((1 << IndexBits) - 1))))
            {
                if (group >= 0)
                    count[group]++;
            }
        }

        int[] rank50 = [.. count.Select(own => Rank(own, 50))], rank90 = [.. count.Select(own => Rank(own, 90))];
        foreach (var time in sorted)
        {
            var ms = (long)(time >> IndexBits);
            if (span == ResponseSpan.DroneToScene)
                _arrivals[Math.Min(ms / (ResponseReport.BinS * 1000), ResponseReport.Bins - 1)]++;
            foreach (var group in GroupsOf((int)(time & ((1 << IndexBits) - 1))))
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
internal sealed record Measured(string Type, int Priority, int Hour, string? GridId, string? KeySiteId, byte[] Axis)
{
    /// <summary>Whether the drone and the crew came at the same instant.</summary>
    public bool IsTogether => IncidentTimes.At(Axis, IncidentStage.DroneOnScene) is var drone && drone != IncidentTimes.NotReached && drone == IncidentTimes.At(Axis, IncidentStage.UnitOnScene);
}
