namespace DroneOps.Media.H26x;

/// <summary>What is known of an access unit beside its bytes.</summary>
/// <param name="Pts">When it is shown, ticks of <see cref="Picture.Clock"/>.</param>
/// <param name="Dts">When it is decoded, ticks of <see cref="Picture.Clock"/>.</param>
/// <param name="Step">From one picture to the next; for further units in the same bytes.</param>
/// <param name="IsDiscontinuous">Whether pictures before it are missing or the clock jumped.</param>
/// <param name="CapturedAt">When the camera took it, if the stream says so elsewhere than in the picture.</param>
/// <param name="ReceivedAt">When the last byte arrived.</param>
internal readonly record struct UnitTime(
    long Pts, long Dts, long Step, bool IsDiscontinuous, DateTimeOffset? CapturedAt, DateTimeOffset ReceivedAt);
