using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Tests.Vehicles;

/// <summary>What goes wrong in a plan transfer. Tests loop over all values, so that a new one is tested without being asked for.</summary>
public enum PlanFault
{
    None,
    ListNeverAnswered,
    ListAnsweredOnSecondAsking,
    Item0NeverSent,
    Item1NeverSent,
    Item1SentOnSecondAsking,
    Item0WithWrongNumber,
    Item1WithWrongNumber,
    Item0Refused,
    Item1Refused,
    CountNeverAnswered,
    CountAnsweredOnSecondAsking,
    Item1NeverAskedFor,
    Item0AskedForWithWrongNumber,
    Item1AskedForWithWrongNumber,
    ErrorInsteadOfAskingForItem0,
    ErrorInsteadOfAskingForItem1,
    NoFinalAnswer,
    FinalError,
    FinalAnswerBeforeAllItems,
    NumberBeyondTheEndAskedFor,
    LastItemAskedForForEver,
    AcknowledgementWhileIdle,
    ItemWhileIdle,
    RequestWhileIdle,
    SequenceNacksInBetween,
    LateErrorAfterSuccess,
}

/// <summary>The vehicle's side of the mission protocol as an ArduPilot plays it (asks by MISSION_REQUEST, again each second, gives up after eight;
/// stores item by item; item 0 is home), with one fault and with loss both ways.</summary>
internal sealed class FaultyVehicle
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(8);

    private readonly Bench _bench;
    private readonly Random _random;
    private readonly double _loss;
    private readonly Dictionary<PlanFault, int> _seen = [];
    private MavMissionType _type;
    private int _expected;
    private int _next;
    private bool _receiving;
    private DateTimeOffset _askedAt;
    private DateTimeOffset _itemAt;

    public FaultyVehicle(Bench bench, PlanFault fault = PlanFault.None, double loss = 0, int seed = 1)
    {
        _bench = bench;
        _random = new(seed);
        _loss = loss;
        Fault = fault;
        bench.OnSent = OnMessage;
        bench.OnStep = OnStep;
    }

    public PlanFault Fault { get; set; }

    /// <summary>Answer with this instead of taking an item of that number.</summary>
    public (int Seq, MavMissionResult Result, string Text)? Refusal { get; set; }

    public bool IsArduPilot { get; init; } = true;

    public Dictionary<MavMissionType, List<MissionItemInt>> Stored { get; } = new()
    {
        [MavMissionType.Mission] = [],
        [MavMissionType.Fence] = [],
        [MavMissionType.Rally] = [],
    };

    public int Received { get; private set; }

    private void OnMessage(OutgoingMessage message)
    {
        Received++;
        if (_random.NextDouble() < _loss)
            return;
        if (message.Is<MissionCount>())
            OnCount(message.Decode<MissionCount>());
        else if (message.Is<MissionItemInt>())
            OnItem(message.Decode<MissionItemInt>());
        else if (message.Is<MissionRequestList>())
            OnList(message.Decode<MissionRequestList>().MissionType);
        else if (message.Is<MissionRequestInt>())
            OnRead(message.Decode<MissionRequestInt>());
        else if (message.Is<MissionClearAll>())
            OnClear(message.Decode<MissionClearAll>().MissionType);
    }

    private void OnStep(DateTimeOffset now)
    {
        if (Fault == PlanFault.AcknowledgementWhileIdle)
            Ack(MavMissionResult.Accepted);
        else if (Fault == PlanFault.ItemWhileIdle)
            Send(new MissionItemInt { TargetSystem = 255, TargetComponent = 190, Seq = 77 });
        else if (Fault == PlanFault.RequestWhileIdle && !_receiving)
            Send(new MissionRequest { TargetSystem = 255, TargetComponent = 190, Seq = 1, MissionType = MavMissionType.Rally });
        if (!_receiving)
            return;
        if (now - _itemAt >= GiveUp)
        {
            _receiving = false;
            Ack(MavMissionResult.OperationCancelled);
        }
        else if (now - _askedAt >= AskAgain)
        {
            Ask();
        }
    }

    private void OnCount(in MissionCount count)
    {
        if (Fault == PlanFault.CountNeverAnswered || FirstTime(PlanFault.CountAnsweredOnSecondAsking))
            return;
        _type = count.MissionType;
        _expected = count.Count;
        _next = 0;
        _receiving = true;
        _itemAt = _bench.Now;
        var stored = Stored[_type];
        if (stored.Count > _expected)
            stored.RemoveRange(_expected, stored.Count - _expected);
        Ask();
    }

    private void OnItem(in MissionItemInt item)
    {
        if (!_receiving)
        {
            Ack(MavMissionResult.Error);
            return;
        }

        if (item.Seq != _next)
        {
            Ack(MavMissionResult.InvalidSequence);
            return;
        }

        if (Refusal is { } refusal && refusal.Seq == item.Seq)
        {
            _receiving = false;
            Ack(refusal.Result);
            _bench.Reply(new Statustext { Severity = MavSeverity.Warning, Text = refusal.Text });
            return;
        }

        var stored = Stored[_type];
        if (item.Seq < stored.Count)
            stored[item.Seq] = item;
        else
            stored.Add(item);
        _next++;
        _itemAt = _bench.Now;
        if (Fault == PlanFault.SequenceNacksInBetween)
            Ack(MavMissionResult.InvalidSequence);
        if (Fault == PlanFault.FinalAnswerBeforeAllItems && _next == 2)
            End(MavMissionResult.Accepted);
        else if (Fault == PlanFault.LastItemAskedForForEver && _next == _expected)
            _next--;
        else if (_next == _expected)
            Finish();
        else
            Ask();
    }

    private void Finish()
    {
        switch (Fault)
        {
            case PlanFault.NoFinalAnswer:
                _receiving = false;
                break;
            case PlanFault.FinalError:
                End(MavMissionResult.Error);
                break;
            case PlanFault.LateErrorAfterSuccess:
                End(MavMissionResult.Accepted);
                Ack(MavMissionResult.Error);
                break;
            default:
                End(MavMissionResult.Accepted);
                break;
        }
    }

    private void Ask()
    {
        _askedAt = _bench.Now;
        switch (Fault)
        {
            case PlanFault.Item1NeverAskedFor when _next == 1:
                return;
            case PlanFault.Item0AskedForWithWrongNumber when _next == 0:
            case PlanFault.Item1AskedForWithWrongNumber when _next == 1:
                Request(_next + 1);
                return;
            case PlanFault.NumberBeyondTheEndAskedFor when _next == 1:
                Request(_expected + 5);
                return;
            case PlanFault.ErrorInsteadOfAskingForItem0 when _next == 0:
            case PlanFault.ErrorInsteadOfAskingForItem1 when _next == 1:
                End(MavMissionResult.Error);
                return;
            default:
                Request(_next);
                return;
        }
    }

    private void OnList(MavMissionType type)
    {
        if (_receiving)
        {
            Ack(MavMissionResult.Denied);
            return;
        }

        if (Fault == PlanFault.ListNeverAnswered || FirstTime(PlanFault.ListAnsweredOnSecondAsking))
            return;
        Send(new MissionCount { TargetSystem = 255, TargetComponent = 190, MissionType = type, Count = (ushort)Stored[type].Count });
    }

    private void OnRead(in MissionRequestInt request)
    {
        var seq = request.Seq;
        switch (Fault)
        {
            case PlanFault.Item0NeverSent when seq == 0:
            case PlanFault.Item1NeverSent when seq == 1:
                return;
            case PlanFault.Item1SentOnSecondAsking when seq == 1 && FirstTime(PlanFault.Item1SentOnSecondAsking):
                return;
            case PlanFault.Item0Refused when seq == 0:
            case PlanFault.Item1Refused when seq == 1:
                Ack(MavMissionResult.Error, request.MissionType);
                return;
        }

        var stored = Stored[request.MissionType];
        if (seq >= stored.Count)
        {
            Send(new MissionCount { TargetSystem = 255, TargetComponent = 190, MissionType = request.MissionType, Count = (ushort)stored.Count });
            Ack(MavMissionResult.InvalidSequence, request.MissionType);
            return;
        }

        var item = AsReadBack(stored[seq], request.MissionType, seq);
        if ((Fault == PlanFault.Item0WithWrongNumber && seq == 0) || (Fault == PlanFault.Item1WithWrongNumber && seq == 1))
            item.Seq++;
        Send(item);
    }

    private void OnClear(MavMissionType type)
    {
        Stored[type].Clear();
        _type = type;
        Ack(MavMissionResult.Accepted);
    }

    /// <summary>What a round trip through an ArduPilot changes.</summary>
    private MissionItemInt AsReadBack(MissionItemInt item, MavMissionType type, int seq)
    {
        item.TargetSystem = 255;
        item.TargetComponent = 190;
        if (!IsArduPilot)
            return item;
        item.Frame = item.Frame switch
        {
            MavFrame.GlobalRelativeAltInt => MavFrame.GlobalRelativeAlt,
            MavFrame.GlobalTerrainAltInt => MavFrame.GlobalTerrainAlt,
            MavFrame.GlobalInt => MavFrame.Global,
            _ => item.Frame,
        };
        item.Z = MathF.Round(item.Z, 2);
        if (type == MavMissionType.Fence)
        {
            item.Frame = MavFrame.Global;
            item.Autocontinue = 0;
        }
        else if (type == MavMissionType.Mission && seq == 0)
        {
            item = item with { Frame = MavFrame.Global, X = 245105000, Y = 1176550000, Z = 10.09f };
        }
        else if (item.Command == MavCmd.NavReturnToLaunch)
        {
            item.Frame = MavFrame.Global;
        }

        return item;
    }

    private bool FirstTime(PlanFault fault)
    {
        if (Fault != fault)
            return false;
        _seen[fault] = _seen.GetValueOrDefault(fault) + 1;
        return _seen[fault] == 1;
    }

    private void Request(int seq)
    {
        if (IsArduPilot)
            Send(new MissionRequest { TargetSystem = 255, TargetComponent = 190, Seq = (ushort)seq, MissionType = _type });
        else
            Send(new MissionRequestInt { TargetSystem = 255, TargetComponent = 190, Seq = (ushort)seq, MissionType = _type });
    }

    private void End(MavMissionResult result)
    {
        _receiving = false;
        Ack(result);
    }

    private void Ack(MavMissionResult result) => Ack(result, _type);

    private void Ack(MavMissionResult result, MavMissionType type) =>
        Send(new MissionAck { TargetSystem = 255, TargetComponent = 190, Type = result, MissionType = type });

    private void Send<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (_random.NextDouble() >= _loss)
            _bench.Reply(message);
    }
}
