using DroneOps.Missions.Dispatch;

namespace DroneOps.Server.Dispatch;

/// <summary>Chooses drones for several incidents at once. Pure.</summary>
internal static class JointChoice
{
    /// <summary>An incident that waits for a drone.</summary>
    /// <param name="Id">Which.</param>
    /// <param name="Priority">1 the most urgent.</param>
    /// <param name="Ranked">The fleet as it is ranked for it.</param>
    internal sealed record Call(Guid Id, int Priority, IReadOnlyList<Candidate> Ranked);

    /// <summary>The drone for each call that gets one: the more urgent calls choose first, and calls of one priority together, as many as can be
    /// served and then for the least time in sum. The nearest drone is thus left to the call that has no other.</summary>
    public static IReadOnlyDictionary<Guid, Candidate> Choose(IEnumerable<Call> calls)
    {
        var chosen = new Dictionary<Guid, Candidate>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var urgency in calls.GroupBy(call => call.Priority).OrderBy(group => group.Key))
        {
            Call[] together = [.. urgency];
            string[] free = [.. together.SelectMany(call => call.Ranked).Where(candidate => candidate.Excluded is null).Select(candidate => candidate.VehicleId)
                .Where(id => !taken.Contains(id)).Distinct().Order(StringComparer.Ordinal)];
            var cost = new double[together.Length, free.Length];
            for (var row = 0; row < together.Length; row++)
            {
                var known = together[row].Ranked.ToDictionary(candidate => candidate.VehicleId, StringComparer.Ordinal);
                for (var column = 0; column < free.Length; column++)
                    cost[row, column] = known.TryGetValue(free[column], out var candidate) ? Candidates.CostS(candidate, urgency.Key) : double.PositiveInfinity;
            }

            foreach (var (call, column) in together.Zip(LeastCostAssignment.Solve(cost)))
            {
                if (column < 0)
                    continue;
                taken.Add(free[column]);
                chosen[call.Id] = call.Ranked.First(candidate => candidate.VehicleId == free[column]);
            }
        }

        return chosen;
    }
}
