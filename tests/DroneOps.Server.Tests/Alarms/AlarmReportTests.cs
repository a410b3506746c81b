using DroneOps.Server.Alarms;
using DroneOps.Server.Tests.Harness;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Alarms;

/// <summary>The figures of the standard, against days that are counted by hand.</summary>
public sealed class AlarmReportTests
{
    private static readonly DateTimeOffset Begin = TestServer.Begin;

    [Fact]
    public void A_quiet_month_is_acceptable_in_every_figure()
    {
        // Four a day, each on another vehicle: 96 advisories, 18 cautions, 6 warnings of 120.
        var calls = Enumerable.Range(0, 120).Select(number => Call(Begin.AddHours(number * 6), $"vehicle/{number}", number % 20 == 0 ? AlarmPriority.Warning : number % 20 <= 3 ? AlarmPriority.Caution : AlarmPriority.Advisory)).ToList();
        var report = AlarmReport.Of(calls, Begin, Begin.AddDays(30));

        Assert.Equal((30, 120, 0), (report.Days, report.Calls, report.Quiet));
        Assert.Equal(4, Value(report, "perDay"));
        Assert.Equal(0.17, Value(report, "perHour"));
        Assert.Equal(0.03, Value(report, "per10Minutes"));
        Assert.Equal((5, 15, 80), (Value(report, "warnings"), Value(report, "cautions"), Value(report, "advisories")));
        Assert.Equal(8.33, Value(report, "topTen"));
        Assert.Equal(30, Value(report, "toAcknowledge"));
        Assert.All(report.Figures.Where(figure => figure.Id is not ("topTen" or "toAcknowledge")), figure => Assert.Equal((figure.Id, AlarmVerdict.Acceptable), (figure.Id, figure.Verdict)));
    }

    [Fact]
    public void A_flood_shows_in_its_hour_its_periods_and_its_time()
    {
        // One day. 40 from 10:00 on, one a second; then 6 at 10:15, which is still flood; then 4 at 10:25, which ends it.
        List<AlarmFact> calls =
        [
            .. Enumerable.Range(0, 40).Select(number => Call(Begin.AddHours(10).AddSeconds(number), "vehicle/1", AlarmPriority.Caution)),
            .. Enumerable.Range(0, 6).Select(number => Call(Begin.AddHours(10).AddMinutes(15).AddSeconds(number), "vehicle/2", AlarmPriority.Caution)),
            .. Enumerable.Range(0, 4).Select(number => Call(Begin.AddHours(10).AddMinutes(25).AddSeconds(number), "vehicle/3", AlarmPriority.Caution)),
        ];
        var report = AlarmReport.Of(calls, Begin, Begin.AddDays(1));

        Assert.Equal(40, Value(report, "mostIn10Minutes"));
        Assert.Equal(4.17, Value(report, "hoursAbove30"));
        Assert.Equal(0.69, Value(report, "periodsAbove10"));
        Assert.Equal(1.39, Value(report, "inFlood"));
        Assert.Equal(AlarmVerdict.TooMuch, Find(report, "hoursAbove30").Verdict);
        Assert.Equal(AlarmVerdict.Acceptable, Find(report, "periodsAbove10").Verdict);
        Assert.Equal([new("linkLost", "vehicle/1", 40, 80), new("linkLost", "vehicle/2", 6, 12), new("linkLost", "vehicle/3", 4, 8)], report.MostFrequent);
        Assert.Equal(new BusyPeriod(Begin.AddHours(10), 40), report.Busiest[0]);
    }

    [Theory]
    [InlineData(144, "Acceptable")]
    [InlineData(200, "Manageable")]
    [InlineData(300, "TooMuch")]
    public void Between_acceptable_and_too_much_lies_what_is_just_manageable(int aDay, string verdict)
    {
        var report = AlarmReport.Of([.. Enumerable.Range(0, aDay).Select(number => Call(Begin.AddDays((double)number / aDay), "vehicle/1", AlarmPriority.Caution))], Begin, Begin.AddDays(1));
        Assert.Equal((verdict, verdict), (Find(report, "perDay").Verdict.ToString(), Find(report, "perHour").Verdict.ToString()));
    }

