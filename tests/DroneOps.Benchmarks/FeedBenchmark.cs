using System.Globalization;
using DroneOps.Benchmarks.Feed;

namespace DroneOps.Benchmarks;

/// <summary>From the frame to the client, through the real program: 200 vehicles send 25 messages a second each to its UDP port, clients
/// subscribe to all of them at 10 Hz, and each position is timed from the moment it was sent until a client has it.</summary>
internal sealed class FeedBenchmark : ISystemBenchmark
{
    private const int Vehicles = 200;
    private const double RateHz = 10;
    private const int SlowBytesPerSecond = 1000;
    private const int Comers = 10_000;
    private const int Returning = 300;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public string Name => "feed";

    public string Summary => "[few|crowd|slow|reconnect|restart|soak] [SECONDS]: 200 vehicles at 25 messages/s to 8 or 300 clients at 10 Hz, frame to client; with and without a client at 1 kB/s in turns; while 10,000 come; over a restart; memory";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var what = arguments.Count > 0 ? arguments[0] : "all";
        var span = TimeSpan.FromSeconds(arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 30);
        Console.WriteLine(Machine.Describe());
        var kept = true;
        if (what is "few" or "all")
            kept &= await FewAsync(span, cancellationToken);
        if (what is "crowd" or "all")
            kept &= await CrowdAsync(span, cancellationToken);
        if (what is "slow" or "all")
            kept &= await SlowAsync(span, cancellationToken);
        if (what is "reconnect" or "all")
            kept &= await ReconnectAsync(span, cancellationToken);
        if (what is "restart" or "all")
            kept &= await RestartAsync(cancellationToken);
        if (what is "soak")
            kept &= await SoakAsync(span, cancellationToken);
        return kept ? 0 : 1;
    }

    private static async Task<bool> FewAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 8, plainClients: 0, cancellationToken);
        await run.WarmUpAsync(WarmUp, cancellationToken);
        return await run.MeasureAsync("8 SignalR clients", span, cancellationToken) is var score && score.Position.At(0.99) < 50;
    }

    private static async Task<bool> CrowdAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 4, plainClients: 296, cancellationToken);
        await run.WarmUpAsync(WarmUp, cancellationToken);
        return await run.MeasureAsync("300 clients", span, cancellationToken) is var score && score.Position.At(0.99) < 100;
    }

    /// <summary>With and without a slow client in short turns, so that what else the machine does falls on both alike.</summary>
    private static async Task<bool> SlowAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        var stretch = TimeSpan.FromSeconds(5);
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 4, plainClients: 46, cancellationToken);
        await run.WarmUpAsync(WarmUp, cancellationToken);
        PairedRounds rounds = new();
        for (var round = 0; round < span / (2 * stretch); round++)
        {
            // First the one and then the other, next time the other way round: a drift adds to neither.
            var (without, with) = (new Latencies(), new Latencies());
            foreach (var isSlow in (bool[])[round % 2 == 0, round % 2 != 0])
            {
                await using var slow = isSlow ? await run.SlowAsync(SlowBytesPerSecond, cancellationToken) : null;
                (isSlow ? with : without).Add((await run.MeasureAsync(null, stretch, cancellationToken)).Position);
            }

            rounds.Add(without, with);
        }

        var (change, low, high) = rounds.Change(0.99);
        Console.WriteLine($"position to 50 clients, without and with one more at 1 kB/s, {rounds}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the slow client changes the others' p99 by {change * 100:+0.0;-0.0} %, 95 % interval {low * 100:+0.0;-0.0} to {high * 100:+0.0;-0.0} %"));
        return change < 0.10;
    }

    private static async Task<bool> ReconnectAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 4, plainClients: 96, cancellationToken);
        await run.WarmUpAsync(WarmUp, cancellationToken);
        var before = await run.MeasureAsync("100 clients", span, cancellationToken);
        var (during, _) = await run.FloodAsync(Comers, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"p99 of those who were in: {before.Position.At(0.99):0.0} ms before, {during.Position.At(0.99):0.0} ms while {Comers:N0} came"));
        return during.Position.At(0.99) < 100;
    }

    private static async Task<bool> RestartAsync(CancellationToken cancellationToken)
    {
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 1, plainClients: 0, cancellationToken);
        await run.WarmUpAsync(WarmUp / 2, cancellationToken);
        return await run.RestartAsync(Returning, TimeSpan.FromSeconds(30), cancellationToken);
    }

    private static async Task<bool> SoakAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        await using var run = await FeedRun.StartAsync(Vehicles, RateHz, cancellationToken);
        await run.AddAsync(hubClients: 4, plainClients: 46, cancellationToken);
        await run.WarmUpAsync(WarmUp * 3, cancellationToken);
        List<double> memory = [];
        for (var part = 0; part < 10; part++)
        {
            await run.MeasureAsync("50 clients", span / 10, cancellationToken);
            memory.Add(run.Memory);
        }

        var (first, last) = (memory.Take(5).Max(), memory.Skip(5).Max());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"most memory in the first half {first:0} MB, in the second {last:0} MB"));
        return last < first * 1.1;
    }
}
