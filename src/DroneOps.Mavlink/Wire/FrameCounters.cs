namespace DroneOps.Mavlink;

/// <summary>What a scanner has seen; adds up over a link's life.</summary>
public struct FrameCounters
{
    /// <summary>Frames of known messages with a right checksum.</summary>
    public long Frames { get; set; }

    /// <summary>Frames of messages that the catalog does not know, forwarded unverified.</summary>
    public long UnknownFrames { get; set; }

    /// <summary>Candidates whose checksum was wrong: one byte each was skipped.</summary>
    public long BadChecksums { get; set; }

    /// <summary>Candidates with an incompatibility flag nobody has defined.</summary>
    public long UnsupportedFlags { get; set; }

    /// <summary>Candidates shorter than the end of a datagram allowed.</summary>
    public long Truncated { get; set; }

    /// <summary>Bytes that belong to no frame: noise, or text such as an autopilot prints while it boots.</summary>
    public long SkippedBytes { get; set; }

    /// <summary>Adds another set of counters.</summary>
    public void Add(in FrameCounters other)
    {
        Frames += other.Frames;
        UnknownFrames += other.UnknownFrames;
        BadChecksums += other.BadChecksums;
        UnsupportedFlags += other.UnsupportedFlags;
        Truncated += other.Truncated;
        SkippedBytes += other.SkippedBytes;
    }
}
