using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Finds out which hardware stands behind the system id, and notices a second one. AUTOPILOT_VERSION is asked for on discovery, after a
/// reboot, on each new link and when the boot clock jumps to and fro; two vehicles then both answer. While in conflict it goes
/// on asking, and when only one has answered three rounds in a row the conflict is over.</summary>
internal sealed class IdentityProtocol(Conversation talk, CommandProtocol commands)
{
    private static readonly VehicleCommand AskVersion = new VehicleCommand.RequestMessage(AutopilotVersion.MsgId);
    private const int RoundsToGiveUp = 5;
    private const int RoundsToResolve = 3;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SuspicionPause = TimeSpan.FromSeconds(5);

    private bool _asking;
    private bool _queried;
    private int _rounds;
    private int _aloneRounds;
    private DateTimeOffset _roundEnds;
    private DateTimeOffset? _suspectedAt;
    private string? _seenThisRound;
    private bool _severalThisRound;
    private string? _alone;

    /// <summary>Asks, until answered or given up.</summary>
    public void Ask()
    {
        _asking = true;
        _rounds = 0;
        BeginRound();
    }

    /// <summary>Asks because something looks like two vehicles, at most every few seconds.</summary>
    public void Suspect()
    {
        if (_suspectedAt is { } at && talk.Now - at < SuspicionPause)
            return;
        _suspectedAt = talk.Now;
        Ask();
    }

    public void OnVersion(in AutopilotVersion version, DateTimeOffset at)
    {
        if (talk.State.Identity is not { } known)
            return;
        var id = VehicleIdentity.HardwareIdOf(version);
        _severalThisRound |= _seenThisRound is not null && _seenThisRound != id;
        _seenThisRound = id ?? _seenThisRound;
        if (!talk.State.IdentityConflict)
            _asking = false;

        if (id is not null && known.HardwareId is not null && id != known.HardwareId)
        {
            if (talk.State.IdentityConflict)
                return;
            talk.State.IdentityConflict = true;
            _aloneRounds = 0;
            talk.Tell(new VehicleFact.IdentityConflict(at, known.HardwareId, id));
            Ask();
            return;
        }

        var identity = Merge(known, version, id);
        if (identity == known)
            return;
        talk.State.Identity = identity;
        talk.Tell(new VehicleFact.Identified(at, identity));
    }

    public void Tick()
    {
        if (!_asking || talk.State.Link != VehicleLinkState.Up)
            return;
        if (!_queried)
            _queried = commands.TryQuery(AskVersion, static _ => { });
        if (talk.Now < _roundEnds)
            return;
        if (talk.State.IdentityConflict)
            JudgeRound();
        else if (++_rounds >= RoundsToGiveUp)
            _asking = false;
        BeginRound();
    }

    private void BeginRound()
    {
        _queried = false;
        _seenThisRound = null;
        _severalThisRound = false;
        _roundEnds = talk.Now + Round;
    }

    private void JudgeRound()
    {
        var alone = _severalThisRound ? null : _seenThisRound;
        _aloneRounds = alone is null ? 0 : alone == _alone ? _aloneRounds + 1 : 1;
        _alone = alone;
        if (_aloneRounds < RoundsToResolve || talk.State.Identity is not { } known)
            return;
        _asking = false;
        talk.State.IdentityConflict = false;
        talk.State.Identity = known with { HardwareId = alone };
        talk.Tell(new VehicleFact.IdentityResolved(talk.Now, talk.State.Identity));
    }

    private static VehicleIdentity Merge(VehicleIdentity known, in AutopilotVersion version, string? id) => known with
    {
        HardwareId = id ?? known.HardwareId,
        Firmware = VehicleIdentity.FirmwareOf(version) ?? known.Firmware,
        Capabilities = version.Capabilities,
    };
}
