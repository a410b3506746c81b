namespace DroneOps.Media;

/// <summary>How the pictures of a stream are coded.</summary>
public enum VideoCodec
{
    /// <summary>ITU-T H.264, ISO/IEC 14496-10 (AVC).</summary>
    H264,

    /// <summary>ITU-T H.265, ISO/IEC 23008-2 (HEVC).</summary>
    H265,
}
