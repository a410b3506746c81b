using DroneOps.Server.Dispatch;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>What is learned from what repeats.</summary>
public sealed class HabitTests
{
    [Fact]
    public void Few_values_are_no_habit()
    {
        var habit = new Habit();
        for (var value = 1; value < Habit.Enough; value++)
            habit.Add(value);
        Assert.Null(habit.Quantiles);
        habit.Add(100);
        Assert.Equal((3.0, 100.0), habit.Quantiles);
    }

    [Fact]
    public void Half_and_nine_tenths_of_the_latest_forty_do_not_exceed_what_is_said_and_the_older_are_forgotten()
    {
        var random = new Random(4);
        var habit = new Habit();
        List<double> all = [];
        for (var turn = 0; turn < 500; turn++)
        {
            var value = random.NextDouble() * (turn < 250 ? 1000 : 10);
            all.Add(value);
            habit.Add(value);
            if (habit.Quantiles is not { } known)
                continue;
            var latest = all.TakeLast(40).ToList();
            foreach (var (quantile, share) in new[] { (known.P50, 0.5), (known.P90, 0.9) })
            {
                Assert.Contains(quantile, latest);
                Assert.True(latest.Count(other => other <= quantile) >= share * latest.Count);
                Assert.True(latest.Count(other => other < quantile) < share * latest.Count);
            }
        }
    }
}
