using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Writes one plan (MAVLink mission protocol, "upload") the way real autopilots want it. The vehicle leads: it asks for items, by
/// MISSION_REQUEST or MISSION_REQUEST_INT, and always gets MISSION_ITEM_INT. A refusal of a sequence number in between is noise. An
/// upload that breaks off leaves a mixture of new and old on an ArduPilot, so after anything but a clean end the plan is read
/// back and compared; that comparison, not the acknowledgement, decides.</summary>
internal sealed partial class PlanUpload
{
    /// <summary>An ArduPilot loads a fence up to 60 ms after it acknowledged it; enabled earlier it fails.</summary>
    private static readonly TimeSpan FenceSettles = TimeSpan.FromMilliseconds(100);

    /// <summary>A vehicle that misses an item asks again after a second; sent again before, a lost item costs less.</summary>
    private static readonly TimeSpan ResendAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the final answer may take once the last item was sent. Longer than two re-requests.</summary>
    private static readonly TimeSpan FinalWait = TimeSpan.FromSeconds(3);
    private const int MostFinalWaits = 5;
    private const int MostRepeats = 40;

    private readonly Conversation _talk;
    private readonly PlanKind _kind;
    private readonly MavMissionType _type;
    private readonly MissionItemInt[] _wire;
    private readonly bool[] _asked;
    private readonly bool _homeFirst;
    private readonly int _items;
    private Stage _stage;
    private int _tries;
    private int _attempts;
    private int _finalWaits;
    private int _repeats;
    private int _lastSeq = -1;
    private DateTimeOffset _nextAt;
    private DateTimeOffset _progressAt;
    private DateTimeOffset _settledAt;
    private bool _accepted;
    private (MavMissionResult Type, DateTimeOffset At)? _refusal;
    private string? _trouble;
    private PlanDownload? _readBack;

    private enum Stage
    {
        Announcing,
        Sending,
        ReadingBack,
        Settling,
        Ended,
    }

    public PlanUpload(Conversation talk, PlanKind kind, IReadOnlyList<MissionItemInt> items)
    {
        _talk = talk;
        _kind = kind;
        _type = PlanProtocol.TypeOf(kind);
        _items = items.Count;
        _homeFirst = kind == PlanKind.Mission && talk.Autopilot.HomeIsItemZero;
        _wire = ToWire(talk, _type, items, _homeFirst);
        _asked = new bool[_wire.Length];
        Announce();
    }

    /// <summary>How it ended; null while in work.</summary>
    public PlanTransferResult? Result { get; private set; }

    private bool IsClearing => _items == 0;

    private bool AllAsked => !_asked.AsSpan().Contains(false);

    public void OnRequest(int seq, MavMissionType type)
    {
        if (type != _type || IsClearing || _stage is Stage.Settling or Stage.Ended)
            return;
        if (seq >= _wire.Length)
        {
            _trouble = $"the vehicle asked for item {seq} of {_wire.Length}";
            return;
        }

        _repeats = seq == _lastSeq ? _repeats + 1 : 0;
        if (_repeats > MostRepeats)
        {
            _trouble = $"the vehicle asks for item {seq} again and again";
            if (_stage != Stage.ReadingBack)
                ReadBack();
            return;
        }

        // Asked while we were reading back: the vehicle is still at the upload.
        _readBack = null;
        _stage = Stage.Sending;
        SendItem(seq);
        _progressAt = _talk.Now;
    }

    public void OnAck(in MissionAck ack, DateTimeOffset at)
    {
        if (ack.MissionType != _type)
            return;
        if (_stage == Stage.ReadingBack)
        {
            _readBack?.OnAck(ack);
            return;
        }

        if (_stage is not (Stage.Announcing or Stage.Sending))
            return;
        switch (ack.Type)
        {
            case MavMissionResult.Accepted when IsClearing || AllAsked:
                _accepted = true;
                _settledAt = at;
                if (_talk.Options.VerifyUploads)
                    ReadBack();
                else
                    Settle(new PlanTransferResult.Accepted(_items));
                break;
            case MavMissionResult.Accepted:
                _trouble = "the vehicle ended the upload before it had asked for every item";
                ReadBack();
                break;
            case MavMissionResult.InvalidSequence:
                // Not the end: the transfer goes on with the number the vehicle asked for.
                break;
            case MavMissionResult.OperationCancelled:
            case MavMissionResult.Error when _stage == Stage.Sending && !AllAsked && _attempts + 1 < _talk.Options.UploadAttempts:
                // In the middle ERROR answers an item that nobody waits for: the vehicle gave up, and its word of that was lost.
                StartOver("the vehicle gave the upload up");
                break;
            case MavMissionResult.Denied or MavMissionResult.Invalid when _stage == Stage.Announcing && _tries < _talk.Options.PlanTries:
                // Busy with another transfer; the announcement is repeated.
                break;
            default:
                _refusal = (ack.Type, at);
                _settledAt = at;
                ReadBack();
                break;
        }
    }

