namespace DroneOps.Media.Mp4;

/// <summary>The 64-bit time of RFC 5905, 6: seconds since 1900 and their fraction. The seconds wrap in 2036, where era 1 begins.</summary>
internal static class NtpTime
{
    /// <summary>Seconds between 1900 and 1970.</summary>
    private const long Epoch = 2_208_988_800;

    public static ulong Of(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        var seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out var rest);

        // Rounded up, so that the ticks come out again as they went in.
        return ((ulong)(uint)(seconds + Epoch) << 32) | ((((ulong)rest << 32) + (ulong)TimeSpan.TicksPerSecond - 1) / (ulong)TimeSpan.TicksPerSecond);
    }

    public static DateTimeOffset ToTime(ulong ntp)
    {
        var seconds = (long)(ntp >> 32);

        // Times before 1968 are of the next era: nobody filmed from a drone then.
        if (seconds < 0x8000_0000)
            seconds += 1L << 32;
        return DateTimeOffset.UnixEpoch.AddTicks(((seconds - Epoch) * TimeSpan.TicksPerSecond) + (long)(((ntp & 0xFFFF_FFFF) * (ulong)TimeSpan.TicksPerSecond) >> 32));
    }
}
