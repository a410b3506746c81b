namespace DroneOps.Media;

/// <summary>Microseconds since 1970 as MISB ST 0603 counts them, as a time.</summary>
internal static class UnixMicroseconds
{
    private static readonly ulong Greatest = (ulong)(DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Null when a clock says something beyond the calendar, or nothing (0).</summary>
    public static DateTimeOffset? ToTime(ulong microseconds) =>
        microseconds == 0 || microseconds > Greatest ? null : DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Times before 1970 do not occur: 0.</summary>
    public static ulong FromTime(DateTimeOffset time) =>
        time <= DateTimeOffset.UnixEpoch ? 0 : (ulong)((time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
}
