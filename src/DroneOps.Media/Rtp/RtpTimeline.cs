namespace DroneOps.Media.Rtp;

/// <summary>The time stamps of one RTP stream: the source's own, and unbroken where the source's clock jumps, because a viewer takes a leap for hours
/// of missing pictures. Owner: one packetizer.</summary>
internal sealed class RtpTimeline(uint start)
{
    /// <summary>So much further ahead than the wall clock went is a leap.</summary>
    private const long Leap = 10 * Picture.Clock;

    private long _offset = start;
    private long _lastDts;
    private DateTimeOffset? _lastAt;

    /// <summary>The time stamp of the next picture.</summary>
    public uint Of(Picture picture)
    {
        if (_lastAt is { } lastAt)
        {
            var passed = Math.Max(0, (picture.ReceivedAt - lastAt).Ticks * Picture.Clock / TimeSpan.TicksPerSecond);
            var step = picture.Dts - _lastDts;
            if (step < 0 || step > passed + Leap)
                _offset += Math.Max(1, passed) - step;
        }

        (_lastDts, _lastAt) = (picture.Dts, picture.ReceivedAt);
        return unchecked((uint)(picture.Pts + _offset));
    }
}
