using DroneOps.Mavlink;

namespace DroneOps.Links.FlightLog;

/// <summary>One record of a telemetry log, as a view that is valid until the next one is read.</summary>
public readonly ref struct TlogRecord
{
    internal TlogRecord(DateTimeOffset stamp, bool sentByUs, MavlinkFrame frame)
    {
        Stamp = stamp;
        SentByUs = sentByUs;
        Frame = frame;
    }

    /// <summary>When the frame was received or sent, UTC, to the microsecond (the lowest two bits are not time).</summary>
    public DateTimeOffset Stamp { get; }

    /// <summary>Whether the ground sent it: the lowest two bits of the stamp are both set.</summary>
    public bool SentByUs { get; }

    /// <summary>The frame.</summary>
    public MavlinkFrame Frame { get; }
}

/// <summary>What reading a log came across.</summary>
/// <param name="Records">Intact records.</param>
/// <param name="SkippedBytes">Bytes that belong to no record.</param>
/// <param name="Gaps">Places where records stopped following each other.</param>
/// <param name="BadStamps">Records left out because their stamp alone is out of line by more than three days.</param>
/// <param name="ClockJumps">Places where the stamps moved by more than three days and stayed there.</param>
/// <param name="IsTorn">Whether the log ends within a record, as after a crash.</param>
public readonly record struct TlogReport(long Records, long SkippedBytes, long Gaps, long BadStamps, long ClockJumps, bool IsTorn);
