using DroneOps.Server.Airworthiness;

namespace DroneOps.Server.Tests.Airworthiness;

public sealed class UpkeepTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Airframe Brought = new() { VehicleId = "1", BroughtHours = 5, BroughtLandings = 3, InServiceSince = Now.AddDays(-20) };

    [Theory]
    [InlineData(5.0, null, null, "Due")]
    [InlineData(5.001, null, null, "Soon")]
    [InlineData(5.6, null, null, "Good")]
    [InlineData(null, 3, null, "Due")]
    [InlineData(null, 4, null, "Good")]
    [InlineData(null, null, 20, "Due")]
    [InlineData(null, null, 22, "Soon")]
    [InlineData(null, null, 23, "Good")]
    [InlineData(100.0, 3, 1000, "Due")]
    public void The_limit_that_is_reached_first_decides(double? hours, int? landings, int? days, string state) =>
        Assert.Equal(state, Upkeep.Of(Plan(hours, landings, days), Brought, null, [], Now).State.ToString());

    [Fact]
    public void What_was_flown_since_the_work_counts_and_nothing_before_it_nor_what_the_airframe_brought()
    {
        FlownFor[] flights = [new(Now.AddDays(-10), 3600, true), new(Now.AddDays(-5), 1800, true), new(Now.AddDays(-1), 900, false)];
        var never = Upkeep.Of(Plan(100, null, null), Brought, null, flights, Now);
        var done = Upkeep.Of(Plan(100, null, null), Brought, Now.AddDays(-5), flights, Now);
        Assert.Equal((6.75, 5, 20.0, false), (never.Hours, never.Landings, never.Days, never.WasDone));
        Assert.Equal((0.75, 1, 5.0, true), (done.Hours, done.Landings, done.Days, done.WasDone));
    }

    [Fact]
    public void Whenever_work_is_done_what_was_before_and_what_comes_after_are_all_that_was_flown()
    {
        var random = new Random(20260501);
        for (var round = 0; round < 200; round++)
        {
            FlownFor[] flights = [.. Enumerable.Range(0, random.Next(40)).Select(_ => new FlownFor(Now.AddHours(-random.Next(480)), random.Next(1, 2000) + 0.125, true))];
            var done = Now.AddHours(-random.Next(480));
            var all = Upkeep.Of(Plan(1000, null, null), Brought, null, flights, Now);
            var before = Upkeep.Of(Plan(1000, null, null), Brought, null, [.. flights.Where(flight => flight.TakeoffAt < done)], done);
            var after = Upkeep.Of(Plan(1000, null, null), Brought, done, flights, Now);
            Assert.Equal(all.Hours, before.Hours + after.Hours, 0.0002);
            Assert.Equal(all.Landings, before.Landings + after.Landings);
        }
    }

    [Theory]
    [InlineData(null, null, "Good")]
    [InlineData(100, 95, "Good")]
    [InlineData(270, 95, "Soon")]
    [InlineData(300, 95, "Due")]
    [InlineData(null, 69, "Due")]
    [InlineData(null, 70, "Soon")]
    public void A_pack_is_worn_by_its_cycles_or_its_health(int? cycles, int? health, string state) => Assert.Equal(state, Upkeep.OfPack(cycles, health, new()).ToString());

    private static MaintenancePlan Plan(double? hours, int? landings, int? days) =>
        new() { Id = Guid.Empty, Name = "x", VehicleId = null, EveryHours = hours, EveryLandings = landings, EveryDays = days, WarnPercent = 90, Grounds = true, CreatedBy = "user:admin", CreatedAt = Now };
}
