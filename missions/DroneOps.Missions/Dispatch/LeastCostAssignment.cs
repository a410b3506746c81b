namespace DroneOps.Missions.Dispatch;

/// <summary>Gives each of several tasks one of several vehicles: as many tasks as can be served, and of all ways to serve as many the one of
/// least total cost. Exact.</summary>
/// <remarks>Shortest augmenting paths with dual prices (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear
/// assignment problems", Computing 38, 1987): O(tasks² vehicles). Ties go to the lower index, so the same input gives the same answer.</remarks>
public static class LeastCostAssignment
{
    /// <summary>Solves it.</summary>
    /// <param name="cost">A row for each task, a column for each vehicle; infinity where the vehicle cannot do the task. Costs are finite
    /// otherwise, and their sum is well below 1e12.</param>
    /// <returns>For each task the index of its vehicle; -1 where none is left for it.</returns>
    /// <exception cref="ArgumentException">A cost is NaN or negative infinity.</exception>
    public static int[] Solve(double[,] cost)
    {
        var (tasks, vehicles) = (cost.GetLength(0), cost.GetLength(1));
        // A stand-in of its own for each task: whoever gets it goes without, which is dearer than any vehicle.
        var columns = vehicles + tasks;
        var (taskPrice, columnPrice) = (new double[tasks], new double[columns]);
        var taskOf = new int[columns];
        Array.Fill(taskOf, -1);
        for (var task = 0; task < tasks; task++)
            Augment(task, cost, taskPrice, columnPrice, taskOf);

        var answer = new int[tasks];
        Array.Fill(answer, -1);
        for (var vehicle = 0; vehicle < vehicles; vehicle++)
        {
            if (taskOf[vehicle] >= 0)
                answer[taskOf[vehicle]] = vehicle;
        }

        return answer;
    }

    private const double Unserved = 1e12;

    private static double Of(double[,] cost, int task, int column)
    {
        if (column >= cost.GetLength(1))
            return column - cost.GetLength(1) == task ? Unserved : double.PositiveInfinity;
        var value = cost[task, column];
        return double.IsNaN(value) || double.IsNegativeInfinity(value) ? throw new ArgumentException("A cost is a number or positive infinity.", nameof(cost)) : value;
    }

    /// <summary>Dijkstra's search over reduced costs from a task to the nearest free column, then the change of hands along the way.</summary>
    private static void Augment(int start, double[,] cost, double[] taskPrice, double[] columnPrice, int[] taskOf)
    {
        var columns = taskOf.Length;
        var (distance, before, isDone) = (new double[columns], new int[columns], new bool[columns]);
        Array.Fill(distance, double.PositiveInfinity);
        Array.Fill(before, -1);
        var (task, reached, last) = (start, 0.0, -1);
        while (true)
        {
            var next = -1;
            for (var column = 0; column < columns; column++)
            {
                if (isDone[column])
                    continue;
                var through = reached + Of(cost, task, column) - taskPrice[task] - columnPrice[column];
                if (through < distance[column])
                    (distance[column], before[column]) = (through, last);
                if (next < 0 || distance[column] < distance[next])
                    next = column;
            }

            // The task's own stand-in is always reachable, so there is a next one at a finite distance.
            (reached, last) = (distance[next], next);
            isDone[next] = true;
            if (taskOf[next] < 0)
                break;
            task = taskOf[next];
        }

        taskPrice[start] += reached;
        for (var column = 0; column < columns; column++)
        {
            if (!isDone[column] || column == last)
                continue;
            taskPrice[taskOf[column]] += reached - distance[column];
            columnPrice[column] -= reached - distance[column];
        }

        for (var column = last; column >= 0; column = before[column])
            taskOf[column] = before[column] < 0 ? start : taskOf[before[column]];
    }
}
