namespace DroneOps.Media.Klv;

/// <summary>What became of bytes that should be ST 0601 metadata.</summary>
public abstract record UavMetadataResult
{
    private UavMetadataResult()
    {
    }

    /// <summary>It is, and its checksum is right.</summary>
    public sealed record Read(UavMetadata Metadata) : UavMetadataResult;

    /// <summary>It is a packet with another key: another local set.</summary>
    public sealed record OtherSet : UavMetadataResult;

    /// <summary>It is shorter than it says, or its lengths contradict each other.</summary>
    public sealed record Malformed : UavMetadataResult;

    /// <summary>It has no checksum, or one that its bytes do not have.</summary>
    public sealed record WrongChecksum : UavMetadataResult;
}
