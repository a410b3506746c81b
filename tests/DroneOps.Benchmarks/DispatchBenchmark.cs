using System.Globalization;
using DroneOps.Benchmarks.Dispatch;

namespace DroneOps.Benchmarks;

/// <summary>How quickly help comes: a week of calls flown from end to end, the time that a choice takes, and the time from a call to the first
/// command on the wire.</summary>
internal sealed class DispatchBenchmark : ISystemBenchmark
{
    public string Name => "dispatch";

    public string Summary => "[decide|order|week] [NUMBER] [SEED]: one choice of 50 drones among 200 zones; POST to the first frame of the order; a week of 1,000 calls, flown";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var what = arguments.Count > 0 ? arguments[0] : "all";
        Console.WriteLine(Machine.Describe());
        var kept = true;
        if (what is "decide" or "all")
            kept &= DecisionTimes.Run(Number(arguments, 1, 500), Number(arguments, 2, 110));
        if (what is "order" or "all")
        {
            await using var orders = await OrderTimes.StartAsync(Number(arguments, 2, 110), cancellationToken);
            kept &= await orders.RunAsync(Number(arguments, 1, 200), cancellationToken);
        }

        if (what is "week" or "all")
            kept &= await WeekAsync(Number(arguments, 1, 1000), Number(arguments, 2, 110), cancellationToken);
        return kept ? 0 : 1;
    }

    private static int Number(IReadOnlyList<string> arguments, int at, int otherwise) =>
        arguments.Count > at ? int.Parse(arguments[at], CultureInfo.InvariantCulture) : otherwise;

    // A week at the rate of 1,000 calls; fewer calls are a shorter span of the same week.
    private static async Task<bool> WeekAsync(int calls, int seed, CancellationToken cancellationToken)
    {
        var span = TimeSpan.FromDays(7) * (calls / 1000.0);
        var service = new WeekRun(WeekPolicy.Service, calls, span, seed);
        var nearest = new WeekRun(WeekPolicy.Nearest, calls, span, seed);
        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(new[] { service, nearest }.Select(run => Task.Run(() => run.RunAsync(Console.WriteLine, cancellationToken), cancellationToken)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{calls} calls in {span.TotalHours:0} h, flown twice in {TimeProvider.System.GetElapsedTime(began).TotalMinutes:0.0} min"));
        return new WeekReport(service, nearest).Print(Console.Out);
    }
}
