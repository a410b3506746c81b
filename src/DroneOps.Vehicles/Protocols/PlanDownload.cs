using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles.Protocols;

/// <summary>Reads one plan (MAVLink mission protocol, "download"): count, then item by item. What comes out of order is dropped and asked for
/// again. It ends with items, with the vehicle's refusal or with a reason.</summary>
internal sealed class PlanDownload
{
    private const int MostRestarts = 3;

    private readonly Conversation _talk;
    private readonly MavMissionType _type;
    private readonly bool _afterUpload;
    private readonly List<MissionItemInt> _items = [];
    private int? _count;
    private int _tries;
    private int _restarts;
    private TimeSpan _wait;
    private DateTimeOffset _nextAt;

    /// <summary>Begins.</summary>
    /// <param name="talk">The conversation.</param>
    /// <param name="type">Which plan.</param>
    /// <param name="afterUpload">An upload went before: a late ERROR still belongs to that (a copy of its last item gets one), and the
    /// count is asked for again anyway.</param>
    public PlanDownload(Conversation talk, MavMissionType type, bool afterUpload)
    {
        _talk = talk;
        _type = type;
        _afterUpload = afterUpload;
        AskCount();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The plan as it is numbered on the wire; null where it was not read.</summary>
    public IReadOnlyList<MissionItemInt>? Items => HasEnded && Reason is null && Refusal is null ? _items : null;

    /// <summary>What the vehicle refused with.</summary>
    public MavMissionResult? Refusal { get; private set; }

    /// <summary>Why it broke off.</summary>
    public string? Reason { get; private set; }

    /// <summary>The vehicle is busy with another transfer.</summary>
    public bool IsBusy => Refusal is MavMissionResult.Denied or MavMissionResult.Invalid && _count is null;

    public void OnCount(in MissionCount message)
    {
        if (HasEnded || message.MissionType != _type || _count == message.Count)
            return;
        // A different count in the middle: the plan was changed under our hands.
        if (_count is not null && ++_restarts > MostRestarts)
        {
            Fail("the plan on board keeps changing");
            return;
        }

        _count = message.Count;
        _items.Clear();
        _tries = 0;
        Continue();
    }

    public void OnItem(in MissionItemInt item)
    {
        if (HasEnded || _count is null || item.MissionType != _type || item.Seq != _items.Count)
            return;
        _items.Add(item);
        _tries = 0;
        Continue();
    }

    /// <summary>An old autopilot answers with floating-point degrees.</summary>
    public void OnItem(in MissionItem item) => OnItem(new MissionItemInt
    {
        Param1 = item.Param1,
        Param2 = item.Param2,
        Param3 = item.Param3,
        Param4 = item.Param4,
        X = (int)Math.Round(item.X * GeoPoint.DegE7),
        Y = (int)Math.Round(item.Y * GeoPoint.DegE7),
        Z = item.Z,
        Seq = item.Seq,
        Command = item.Command,
        Frame = item.Frame,
        Current = item.Current,
        Autocontinue = item.Autocontinue,
        MissionType = item.MissionType,
    });

    public void OnAck(in MissionAck ack)
    {
        // Accepted means nothing here, and a wrong sequence number is followed by the true count.
        if (HasEnded || ack.MissionType != _type || ack.Type is MavMissionResult.Accepted or MavMissionResult.InvalidSequence)
            return;
        if (_count is null && ack.Type is MavMissionResult.Denied or MavMissionResult.Invalid && _tries < _talk.Options.PlanTries)
            return;
        if (_count is null && _afterUpload && ack.Type == MavMissionResult.Error)
            return;
        Refusal = ack.Type;
        HasEnded = true;
    }

    public void Tick()
    {
        if (HasEnded || _talk.Now < _nextAt)
            return;
        if (_count is null)
        {
            if (_tries >= _talk.Options.PlanTries)
                Fail("the vehicle does not tell how many items it has");
            else
                AskCount();
        }
        else if (_tries >= _talk.Options.PlanItemTries)
        {
            Fail($"the vehicle does not send item {_items.Count} of {_count}");
        }
        else
        {
            AskItem();
        }
    }

    private void Continue()
    {
        if (_items.Count < _count)
        {
            AskItem();
            return;
        }

        _talk.Outbox.TryAdd(new MissionAck
        {
            TargetSystem = _talk.Key.SystemId,
            TargetComponent = _talk.Component,
            Type = MavMissionResult.Accepted,
            MissionType = _type,
        });
        HasEnded = true;
    }

    private void AskCount()
    {
        _tries++;
        _nextAt = _talk.Now + _talk.Options.PlanTimeout;
        _talk.Outbox.TryAdd(new MissionRequestList
        {
            TargetSystem = _talk.Key.SystemId,
            TargetComponent = _talk.Component,
            MissionType = _type,
        });
    }

    private void AskItem()
    {
        _wait = _tries == 0 ? _talk.Options.PlanItemTimeout : _wait * 2 < _talk.Options.PlanTimeout ? _wait * 2 : _talk.Options.PlanTimeout;
        _tries++;
        _nextAt = _talk.Now + _wait;
        _talk.Outbox.TryAdd(new MissionRequestInt
        {
            TargetSystem = _talk.Key.SystemId,
            TargetComponent = _talk.Component,
            Seq = (ushort)_items.Count,
            MissionType = _type,
        });
    }

    private void Fail(string reason)
    {
        Reason = reason;
        HasEnded = true;
    }
}
