using System.Globalization;
using System.Runtime.InteropServices;

namespace DroneOps.Benchmarks;

/// <summary>What a figure was taken on, and what else went on there meanwhile: a figure without both says nothing.</summary>
internal static class Machine
{
    private const double TicksPerSecond = 100; // USER_HZ, fixed in Linux' interface to programs

    /// <summary>One line: processor, cores, memory, system, runtime, day.</summary>
    public static string Describe()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024 * 1024.0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {memory:0} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}");
    }

    /// <summary>Processor time of everything that runs on the machine since it was started.</summary>
    public static TimeSpan BusyTime()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        // user nice system idle iowait irq softirq steal: what is not idle or waiting for a disk is busy (proc(5)).
        var ticks = fields.Take(8).Where((_, at) => at is not (3 or 4)).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
