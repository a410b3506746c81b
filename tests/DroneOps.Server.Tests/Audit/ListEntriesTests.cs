using System.Globalization;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;

namespace DroneOps.Server.Tests.Audit;

/// <summary>What a page of a long log looks through: here two tiles at a time.</summary>
public sealed class ListEntriesTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Something_rare_is_found_by_going_on_and_each_page_looks_through_so_much_at_most()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(1000);
        await using var log = trail.Open();
        var rare = new ListEntries.Filter { Subject = "vehicle/7" };
        var first = List(log, log.Count, rare);
        Assert.Empty(first.Items);
        var second = List(log, Before(first), rare);
        Assert.Equal(7, Assert.Single(second.Items).Sequence);
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task Page_by_page_every_entry_comes_once()
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(700);
        await using var log = trail.Open();
        var numbers = new List<long>();
        for (var before = log.Count; before > 0;)
        {
            var page = List(log, before, new());
            numbers.AddRange(page.Items.Select(record => record.Sequence));
            before = page.NextCursor is null ? 0 : Before(page);
        }

        Assert.Equal(Enumerable.Range(0, 700).Select(number => 699L - number), numbers);
    }

    [Fact]
    public async Task A_period_is_all_that_is_looked_through_for_it()
    {
        await using var trail = new AuditTrail();
        foreach (var count in new[] { 1000, 5, 1000, 3 })
        {
            await trail.WriteAsync(count);
            trail.Time.Advance(TimeSpan.FromHours(1));
        }

        await using var log = trail.Open();
        var newest = List(log, log.Count, new() { From = new QueryTime(Midnight.AddHours(3)) });
        Assert.Equal([2007, 2006, 2005], newest.Items.Select(record => record.Sequence));
        Assert.Null(newest.NextCursor);
        var middle = List(log, log.Count, new() { From = new QueryTime(Midnight.AddHours(1)), To = new QueryTime(Midnight.AddHours(2)) });
        Assert.Equal([1004, 1003, 1002, 1001, 1000], middle.Items.Select(record => record.Sequence));
        Assert.Null(middle.NextCursor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_before_the_clock_was_set_back_is_in_its_period_too(bool isReopened)
    {
        await using var trail = new AuditTrail();
        await trail.WriteAsync(5);
        trail.SetClockBack(TimeSpan.FromHours(1));
        await using var first = trail.Open();
        await first.AppendAsync(new AuditEntry("a", "b.c", "d/e", null), default);
        if (isReopened)
            await first.DisposeAsync();
        await using var second = isReopened ? trail.Open() : null;
        var log = second ?? first;
        Assert.Equal([4, 3, 2, 1, 0], List(log, log.Count, new() { From = new QueryTime(Midnight.AddMinutes(-30)) }).Items.Select(record => record.Sequence));
        Assert.Equal([6, 5], List(log, log.Count, new() { To = new QueryTime(Midnight.AddMinutes(-30)) }).Items.Select(record => record.Sequence));
    }

    private static Page<AuditRecord> List(AuditLog log, long before, ListEntries.Filter filter) => ListEntries.Newest(log, before, filter, new PageRequest(), tilesAtOnce: 2, TestContext.Current.CancellationToken);

    private static long Before(Page<AuditRecord> page) => long.Parse(new PageRequest { Cursor = page.NextCursor }.After!, CultureInfo.InvariantCulture);
}
