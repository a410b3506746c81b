
namespace DroneOps.Vehicles.Protocols;

/// <summary>Asks the vehicle to stream what we need: after its discovery, after each reboot (which forgets all rates) and when it is
/// heard but its streams are silent. A few requests wait at a time. COMMAND_ACK does not name the message, so a refusal among several in
/// flight is cleared up by asking for each of them alone; what is refused alone is not asked for again.</summary>
internal sealed class StreamSetup(Conversation talk, CommandProtocol commands)
{
    private static readonly TimeSpan SilenceAllowed = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AfterReturn = TimeSpan.FromSeconds(2);

    private readonly Queue<StreamRate> _waiting = new();
    private readonly List<StreamRate> _inFlight = [];
    private readonly List<StreamRate> _suspects = [];
    private readonly List<StreamRate> _unanswered = [];
    private readonly HashSet<uint> _refused = [];
    private bool _oneByOne;
    private bool _begun;
    private DateTimeOffset _idleSince;
    private DateTimeOffset _heardAt;
    private TimeSpan _pause = SilenceAllowed;

    /// <summary>Nothing is left to be asked for.</summary>
    public bool IsIdle => _begun && _waiting.Count == 0 && _inFlight.Count == 0;

    /// <summary>Messages that the vehicle refused to stream.</summary>
    public IReadOnlyCollection<uint> Refused => _refused;

    /// <summary>Asks for everything.</summary>
    public void Begin()
    {
        _begun = true;
        _waiting.Clear();
        _suspects.Clear();
        _unanswered.Clear();
        foreach (var stream in talk.Options.Streams)
        {
            if (!_refused.Contains(stream.MessageId) && talk.Autopilot.Streams(stream.MessageId))
                _waiting.Enqueue(stream);
        }

        _idleSince = talk.Now;
    }

    /// <summary>A streamed message arrived.</summary>
    public void OnStreamed(DateTimeOffset at)
    {
        _heardAt = at;
        _pause = SilenceAllowed;
    }

    /// <summary>The vehicle is back: its streams get a moment to show that they run.</summary>
    public void OnLinkRestored() => _idleSince = talk.Now - SilenceAllowed + AfterReturn;

    public void Tick()
    {
        if (!_begun || talk.State.Link != VehicleLinkState.Up || talk.Options.ListenOnly)
            return;
        var limit = _oneByOne ? 1 : talk.Options.StreamRequestsInFlight;
        while (_inFlight.Count < limit && _waiting.TryDequeue(out var stream))
        {
            if (!Ask(stream))
            {
                _waiting.Enqueue(stream);
                return;
            }
        }

        if (IsIdle)
            Watch();
    }

    private bool Ask(StreamRate stream)
    {
        _inFlight.Add(stream);
        if (commands.TryQuery(new VehicleCommand.SetMessageInterval(stream.MessageId, stream.RateHz), outcome => OnAnswer(stream, outcome)))
            return true;
        _inFlight.Remove(stream);
        return false;
    }

    private void OnAnswer(StreamRate stream, CommandOutcome outcome)
    {
        if (outcome is CommandOutcome.Rejected && !_oneByOne)
        {
            _oneByOne = true;
            _suspects.AddRange(_inFlight);
        }
        else if (outcome is CommandOutcome.Rejected)
        {
            _refused.Add(stream.MessageId);
        }
        else if (outcome is not CommandOutcome.Accepted)
        {
            _unanswered.Add(stream);
        }

        _inFlight.Remove(stream);
        _idleSince = talk.Now;
        if (_inFlight.Count > 0)
            return;
        foreach (var suspect in _suspects)
            _waiting.Enqueue(suspect);
        _suspects.Clear();
    }

    private void Watch()
    {
        var quietSince = _heardAt > _idleSince ? _heardAt : _idleSince;
        if (talk.Now - quietSince >= _pause && talk.Options.Streams.Count > 0)
        {
            // Asking again is not for ever at the same pace: the vehicle may have nothing to stream to us.
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            Begin();
        }
        else if (_unanswered.Count > 0 && talk.Now - _idleSince >= SilenceAllowed)
        {
            foreach (var stream in _unanswered)
                _waiting.Enqueue(stream);
            _unanswered.Clear();
        }
    }
}
