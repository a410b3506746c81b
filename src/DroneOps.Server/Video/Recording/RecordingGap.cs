namespace DroneOps.Server.Video.Recording;

/// <summary>Why there are no pictures, or none to rely on, for a time.</summary>
internal enum GapReason
{
    /// <summary>The source gave none.</summary>
    SourceSilent,

    /// <summary>Some were lost on the way to this machine.</summary>
    PicturesLost,

    /// <summary>This machine was too slow to write them.</summary>
    PicturesDropped,

    /// <summary>They are there, with bytes missing.</summary>
    Damaged,

    /// <summary>The source's clock jumped; what came until the next key picture fits no file.</summary>
    ClockJumped,

    /// <summary>The stream changed its format; what came until the next key picture fits no file.</summary>
    FormatChanged,

    /// <summary>The disk is full, or the recordings have reached their quota.</summary>
    DiskFull,

    /// <summary>The disk refused to write.</summary>
    WriteFailed,

    /// <summary>The service was killed or lost its power.</summary>
    ServerStopped,
}

/// <summary>A time of which a recording has no pictures, or none to rely on.</summary>
/// <param name="From">The end of the last good picture.</param>
/// <param name="To">The first good one after it.</param>
/// <param name="Reason">Why.</param>
internal sealed record RecordingGap(DateTimeOffset From, DateTimeOffset To, GapReason Reason);
