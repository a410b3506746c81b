using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Patterns;

/// <summary>Finds the order of cells, and the way to fly each, that takes the least time: exactly (dynamic programming over
/// subsets) up to <see cref="ExactCells"/> cells, by local search over orders with the best ways for each order beyond. This is
/// the generalised travelling salesman problem of coverage planning (Bähnemann et al., 2021).</summary>
internal sealed class SweepOrder(Transit transit, double speedMps, double accelerationMps2)
{
    public const int ExactCells = 7;

    private readonly Dictionary<(PlanePoint From, PlanePoint To), double> _seconds = [];
    private double[,] _joins = new double[0, 0];

    /// <summary>The time of the way between two points, from rest to rest; infinity when there is none.</summary>
    public double Seconds(PlanePoint from, PlanePoint to)
    {
        if (transit.IsOpen)
            return Motion.RunSeconds(from.DistanceTo(to), speedMps, accelerationMps2);
        if (_seconds.TryGetValue((from, to), out var known))
            return known;

        var seconds = double.PositiveInfinity;
        if (transit.Way(from, to) is { } way)
        {
            seconds = 0;
            for (var i = 1; i < way.Count; i++)
                seconds += Motion.RunSeconds(way[i - 1].DistanceTo(way[i]), speedMps, accelerationMps2);
        }

        _seconds[(from, to)] = _seconds[(to, from)] = seconds;
        return seconds;
    }

    /// <summary>The time of a pass, from rest to rest at each of its corners.</summary>
    public double PassSeconds(PlanePoint[] pass)
    {
        double seconds = 0;
        for (var i = 1; i < pass.Length; i++)
            seconds += Motion.RunSeconds(pass[i - 1].DistanceTo(pass[i]), speedMps, accelerationMps2);
        return seconds;
    }

    /// <summary>The best order; its time is infinite when some cell cannot be reached.</summary>
    public (List<PlanePoint[]> Passes, double Seconds) Best(IReadOnlyList<SweepCell> cells, PlanePoint? start, PlanePoint? end)
    {
        var number = 0;
        Choice[][] choices = [.. cells.Select(cell => ChoicesOf(cell, ref number))];
        Joins(choices, number);
        var (order, picks, seconds) = cells.Count <= ExactCells
            ? Exact(choices, start, end)
            : Search(choices, start, end);
        var passes = new List<PlanePoint[]>();
        for (var i = 0; i < order.Length; i++)
            passes.AddRange(cells[order[i]].Flown(choices[order[i]][picks[i]].Variant));
        return (passes, seconds);
    }

    private Choice[] ChoicesOf(SweepCell cell, ref int number)
    {
        var choices = new List<Choice>();
        foreach (var variant in cell.Variants)
        {
            PlanePoint? last = null;
            PlanePoint first = default;
            double seconds = 0;
            foreach (var pass in cell.Flown(variant))
            {
                if (last is { } from)
                    seconds += Seconds(from, pass[0]);
                else
                    first = pass[0];
                seconds += PassSeconds(pass);
                last = pass[^1];
            }

            choices.Add(new(number++, variant, first, last!.Value, seconds));
        }

        return [.. choices];
    }

    private void Joins(Choice[][] choices, int count)
    {
        _joins = new double[count, count];
        foreach (var from in choices.SelectMany(static ways => ways))
        {
            foreach (var to in choices.SelectMany(static ways => ways))
                _joins[from.Number, to.Number] = Seconds(from.Exit, to.Entry);
        }
    }

    // best[set, cell, way]: least time to have flown the set, ending with the cell in that way.
    private (int[] Order, int[] Picks, double Seconds) Exact(Choice[][] choices, PlanePoint? start, PlanePoint? end)
    {
        const int Ways = 4;
        var count = choices.Length;
        var states = count * Ways;
        var best = new double[(1 << count) * states];
        var came = new int[best.Length];
        Array.Fill(best, double.PositiveInfinity);
        Array.Fill(came, -1);
        for (var cell = 0; cell < count; cell++)
        {
            for (var way = 0; way < choices[cell].Length; way++)
                best[((1 << cell) * states) + (cell * Ways) + way] = Enter(choices[cell][way], start) + choices[cell][way].Seconds;
        }

        for (var set = 1; set < 1 << count; set++)
        {
            for (var state = 0; state < states; state++)
            {
                var reached = best[(set * states) + state];
                if (!double.IsFinite(reached))
                    continue;
                var from = choices[state / Ways][state % Ways].Number;
                for (var next = 0; next < count; next++)
                {
                    if ((set & (1 << next)) != 0)
                        continue;
                    for (var way = 0; way < choices[next].Length; way++)
                    {
                        var choice = choices[next][way];
                        var seconds = reached + _joins[from, choice.Number] + choice.Seconds;
                        var index = ((set | (1 << next)) * states) + (next * Ways) + way;
                        if (seconds < best[index])
                            (best[index], came[index]) = (seconds, state);
                    }
                }
            }
        }

        var full = (1 << count) - 1;
        var (finish, least) = (-1, double.PositiveInfinity);
        for (var state = 0; state < states; state++)
        {
            if (state % Ways >= choices[state / Ways].Length)
                continue;
            var seconds = best[(full * states) + state] + Leave(choices[state / Ways][state % Ways], end);
            if (finish < 0 || seconds < least)
                (finish, least) = (state, seconds);
        }

        var (order, picks) = (new int[count], new int[count]);
        var (at, left) = (finish, full);
        for (var i = count - 1; i >= 0 && at >= 0; i--)
        {
            (order[i], picks[i]) = (at / Ways, at % Ways);
            var before = came[(left * states) + at];
            left &= ~(1 << order[i]);
            at = before;
        }

        return (order, picks, least);
    }

