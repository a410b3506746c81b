namespace DroneOps.Server.Tests.Harness;

/// <summary>The clock that every other test here stands on.</summary>
public sealed class VirtualClockTests
{
    [Fact]
    public void Whoever_waits_for_the_rest_of_a_millisecond_by_asking_sees_it_pass()
    {
        var clock = new VirtualClock(TestServer.Begin);
        var due = clock.GetUtcNow() + TimeSpan.FromMilliseconds(50.4);
        var stamp = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(50));
        var reads = 0;
        while (clock.GetUtcNow() < due)
            Assert.True(++reads < 1_000_000);
        Assert.True(reads > 1000);
        Assert.Equal(TimeSpan.FromMilliseconds(51), clock.GetElapsedTime(stamp));
        clock.Advance(TimeSpan.FromMilliseconds(5));
        Assert.Equal(TestServer.Begin.AddMilliseconds(55), clock.GetUtcNow());
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
}
