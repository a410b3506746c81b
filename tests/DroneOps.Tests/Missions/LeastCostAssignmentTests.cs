using DroneOps.Missions.Dispatch;
using Xunit;

namespace DroneOps.Tests.Missions;

/// <summary>The joint choice, against trying every way there is.</summary>
public sealed class LeastCostAssignmentTests
{
    [Fact]
    public void Nearest_first_would_cost_more_than_choosing_for_both() =>
        Assert.Equal([1, 0], LeastCostAssignment.Solve(new double[,] { { 10, 12 }, { 11, 40 } }));

    [Fact]
    public void A_task_that_only_one_can_do_gets_it()
    {
        const double no = double.PositiveInfinity;
        Assert.Equal([1, 0], LeastCostAssignment.Solve(new[,] { { 1, 500 }, { 2, no } }));
        Assert.Equal([-1, 0], LeastCostAssignment.Solve(new[,] { { no }, { 3 } }));
        Assert.Equal([-1], LeastCostAssignment.Solve(new double[1, 0]));
        Assert.Empty(LeastCostAssignment.Solve(new double[0, 3]));
    }

    [Fact]
    public void A_cost_that_is_no_number_is_refused() =>
        Assert.Throws<ArgumentException>(() => LeastCostAssignment.Solve(new[,] { { double.NaN } }));

    [Fact]
    public void No_other_way_serves_more_or_as_many_for_less()
    {
        var random = new Random(20261127);
        for (var round = 0; round < 3000; round++)
        {
            var (tasks, vehicles) = (random.Next(1, 6), random.Next(1, 6));
            var cost = new double[tasks, vehicles];
            for (var task = 0; task < tasks; task++)
            {
                for (var vehicle = 0; vehicle < vehicles; vehicle++)
                    cost[task, vehicle] = random.Next(4) == 0 ? double.PositiveInfinity : random.Next(1, 30);
            }

            var solved = LeastCostAssignment.Solve(cost);
            var taken = solved.Where(vehicle => vehicle >= 0).ToArray();
            Assert.Equal(taken.Length, taken.Distinct().Count());
            var sum = solved.Select((vehicle, task) => vehicle < 0 ? 0 : cost[task, vehicle]).Sum();
            Assert.Equal(Best(cost, 0, 0), (taken.Length, sum));
        }
    }

    [Fact]
    public void Fifty_for_fifty_is_a_permutation_that_no_swap_betters()
    {
        var random = new Random(7);
        var cost = new double[50, 50];
        for (var i = 0; i < 2500; i++)
            cost[i / 50, i % 50] = random.NextDouble() * 600;
        var solved = LeastCostAssignment.Solve(cost);
        Assert.Equal(Enumerable.Range(0, 50), solved.Order());
        for (var a = 0; a < 50; a++)
        {
            for (var b = 0; b < a; b++)
                Assert.True(cost[a, solved[a]] + cost[b, solved[b]] <= cost[a, solved[b]] + cost[b, solved[a]] + 1e-9);
        }
    }

    private static (int Served, double Cost) Best(double[,] cost, int task, int taken)
    {
        if (task == cost.GetLength(0))
            return (0, 0);
        var best = Best(cost, task + 1, taken);
        for (var vehicle = 0; vehicle < cost.GetLength(1); vehicle++)
        {
            if ((taken & (1 << vehicle)) != 0 || double.IsInfinity(cost[task, vehicle]))
                continue;
            var rest = Best(cost, task + 1, taken | (1 << vehicle));
            var with = (Served: rest.Served + 1, Cost: rest.Cost + cost[task, vehicle]);
            if (with.Served > best.Served || (with.Served == best.Served && with.Cost < best.Cost))
                best = with;
        }

        return best;
    }
}
