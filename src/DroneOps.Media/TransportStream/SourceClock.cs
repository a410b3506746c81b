namespace DroneOps.Media.TransportStream;

/// <summary>Turns the 33 bits of PTS and DTS (ISO/IEC 13818-1, 2.4.3.7) into times that grow: through the overflow every 26.5 hours, and through
/// a restart of the sender, where they go on by as much as passed here meanwhile.</summary>
internal sealed class SourceClock
{
    private const int Bits = 33;
    private const long DefaultStep = Picture.Clock / 25;
    private const long Reordering = Picture.Clock;
    private const long LongestPause = 10L * Picture.Clock;

    private bool _isRunning;
    private long _raw;
    private long _mapped;
    private long _dts;
    private DateTimeOffset _at;

    /// <summary>The distance of the newest two pictures.</summary>
    public long Step { get; private set; } = DefaultStep;

    /// <summary>The times of the next picture.</summary>
    /// <param name="rawPts">As sent; null when the packet has none.</param>
    /// <param name="rawDts">As sent, equal to <paramref name="rawPts"/> when only that is sent.</param>
    /// <param name="at">When it arrived.</param>
    public (long Pts, long Dts, bool Jumped) Next(long? rawPts, long? rawDts, DateTimeOffset at)
    {
        if (rawPts is not { } pts || rawDts is not { } dts)
            (pts, dts) = (_raw + Step, _raw + Step);
        var jumped = false;
        if (!_isRunning)
        {
            (_isRunning, _mapped, _dts) = (true, dts, dts);
        }
        else
        {
            var passed = (long)((at - _at).TotalSeconds * Picture.Clock);
            var delta = Difference(dts, _raw);
            // A picture that was not sent in order of decoding, by a sender that states no DTS, is no restart; a pause is none when it was one here too.
            jumped = delta < -Reordering || delta > LongestPause && Math.Abs(delta - passed) > LongestPause / 2;
            if (jumped)
                delta = Math.Max(Step, passed);
            _mapped += delta;
            var next = Math.Max(_dts, _mapped);
            if (next > _dts && !jumped)
                Step = Math.Min(next - _dts, LongestPause);
            _dts = next;
        }

        (_raw, _at) = (dts, at);
        return (_mapped + Difference(pts, dts), _dts, jumped);
    }

    /// <summary>The time of something beside the pictures, on their time axis.</summary>
    public long Map(long raw) => _isRunning ? _mapped + Difference(raw, _raw) : raw;

    private static long Difference(long later, long earlier) => (later - earlier) << (64 - Bits) >> (64 - Bits);
}