    public void OnCount(in MissionCount message) => _readBack?.OnCount(message);

    public void OnItem(in MissionItemInt item) => _readBack?.OnItem(item);

    public void OnItem(in MissionItem item) => _readBack?.OnItem(item);

    public void Tick()
    {
        switch (_stage)
        {
            case Stage.Announcing when _talk.Now >= _nextAt:
                if (_tries < _talk.Options.PlanTries)
                {
                    Announce();
                }
                else
                {
                    _trouble = "the vehicle does not answer the announcement of the plan";
                    ReadBack();
                }

                break;
            case Stage.Sending:
                TickSending();
                break;
            case Stage.ReadingBack:
                TickReadBack();
                break;
            case Stage.Settling:
                TickSettling();
                break;
        }
    }

    /// <summary>Tells the vehicle that the upload is off.</summary>
    public void Cancel()
    {
        _talk.Outbox.TryAdd(new MissionAck
        {
            TargetSystem = _talk.Key.SystemId,
            TargetComponent = _talk.Component,
            Type = MavMissionResult.OperationCancelled,
            MissionType = _type,
        });
        _stage = Stage.Ended;
    }

    private void TickSending()
    {
        var quiet = _talk.Now - _progressAt;
        if (AllAsked && _lastSeq == _wire.Length - 1)
        {
            // Never sent again unasked: a late copy of the last item is answered with ERROR after all went well.
            if (quiet < FinalWait)
                return;
            _trouble = "the vehicle did not answer the last item";
            ReadBack();
        }
        else if (quiet >= _talk.Options.UploadStall)
        {
            StartOver("the vehicle stopped asking");
        }
        else if (_talk.Now >= _nextAt)
        {
            SendItem(_lastSeq);
        }
    }

    private void StartOver(string trouble)
    {
        _trouble = trouble;
        if (IsClearing || ++_attempts >= _talk.Options.UploadAttempts)
        {
            ReadBack();
            return;
        }

        Array.Clear(_asked);
        _tries = 0;
        _lastSeq = -1;
        Announce();
    }

    private void Announce()
    {
        _stage = Stage.Announcing;
        _tries++;
        _nextAt = _talk.Now + _talk.Options.PlanTimeout;
        if (IsClearing)
        {
            _talk.Outbox.TryAdd(new MissionClearAll
            {
                TargetSystem = _talk.Key.SystemId,
                TargetComponent = _talk.Component,
                MissionType = _type,
            });
            return;
        }

        _talk.Outbox.TryAdd(new MissionCount
        {
            TargetSystem = _talk.Key.SystemId,
            TargetComponent = _talk.Component,
            Count = (ushort)_wire.Length,
            MissionType = _type,
        });
    }

    private void SendItem(int seq)
    {
        var item = _wire[seq];
        item.TargetSystem = _talk.Key.SystemId;
        item.TargetComponent = _talk.Component;
        _talk.Outbox.TryAdd(item);
        _asked[seq] = true;
        _lastSeq = seq;
        _nextAt = _talk.Now + ResendAfter;
    }

    private static MissionItemInt[] ToWire(Conversation talk, MavMissionType type, IReadOnlyList<MissionItemInt> items, bool homeFirst)
    {
        var first = homeFirst && items.Count > 0 ? 1 : 0;
        var wire = new MissionItemInt[items.Count + first];
        if (first == 1)
            wire[0] = HomeItem(talk.State);
        for (var i = first; i < wire.Length; i++)
            wire[i] = items[i - first];
        for (var i = 0; i < wire.Length; i++)
        {
            wire[i].Seq = (ushort)i;
            wire[i].MissionType = type;
        }

        return wire;
    }

    /// <summary>An ArduPilot overwrites it with its own home; where that is known it is sent, to be harmless in any case.</summary>
    private static MissionItemInt HomeItem(VehicleState state)
    {
        var point = state.Home?.Value.Point ?? state.Position?.Value.Point ?? default;
        return new()
        {
            Command = MavCmd.NavWaypoint,
            Frame = MavFrame.Global,
            X = point.LatitudeE7,
            Y = point.LongitudeE7,
            Z = (float)(state.Home?.Value.Amsl.Metres ?? 0),
            Autocontinue = 1,
        };
    }
}
