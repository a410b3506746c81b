namespace DroneOps.Server.Tests.Harness;

/// <summary>The clock that every other test here stands on.</summary>
public sealed class VirtualClockTests
{
    [Fact]
    public async Task Waiting_in_whole_milliseconds_for_an_instant_between_two_ends_though_the_clock_stands()
    {
        var clock = new VirtualClock(TestServer.Begin);
        var due = clock.GetUtcNow() + TimeSpan.FromMilliseconds(50.4);
        var waiting = UntilAsync(clock, due);
        clock.Advance(TimeSpan.FromMilliseconds(50));
        await waiting;
    }

    [Fact]
    public void The_clock_stands_until_it_is_advanced()
    {
        var clock = new VirtualClock(TestServer.Begin);
        for (var read = 0; read < 1000; read++)
            Assert.Equal(TestServer.Begin, clock.GetUtcNow());
        var before = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TestServer.Begin.AddSeconds(1), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(1), clock.GetElapsedTime(before));
    }

    private static async Task UntilAsync(TimeProvider clock, DateTimeOffset due)
    {
        for (var left = due - clock.GetUtcNow(); left > TimeSpan.Zero; left = due - clock.GetUtcNow())
            await Task.Delay(left, clock, TestContext.Current.CancellationToken);
    }
}
