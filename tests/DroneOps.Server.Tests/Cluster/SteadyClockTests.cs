using DroneOps.Server.Cluster;

namespace DroneOps.Server.Tests.Cluster;

public sealed class SteadyClockTests
{
    private static readonly DateTimeOffset Begin = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SystemClock _system = new();

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(10.0 * 365 * 86_400)]
    public void A_clock_that_is_set_moves_no_time_of_the_service_and_is_told(double seconds)
    {
        var clock = new SteadyClock(_system);
        _system.Pass(100);
        _system.Set += TimeSpan.FromSeconds(seconds);
        _system.Pass(200);
        Assert.Equal(Begin.AddSeconds(300), clock.GetUtcNow());
        Assert.Equal(seconds, clock.Behind.TotalSeconds, 0.001);
        Assert.Equal(Begin.AddSeconds(300 + seconds), new SteadyClock(_system).GetUtcNow());
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(-0.4)]
    public void A_small_difference_is_made_up_for_without_a_step_and_without_going_back(double seconds)
    {
        var clock = new SteadyClock(_system);
        _system.Set = TimeSpan.FromSeconds(seconds);
        var before = clock.GetUtcNow();
        for (var i = 0; i < 4000; i++)
        {
            _system.Pass(0.5);
            var now = clock.GetUtcNow();
            Assert.InRange((now - before).TotalSeconds, 0.4994, 0.5006);
            before = now;
        }

        Assert.Equal(0, clock.Behind.TotalSeconds, 0.001);
    }

    private sealed class SystemClock : TimeProvider
    {
        private long _ticks;

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);

        public override DateTimeOffset GetUtcNow() => Begin.AddTicks(_ticks) + Set;

        public override long GetTimestamp() => _ticks;
    }
}
