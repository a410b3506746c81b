namespace DroneOps.Missions.Patterns;

/// <summary>Orders places into the shortest tour over a table of costs between them: exactly for few, by nearest neighbour with 2-opt and
/// Or-opt for many. Place 0 is where the tour starts; a closed tour returns there, an open one ends anywhere.</summary>
internal static class TourSolver
{
    /// <summary>With this many places besides the start the exact solution takes under 10 ms.</summary>
    public const int ExactPlaces = 11;

    /// <summary>The order of the places other than 0.</summary>
    public static int[] Order(double[,] cost, bool isClosed) =>
        cost.GetLength(0) - 1 <= ExactPlaces ? Exact(cost, isClosed) : Heuristic(cost, isClosed);

    public static double Length(double[,] cost, int[] order, bool isClosed)
    {
        double length = 0;
        var at = 0;
        foreach (var place in order)
        {
            length += cost[at, place];
            at = place;
        }

        return isClosed ? length + cost[at, 0] : length;
    }

    /// <summary>Held and Karp's dynamic programming over subsets.</summary>
    public static int[] Exact(double[,] cost, bool isClosed)
    {
        var count = cost.GetLength(0) - 1;
        if (count == 0)
            return [];
        var best = new double[1 << count, count];
        var came = new sbyte[1 << count, count];
        for (var set = 1; set < 1 << count; set++)
        {
            for (var last = 0; last < count; last++)
            {
                best[set, last] = double.PositiveInfinity;
                if ((set & (1 << last)) == 0)
                    continue;
                var before = set & ~(1 << last);
                if (before == 0)
                {
                    best[set, last] = cost[0, last + 1];
                    continue;
                }

                for (var from = 0; from < count; from++)
                {
                    if ((before & (1 << from)) == 0)
                        continue;
                    var length = best[before, from] + cost[from + 1, last + 1];
                    if (length < best[set, last])
                        (best[set, last], came[set, last]) = (length, (sbyte)from);
                }
            }
        }

        var (left, at) = ((1 << count) - 1, 0);
        double End(int last) => best[left, last] + (isClosed ? cost[last + 1, 0] : 0);
        for (var last = 1; last < count; last++)
        {
            if (End(last) < End(at))
                at = last;
        }

        var order = new int[count];
        for (var i = count - 1; i >= 0; i--)
        {
            order[i] = at + 1;
            var before = came[left, at];
            left &= ~(1 << at);
            at = before;
        }

        return order;
    }

    public static int[] Heuristic(double[,] cost, bool isClosed)
    {
        var order = Nearest(cost);
        while (TurnPieces(cost, order, isClosed) | MovePieces(cost, order, isClosed))
        {
        }

        return order;
    }

    private static int[] Nearest(double[,] cost)
    {
        var count = cost.GetLength(0) - 1;
        var order = new int[count];
        var isDone = new bool[count + 1];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var next = -1;
            for (var place = 1; place <= count; place++)
            {
                if (!isDone[place] && (next < 0 || cost[at, place] < cost[at, next]))
                    next = place;
            }

            (order[i], isDone[next], at) = (next, true, next);
        }

        return order;
    }

    // 2-opt: turn the piece from i to j round; only its two ends change (costs are the same both ways).
    private static bool TurnPieces(double[,] cost, int[] order, bool isClosed)
    {
        var improved = false;
        for (var i = 0; i < order.Length - 1; i++)
        {
            for (var j = i + 1; j < order.Length; j++)
            {
                var before = i == 0 ? 0 : order[i - 1];
                var gain = cost[before, order[i]] - cost[before, order[j]] + After(order[j]) - After(order[i]);
                if (gain <= 1e-9)
                    continue;
                Array.Reverse(order, i, j - i + 1);
                improved = true;

                double After(int place) => j + 1 < order.Length ? cost[place, order[j + 1]] : isClosed ? cost[place, 0] : 0;
            }
        }

        return improved;
    }

    // Or-opt: take up to three places in a row out and put them elsewhere, either way round.
    private static bool MovePieces(double[,] cost, int[] order, bool isClosed)
    {
        var improved = false;
        for (var length = 1; length <= 3 && length < order.Length; length++)
        {
            for (var from = 0; from + length <= order.Length; from++)
            {
                var best = Length(cost, order, isClosed);
                int[]? found = null;
                var piece = order[from..(from + length)];
                int[] rest = [.. order[..from], .. order[(from + length)..]];
                foreach (var part in new[] { piece, [.. piece.Reverse()] })
                {
                    for (var to = 0; to <= rest.Length; to++)
                    {
                        int[] trial = [.. rest[..to], .. part, .. rest[to..]];
                        var total = Length(cost, trial, isClosed);
                        if (total < best - 1e-9)
                            (best, found) = (total, trial);
                    }
                }

                if (found is null)
                    continue;
                found.CopyTo(order, 0);
                improved = true;
            }
        }

        return improved;
    }
}
