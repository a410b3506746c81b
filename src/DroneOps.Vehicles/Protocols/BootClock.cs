namespace DroneOps.Vehicles.Protocols;

/// <summary>What a time_boot_ms says about its message.</summary>
internal enum BootSample
{
    /// <summary>It belongs to the running boot; it may be a little late.</summary>
    Current,

    /// <summary>It does not fit the running boot and is not believed yet: a very late frame, another vehicle, or the first of a new boot.</summary>
    Suspect,

    /// <summary>The vehicle has started again; this is the first message believed of the new boot.</summary>
    NewBoot,
}

/// <summary>Tells a reboot from late frames, from the wrap of time_boot_ms after 49.7 days and from a second vehicle. Differences are taken
/// modulo 2^32, so the wrap is a small step forward. A jump is believed only when the next messages carry on from
/// it while none of the old timeline comes in between.</summary>
internal sealed class BootClock
{
    private const int LateMs = 3000;
    private const int ForwardMs = 60_000;
    // A simulator may run much faster than the clock by which frames are received.
    private const double GreatestSpeedup = 100;
    private const int Confirmations = 3;
    private static readonly TimeSpan ConfirmedAfter = TimeSpan.FromMilliseconds(400);

    private uint? _last;
    private DateTimeOffset _lastAt;
    private uint _candidate;
    private int _candidates;
    private DateTimeOffset _candidateSince;
    private DateTimeOffset _candidateAt;

    /// <summary>How often a jump turned out to be none: two vehicles under one system id do this all the time.</summary>
    public int Flips { get; private set; }

    public BootSample Observe(uint bootMs, DateTimeOffset at)
    {
        // Some senders leave the field at zero.
        if (bootMs == 0)
            return BootSample.Current;
        if (_last is not { } last)
        {
            Accept(bootMs, at);
            return BootSample.Current;
        }

        var step = unchecked((int)(bootMs - last));
        if (step >= -LateMs && Plausible(step, at - _lastAt))
        {
            if (_candidates > 0)
                Flips++;
            _candidates = 0;
            if (step > 0)
                Accept(bootMs, at);
            return BootSample.Current;
        }

        // A copy of a late frame is no second witness: a running clock goes on. Nor does the slower of two links speak against it.
        var fromCandidate = unchecked((int)(bootMs - _candidate));
        if (_candidates > 0 && fromCandidate is <= 0 and >= -LateMs)
            return BootSample.Suspect;
        if (_candidates > 0 && fromCandidate > 0 && Plausible(fromCandidate, at - _candidateAt))
        {
            _candidates++;
        }
        else
        {
            _candidates = 1;
            _candidateSince = at;
        }

        _candidate = bootMs;
        _candidateAt = at;
        if (_candidates < Confirmations || at - _candidateSince < ConfirmedAfter)
            return BootSample.Suspect;
        Accept(bootMs, at);
        _candidates = 0;
        return BootSample.NewBoot;
    }

    /// <summary>Starts anew, after the reboot was seen by other means.</summary>
    public void Forget()
    {
        _last = null;
        _candidates = 0;
    }

    private static bool Plausible(int stepMs, TimeSpan elapsed) =>
        stepMs <= ForwardMs + (Math.Max(0, elapsed.TotalMilliseconds) * GreatestSpeedup);

    private void Accept(uint bootMs, DateTimeOffset at)
    {
        _last = bootMs;
        _lastAt = at;
    }
}

/// <summary>Lets only newer samples of one message through: an older sample never replaces a newer one.</summary>
internal struct SampleOrder
{
    private uint _last;
    private bool _any;

    public bool IsNewer(uint bootMs)
    {
        if (_any && bootMs != 0 && unchecked((int)(bootMs - _last)) <= 0)
            return false;
        _any = true;
        _last = bootMs;
        return true;
    }
}
