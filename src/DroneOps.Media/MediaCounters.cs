namespace DroneOps.Media;

/// <summary>What a demuxer or splitter has seen and what it dropped; adds up over the life of a source.</summary>
public struct MediaCounters
{
    /// <summary>Transport stream packets with their sync byte in place.</summary>
    public long Packets { get; set; }

    /// <summary>Bytes that belong to no packet.</summary>
    public long SkippedBytes { get; set; }

    /// <summary>Times that the sync byte was not where it must be.</summary>
    public long SyncLosses { get; set; }

    /// <summary>Gaps in the continuity counters of the streams read here: at least one packet was lost.</summary>
    public long Gaps { get; set; }

    /// <summary>Packets sent twice, as the standard allows once each.</summary>
    public long Duplicates { get; set; }

    /// <summary>Packets that the sender or a modem marked as broken, or that are scrambled.</summary>
    public long BrokenPackets { get; set; }

    /// <summary>Packets of the video or metadata that belong to no PES packet, because its beginning was lost.</summary>
    public long OrphanPackets { get; set; }

    /// <summary>Tables with a wrong checksum, or beyond the limits.</summary>
    public long BadTables { get; set; }

    /// <summary>PES packets without a readable header.</summary>
    public long BadPes { get; set; }

    /// <summary>Pictures handed out.</summary>
    public long Pictures { get; set; }

    /// <summary>Those of them with bytes missing.</summary>
    public long DamagedPictures { get; set; }

    /// <summary>Those of them that state a time too far from their arrival, which counts instead.</summary>
    public long DisbelievedTimes { get; set; }

    /// <summary>Pictures dropped because the parameter sets for them had not come yet.</summary>
    public long PicturesWithoutFormat { get; set; }

    /// <summary>Pictures cut off at the greatest size.</summary>
    public long OversizedPictures { get; set; }

    /// <summary>Parameter sets that could not be read, or of a picture beyond the limits.</summary>
    public long BadParameterSets { get; set; }

    /// <summary>Times that a picture was handed out before its last bytes had come, because this sender's packets end otherwise than they seem to.</summary>
    public long EarlyEnds { get; set; }

    /// <summary>Metadata packets (KLV) handed out.</summary>
    public long MetadataPackets { get; set; }

    /// <summary>Metadata dropped: broken, incomplete or too long.</summary>
    public long BadMetadata { get; set; }
}