    [Fact]
    public void What_holds_for_more_than_a_day_is_stale_and_what_never_called_is_counted_apart()
    {
        List<AlarmFact> alarms =
        [
            // Since three days before; for 23 hours; for 25 hours, over on the second day; held back all the time.
            Call(Begin.AddDays(-3), "vehicle/1", AlarmPriority.Advisory) with { IsActive = true, ClearedAt = null },
            Call(Begin, "vehicle/2", AlarmPriority.Advisory) with { ClearedAt = Begin.AddHours(23) },
            Call(Begin, "vehicle/3", AlarmPriority.Advisory) with { ClearedAt = Begin.AddHours(25) },
            Call(Begin.AddHours(1), "vehicle/4", AlarmPriority.Advisory) with { AnnunciatedAt = null },
        ];
        var report = AlarmReport.Of(alarms, Begin, Begin.AddDays(7));
        Assert.Equal((2, 1), (report.Calls, report.Quiet));
        Assert.Equal(2, Value(report, "stale"));
        Assert.Equal(1, Value(AlarmReport.Of(alarms, Begin.AddDays(3), Begin.AddDays(7)), "stale"));
    }

    [Fact]
    public void A_time_without_alarms_has_no_shares_and_no_verdict_on_them()
    {
        var report = AlarmReport.Of([], Begin, Begin.AddHours(1));
        Assert.Equal((0, null, null), (report.Calls, Find(report, "warnings").Value, Find(report, "topTen").Verdict));
        Assert.Equal(AlarmVerdict.Acceptable, Find(report, "perHour").Verdict);
    }

    [Fact]
    public void The_table_has_a_line_for_each_figure_with_its_limits()
    {
        var lines = ReportAlarms.ToCsv(AlarmReport.Of([Call(Begin, "vehicle/1", AlarmPriority.Warning)], Begin, Begin.AddHours(1))).Split("\r\n");
        Assert.Equal("from,to,figure,value,unit,comparison,acceptable,manageable,verdict", lines[0]);
        Assert.Equal("2026-05-01T00:00:00Z,2026-05-01T01:00:00Z,perHour,1,alarms,atMost,6,12,acceptable", lines[1]);
        Assert.Equal("2026-05-01T00:00:00Z,2026-05-01T01:00:00Z,warnings,100,percent,atMost,5,,tooMuch", lines[11]);
        Assert.Equal(16, lines.Length);
    }

    [Property(MaxTest = 200)]
    public void The_figures_agree_with_each_other_however_the_alarms_fall(uint[] seconds)
    {
        var report = AlarmReport.Of([.. seconds.Select(second => Call(Begin.AddSeconds(second % 259_200), $"vehicle/{second % 7}", (AlarmPriority)(second % 3)))], Begin, Begin.AddDays(3));
        Assert.Equal(seconds.Length, report.Calls);
        Assert.Equal(Math.Round(seconds.Length / 3.0, 2), Value(report, "perDay"));
        Assert.Equal(seconds.Length, report.MostFrequent.Sum(alarm => alarm.Count));
        Assert.True(Value(report, "mostIn10Minutes") <= seconds.Length && Value(report, "mostIn10Minutes") >= Math.Ceiling(seconds.Length / 432.0));
        Assert.True(Value(report, "inFlood") >= Value(report, "periodsAbove10"));
        if (seconds.Length > 0)
            Assert.Equal(100, (Value(report, "warnings") + Value(report, "cautions") + Value(report, "advisories")) ?? 0, 1);
    }

    private static AlarmFact Call(DateTimeOffset at, string subject, AlarmPriority priority) =>
        new("linkLost", subject, priority, at, at, at.AddMinutes(5), at.AddSeconds(30), IsActive: false, IsChattering: false);

    private static AlarmFigure Find(AlarmReport report, string id) => Assert.Single(report.Figures, figure => figure.Id == id);

    private static double? Value(AlarmReport report, string id) => Find(report, id).Value;
}
