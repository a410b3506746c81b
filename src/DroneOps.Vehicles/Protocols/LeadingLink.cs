namespace DroneOps.Vehicles.Protocols;

/// <summary>Chooses what is believed of messages that tell an instant's state and carry no time of their own (the armed bit, the landed
/// state). A vehicle on two links tells it by both, and the slower one tells what was: believed together, they would make a landing and a
/// take-off of the difference. So one link leads until it is silent, or until another has told a change before it; and a frame that comes
/// behind a later one of its link is passed over.</summary>
/// <param name="silence">After so long without it another link leads.</param>
internal sealed class LeadingLink(TimeSpan silence)
{
    /// <summary>A frame further back than this is one of a count that began anew.</summary>
    private const int MostBehind = 63;

    /// <summary>An overtaken frame comes soon or not at all.</summary>
    private static readonly TimeSpan LatestOvertaken = TimeSpan.FromSeconds(2);

    private Telling? _leader;
    private Telling? _other;

    /// <summary>Whether this frame is believed.</summary>
    /// <param name="link">The link it came by.</param>
    /// <param name="sequence">Its place among the frames of that link.</param>
    /// <param name="at">When it came.</param>
    /// <param name="isOn">The state it tells.</param>
    /// <param name="since">When the state was first told, where another link told it before the leading one did.</param>
    public bool Leads(int link, byte sequence, DateTimeOffset at, bool isOn, out DateTimeOffset since)
    {
        since = at;
        if (_leader is not { } leader || (link != leader.Link && at - leader.At >= silence))
        {
            _leader = new(link, sequence, at, isOn, at);
            _other = null;
            return true;
        }

        if (link != leader.Link)
        {
            if (_other is not { } other || other.Link != link)
                _other = new(link, sequence, at, isOn, at);
            else if (!other.HasOvertaken(sequence, at))
                _other = other.Told(sequence, at, isOn);
            return false;
        }

        if (leader.HasOvertaken(sequence, at))
            return false;
        if (isOn != leader.IsOn && _other is { } faster && faster.IsOn == isOn && faster.Since < at && at - faster.At < silence)
        {
            // The other link told it first: it is the faster one, and leads from now on.
            since = faster.Since;
            (_leader, _other) = (faster, leader.Told(sequence, at, isOn));
            return true;
        }

        _leader = leader.Told(sequence, at, isOn);
        return true;
    }

    /// <summary>What a link last told, and since when it tells that.</summary>
    private readonly record struct Telling(int Link, byte Sequence, DateTimeOffset At, bool IsOn, DateTimeOffset Since)
    {
        public bool HasOvertaken(byte sequence, DateTimeOffset at) => at - At < LatestOvertaken && (byte)(Sequence - sequence) is > 0 and <= MostBehind;

        public Telling Told(byte sequence, DateTimeOffset at, bool isOn) => new(Link, sequence, at, isOn, isOn == IsOn ? Since : at);
    }
}
