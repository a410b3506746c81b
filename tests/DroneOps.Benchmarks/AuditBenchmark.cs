using System.Globalization;
using DroneOps.Server.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace DroneOps.Benchmarks;

/// <summary>How many acts a second the audit log makes durable, each waiting for its own entry to be on the disk.</summary>
internal sealed class AuditBenchmark : ISystemBenchmark
{
    private const double RateGoal = 5_000;
    private const double LatencyGoalMs = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public string Name => "audit";

    public string Summary => "[SECONDS] [FOLDER]: entries a second that are on the disk, and how long one waits, for 1, 16, 64 and 256 acts at once";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var length = TimeSpan.FromSeconds(arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10);
        Console.WriteLine(Machine.Describe());
        var kept = false;
        foreach (var acts in new[] { 1, 16, 64, 256 })
        {
            var folder = Directory.CreateDirectory(Path.Combine(arguments.Count > 1 ? arguments[1] : Path.GetTempPath(), $"droneops-audit-{Guid.NewGuid():N}")).FullName;
            try
            {
                var (rate, waits) = await MeasureAsync(folder, acts, length, cancellationToken);
                kept |= rate >= RateGoal && waits.At(0.99) < LatencyGoalMs;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{acts,4} acts at once: {rate,8:N0} entries/s; an act waits p50 {waits.At(0.5):0.0} ms, p99 {waits.At(0.99):0.0} ms"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(kept ? "ok  " : "MISS")} {RateGoal:N0} entries/s with a p99 under {LatencyGoalMs:0} ms at one of these"));
        return kept ? 0 : 1;
    }

    private static async Task<(double Rate, Latencies Waits)> MeasureAsync(string folder, int acts, TimeSpan length, CancellationToken cancellation)
    {
        await using var log = AuditLog.Open(Path.Combine(folder, "audit"), Path.Combine(folder, "key.pem"), TimeProvider.System, problem => throw problem, NullLogger<AuditLog>.Instance);
        var waits = new Latencies();
        var began = TimeProvider.System.GetTimestamp();
        long counted = 0;
        async Task ActAsync(int number)
        {
            while (TimeProvider.System.GetElapsedTime(began) < WarmUp + length)
            {
                var asked = TimeProvider.System.GetTimestamp();
                await log.AppendAsync(new AuditEntry("user:pilot", "vehicle.commanded", "vehicle/7", new { command = "goTo", latitudeDeg = 24.5133, longitudeDeg = 117.6553, heightM = 80, number }), cancellation);
                if (TimeProvider.System.GetElapsedTime(began) < WarmUp)
                    continue;
                waits.Add(TimeProvider.System.GetElapsedTime(asked));
                Interlocked.Increment(ref counted);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, acts).Select(number => Task.Run(() => ActAsync(number), cancellation)));
        return (counted / length.TotalSeconds, waits);
    }
}