    private (int[] Order, int[] Picks, double Seconds) Search(Choice[][] choices, PlanePoint? start, PlanePoint? end)
    {
        var order = Nearest(choices, start);
        var (picks, seconds) = Picks(choices, order, start, end);
        for (var improved = true; improved;)
        {
            improved = false;
            for (var i = 0; i < order.Length; i++)
            {
                for (var j = 0; j < order.Length; j++)
                {
                    foreach (var changed in Moves(order, i, j))
                    {
                        var (trialPicks, trial) = Picks(choices, changed, start, end);
                        if (trial >= seconds - 1e-9)
                            continue;
                        (order, picks, seconds, improved) = (changed, trialPicks, trial, true);
                    }
                }
            }
        }

        return (order, picks, seconds);
    }

    // A piece of the order turned round (2-opt), and one cell moved elsewhere (Or-opt).
    private static IEnumerable<int[]> Moves(int[] order, int i, int j)
    {
        if (i == j)
            yield break;
        if (i < j)
        {
            var turned = (int[])order.Clone();
            Array.Reverse(turned, i, j - i + 1);
            yield return turned;
        }

        var moved = new List<int>(order);
        var cell = moved[i];
        moved.RemoveAt(i);
        moved.Insert(j, cell);
        yield return [.. moved];
    }

    private static int[] Nearest(Choice[][] choices, PlanePoint? start)
    {
        var left = Enumerable.Range(0, choices.Length).ToList();
        var order = new List<int>();
        var at = start ?? choices[0][0].Entry;
        while (left.Count > 0)
        {
            var (cell, choice) = left.SelectMany(cell => choices[cell].Select(choice => (Cell: cell, Choice: choice)))
                .MinBy(candidate => at.DistanceTo(candidate.Choice.Entry));
            order.Add(cell);
            left.Remove(cell);
            at = choice.Exit;
        }

        return [.. order];
    }

    // The best ways for a fixed order, by dynamic programming along it.
    private (int[] Picks, double Seconds) Picks(Choice[][] choices, int[] order, PlanePoint? start, PlanePoint? end)
    {
        var came = new int[order.Length][];
        double[] best = [.. choices[order[0]].Select(choice => Enter(choice, start) + choice.Seconds)];
        for (var i = 1; i < order.Length; i++)
        {
            var (before, here) = (choices[order[i - 1]], choices[order[i]]);
            var next = new double[here.Length];
            came[i] = new int[here.Length];
            for (var way = 0; way < here.Length; way++)
            {
                next[way] = double.PositiveInfinity;
                for (var from = 0; from < before.Length; from++)
                {
                    var seconds = best[from] + _joins[before[from].Number, here[way].Number] + here[way].Seconds;
                    if (seconds < next[way])
                        (next[way], came[i][way]) = (seconds, from);
                }
            }

            best = next;
        }

        var last = choices[order[^1]];
        var pick = Enumerable.Range(0, last.Length).MinBy(way => best[way] + Leave(last[way], end));
        var total = best[pick] + Leave(last[pick], end);
        var picks = new int[order.Length];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            picks[i] = pick;
            if (i > 0)
                pick = came[i][pick];
        }

        return (picks, total);
    }

    private double Enter(Choice choice, PlanePoint? start) => start is { } from ? Seconds(from, choice.Entry) : 0;

    private double Leave(Choice choice, PlanePoint? end) => end is { } to ? Seconds(choice.Exit, to) : 0;

    private readonly record struct Choice(int Number, SweepCell.Variant Variant, PlanePoint Entry, PlanePoint Exit, double Seconds);
}
