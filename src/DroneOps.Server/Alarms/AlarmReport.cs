namespace DroneOps.Server.Alarms;

/// <summary>How a figure is held against its limits.</summary>
internal enum AlarmComparison
{
    /// <summary>The figure must lie below the limit.</summary>
    Below,

    /// <summary>The figure may reach the limit.</summary>
    AtMost,

    /// <summary>The figure must reach the limit.</summary>
    AtLeast,
}

/// <summary>What a figure says.</summary>
internal enum AlarmVerdict
{
    /// <summary>Within what is very likely acceptable.</summary>
    Acceptable,

    /// <summary>Beyond that, within what a person can just manage.</summary>
    Manageable,

    /// <summary>Beyond both.</summary>
    TooMuch,
}

/// <summary>One figure of the report with its limits beside it.</summary>
/// <param name="Id">Which; stable, for translation.</param>
/// <param name="Value">The figure; null where there is nothing to make it of.</param>
/// <param name="Unit">alarms, percent or seconds.</param>
/// <param name="Comparison">How it is held against the limits.</param>
/// <param name="Acceptable">Very likely acceptable; null where there is no limit.</param>
/// <param name="Manageable">The most that is manageable.</param>
/// <param name="Verdict">What it says; null without figure or limit.</param>
internal sealed record AlarmFigure(string Id, double? Value, string Unit, AlarmComparison Comparison, double? Acceptable, double? Manageable, AlarmVerdict? Verdict);

/// <summary>An alarm that came often.</summary>
internal sealed record FrequentAlarm(string Code, string Subject, int Count, double Percent);

/// <summary>Ten minutes with many alarms.</summary>
internal sealed record BusyPeriod(DateTimeOffset From, int Count);

/// <summary>What the report is made of: one alarm.</summary>
internal sealed record AlarmFact(
    string Code, string Subject, AlarmPriority Priority, DateTimeOffset At, DateTimeOffset? AnnunciatedAt, DateTimeOffset? ClearedAt, DateTimeOffset? AcknowledgedAt, bool IsActive, bool IsChattering);

