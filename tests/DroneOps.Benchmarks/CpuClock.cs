using System.Runtime.InteropServices;

namespace DroneOps.Benchmarks;

/// <summary>Processor time, not wall time: what a piece of work costs even while others use the machine.</summary>
internal static partial class CpuClock
{
    private const int ProcessClock = 2; // CLOCK_PROCESS_CPUTIME_ID, Linux
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Of the calling thread.</summary>
    public static TimeSpan OfThread() => Read(ThreadClock);

    /// <summary>Of all threads of this process.</summary>
    public static TimeSpan OfProcess() => Read(ProcessClock);

    private static TimeSpan Read(int clock)
    {
        if (GetTime(clock, out var time) != 0)
            throw new PlatformNotSupportedException("This machine does not tell a thread's processor time.");
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
