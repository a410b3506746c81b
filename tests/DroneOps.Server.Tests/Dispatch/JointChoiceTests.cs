using DroneOps.Server.Dispatch;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>The choice for several calls at once.</summary>
public sealed class JointChoiceTests
{
    [Fact]
    public void Two_calls_of_one_priority_are_served_together_though_one_drone_is_nearer_to_both()
    {
        var chosen = Choose((2, [("1", 30), ("2", 35)]), (2, [("1", 32), ("2", 300)]));
        Assert.Equal(["2", "1"], chosen);
    }

    [Fact]
    public void The_more_urgent_call_gets_its_quickest_drone_whatever_it_costs_the_others()
    {
        var chosen = Choose((3, [("1", 30)]), (1, [("1", 40), ("2", 41)]));
        Assert.Equal([null, "1"], chosen);
    }

    [Fact]
    public void The_most_urgent_alone_never_waits_longer_than_the_quickest_drone_needs()
    {
        var random = new Random(110);
        for (var round = 0; round < 500; round++)
        {
            var times = Enumerable.Range(1, random.Next(1, 13)).Select(id => ($"{id}", random.NextDouble() * 600)).ToArray();
            var less = Enumerable.Range(0, random.Next(5)).Select(_ => (Priority: random.Next(2, 5), Times: times)).ToArray();
            var chosen = Choose([.. less, (1, times)]);
            Assert.Equal(times.MinBy(drone => drone.Item2).Item1, chosen[^1]);
        }
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "2")]
    public void A_patrol_is_left_for_a_life_but_not_for_a_few_seconds_of_a_theft(int priority, string expected)
    {
        Candidate[] ranked = [new("1", "UAV-01", 1, 40, 50, 80, "Old city", null), new("2", "UAV-02", 2, 45, 60, 80, null, null)];
        Assert.Equal(expected, JointChoice.Choose([new(Guid.NewGuid(), priority, ranked)]).Values.Single().VehicleId);
    }

    private static string?[] Choose(params (int Priority, (string Id, double Eta)[] Drones)[] calls)
    {
        var made = calls.Select(call => new JointChoice.Call(Guid.NewGuid(), call.Priority, [.. call.Drones.Select((drone, rank) => new Candidate(drone.Id, $"UAV-{drone.Id}", rank + 1, drone.Eta, drone.Eta, 80, null, null))])).ToArray();
        var chosen = JointChoice.Choose(made);
        return [.. made.Select(call => chosen.GetValueOrDefault(call.Id)?.VehicleId)];
    }
}
