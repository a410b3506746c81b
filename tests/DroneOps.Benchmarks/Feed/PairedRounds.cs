using System.Globalization;

namespace DroneOps.Benchmarks.Feed;

/// <summary>What one thing changes about latencies, told apart from the noise of the machine: short stretches without and with it come in
/// pairs, all of one kind are counted together, and how far the answer can be trusted is taken from how the pairs differ.</summary>
internal sealed class PairedRounds
{
    private const int Draws = 1000;
    private const double Outside = 0.025; // on each side of a 95 % interval

    private readonly List<(Latencies Without, Latencies With)> _rounds = [];

    /// <summary>Adds a pair that was measured one right after the other.</summary>
    public void Add(Latencies without, Latencies with) => _rounds.Add((without, with));

    /// <summary>How much longer the duration is that a share of all did not exceed, as a ratio less one, and its 95 % interval.</summary>
    /// <remarks>The interval is the percentile bootstrap over whole pairs (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
    /// chapter 13): latencies of one second are not independent of each other, those of different pairs nearly are.</remarks>
    public (double Change, double Low, double High) Change(double share)
    {
        Random random = new(1);
        var draws = new double[Draws];
        for (var draw = 0; draw < draws.Length; draw++)
            draws[draw] = ChangeOf(Enumerable.Range(0, _rounds.Count).Select(_ => _rounds[random.Next(_rounds.Count)]), share);
        Array.Sort(draws);
        return (ChangeOf(_rounds, share), draws[(int)(Draws * Outside)], draws[(int)(Draws * (1 - Outside)) - 1]);
    }

    /// <summary>One line for each kind of stretch.</summary>
    public override string ToString()
    {
        var (without, with) = Pool(_rounds);
        return string.Create(CultureInfo.InvariantCulture, $"{_rounds.Count} pairs{Environment.NewLine}  without  {without}{Environment.NewLine}  with     {with}");
    }

    private static double ChangeOf(IEnumerable<(Latencies Without, Latencies With)> rounds, double share)
    {
        var (without, with) = Pool(rounds);
        return (with.At(share) / without.At(share)) - 1;
    }

    private static (Latencies Without, Latencies With) Pool(IEnumerable<(Latencies Without, Latencies With)> rounds)
    {
        (Latencies Without, Latencies With) all = (new(), new());
        foreach (var (without, with) in rounds)
        {
            all.Without.Add(without);
            all.With.Add(with);
        }

        return all;
    }
}