/// <summary>How the alarms of a time did, in the figures of ISA-18.2-2016, table 7 (IEC 62682 has the same), for one operator's place. Pure.</summary>
/// <param name="From">The beginning.</param>
/// <param name="To">The end.</param>
/// <param name="Days">Its length; the standard asks for thirty.</param>
/// <param name="Calls">Alarms that called for attention by themselves.</param>
/// <param name="Quiet">Alarms that did not: held, or part of a group.</param>
/// <param name="Figures">The figures.</param>
/// <param name="MostFrequent">The ten that came most often.</param>
/// <param name="Busiest">The busiest ten minutes, five at most.</param>
internal sealed record AlarmReport(
    DateTimeOffset From, DateTimeOffset To, double Days, int Calls, int Quiet, IReadOnlyList<AlarmFigure> Figures, IReadOnlyList<FrequentAlarm> MostFrequent, IReadOnlyList<BusyPeriod> Busiest)
{
    private const int FloodAbove = 10;
    private const int FloodEndsBelow = 5;
    private const int ManyInAnHour = 30;
    private const int Top = 10;
    private const int BusiestShown = 5;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Makes the report of the alarms that called from <paramref name="from"/> until before <paramref name="to"/>, or were active then.</summary>
    public static AlarmReport Of(IReadOnlyList<AlarmFact> alarms, DateTimeOffset from, DateTimeOffset to)
    {
        List<AlarmFact> calls = [.. alarms.Where(alarm => alarm.AnnunciatedAt >= from && alarm.AnnunciatedAt < to)];
        var span = to - from;
        var periods = Count(calls, from, span, Period);
        var kinds = calls.GroupBy(alarm => (alarm.Code, alarm.Subject)).ToList();
        var frequent = kinds
            .Select(group => new FrequentAlarm(group.Key.Code, group.Key.Subject, group.Count(), Percent(group.Count(), calls.Count) ?? 0))
            .OrderByDescending(alarm => alarm.Count).ThenBy(alarm => alarm.Code, StringComparer.Ordinal).ThenBy(alarm => alarm.Subject, StringComparer.Ordinal).Take(Top).ToList();
        return new AlarmReport(
            from, to, Round(span.TotalDays), calls.Count, alarms.Count(alarm => alarm.AnnunciatedAt is null && alarm.At >= from && alarm.At < to),
            [
                Figure("perHour", calls.Count / span.TotalHours, "alarms", AlarmComparison.AtMost, 6, 12),
                Figure("per10Minutes", calls.Count / (span / Period), "alarms", AlarmComparison.AtMost, 1, 2),
                Figure("perDay", calls.Count / span.TotalDays, "alarms", AlarmComparison.AtMost, 144, 288),
                Figure("hoursAbove30", Share(Count(calls, from, span, Hour), hour => hour > ManyInAnHour), "percent", AlarmComparison.Below, 1, null),
                Figure("periodsAbove10", Share(periods, count => count > FloodAbove), "percent", AlarmComparison.Below, 1, null),
                Figure("mostIn10Minutes", periods.Max(), "alarms", AlarmComparison.AtMost, 10, null),
                Figure("inFlood", InFlood(periods), "percent", AlarmComparison.Below, 1, null),

                // Of ten kinds or less the ten most frequent are all there are, which says nothing.
                Figure("topTen", kinds.Count <= Top ? null : Percent(frequent.Sum(alarm => alarm.Count), calls.Count), "percent", AlarmComparison.AtMost, 5, null),
                Figure("chattering", calls.Count(alarm => alarm.IsChattering), "alarms", AlarmComparison.AtMost, 0, null),
                Figure("stale", MostStale(alarms, from, to), "alarms", AlarmComparison.Below, 5, null),
                Figure("warnings", ShareOf(calls, AlarmPriority.Warning), "percent", AlarmComparison.AtMost, 5, null),
                Figure("cautions", ShareOf(calls, AlarmPriority.Caution), "percent", AlarmComparison.AtMost, 15, null),
                Figure("advisories", ShareOf(calls, AlarmPriority.Advisory), "percent", AlarmComparison.AtLeast, 80, null),
                Figure("toAcknowledge", ToAcknowledge(calls), "seconds", AlarmComparison.AtMost, null, null),
            ],
            frequent,
            [.. periods.Select((count, index) => new BusyPeriod(from + (index * Period), count)).Where(period => period.Count > 0).OrderByDescending(period => period.Count).ThenBy(period => period.From).Take(BusiestShown)]);
    }

    /// <summary>How many called in each period; the last one may be short.</summary>
    private static int[] Count(List<AlarmFact> calls, DateTimeOffset from, TimeSpan span, TimeSpan period)
    {
        var counts = new int[Math.Max(1, (int)Math.Ceiling(span / period))];
        foreach (var call in calls)
            counts[(int)((call.AnnunciatedAt!.Value - from) / period)]++;
        return counts;
    }

    /// <summary>A flood begins with a period of more than ten and ends with one of less than five.</summary>
    private static double InFlood(int[] periods)
    {
        var (isFlood, flooded) = (false, 0);
        foreach (var count in periods)
        {
            isFlood = isFlood ? count >= FloodEndsBelow : count > FloodAbove;
            flooded += isFlood ? 1 : 0;
        }

        return 100.0 * flooded / periods.Length;
    }

    /// <summary>On the worst day, how many had held for more than a day.</summary>
    private static int MostStale(IReadOnlyList<AlarmFact> alarms, DateTimeOffset from, DateTimeOffset to)
    {
        List<(DateTimeOffset From, DateTimeOffset To)> stale = [.. alarms
            .Select(alarm => (From: alarm.At + AlarmView.StaleAfter, To: alarm.IsActive ? to : alarm.ClearedAt ?? alarm.At)).Where(alarm => alarm.From < alarm.To)];
        var most = 0;
        for (var day = from; day < to && stale.Count > 0; day = day.AddDays(1))
            most = Math.Max(most, stale.Count(alarm => alarm.From < day.AddDays(1) && alarm.From < to && alarm.To > day));
        return most;
    }

    private static double? ToAcknowledge(List<AlarmFact> calls)
    {
        List<double> waits = [.. calls.Where(call => call.AcknowledgedAt is not null).Select(call => (call.AcknowledgedAt!.Value - call.AnnunciatedAt!.Value).TotalSeconds).Order()];
        return waits.Count == 0 ? null : (waits[(waits.Count - 1) / 2] + waits[waits.Count / 2]) / 2;
    }

    private static double? ShareOf(List<AlarmFact> calls, AlarmPriority priority) => Percent(calls.Count(call => call.Priority == priority), calls.Count);

    private static double Share(int[] counts, Func<int, bool> which) => 100.0 * counts.Count(which) / counts.Length;

    private static double? Percent(int part, int whole) => whole == 0 ? null : Round(100.0 * part / whole);

    private static double Round(double value) => Math.Round(value, 2);

    private static AlarmFigure Figure(string id, double? value, string unit, AlarmComparison comparison, double? acceptable, double? manageable)
    {
        double? rounded = value is { } figure ? Round(figure) : null;
        AlarmVerdict? verdict = value is null || acceptable is null ? null
            : Meets(value.Value, comparison, acceptable.Value) ? AlarmVerdict.Acceptable
            : manageable is { } most && Meets(value.Value, comparison, most) ? AlarmVerdict.Manageable
            : AlarmVerdict.TooMuch;
        return new AlarmFigure(id, rounded, unit, comparison, acceptable, manageable, verdict);
    }

    private static bool Meets(double value, AlarmComparison comparison, double limit) => comparison switch
    {
        AlarmComparison.Below => value < limit,
        AlarmComparison.AtMost => value <= limit,
        _ => value >= limit,
    };
}
