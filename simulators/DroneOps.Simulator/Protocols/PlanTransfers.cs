using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>Upload and download of missions, fences and rally points, the autopilot's side. It asks with MISSION_REQUEST, writes each item
/// through as it comes, and gives up after 8 s; nothing is undone then.</summary>
internal sealed partial class PlanTransfers(Copter copter, ParameterTable parameters, Downlink downlink)
{
    private const long RepeatUs = 1_000_000;
    private const long GiveUpUs = 8_000_000;

    /// <summary>The fence plan is indexed this long after its last item was stored.</summary>
    private const long FenceLoadUs = 40_000;

    private MavlinkAddress _uploader;
    private MavMissionType _type;
    private bool _isReceiving;
    private int _expected;
    private int _last;
    private long _lastItem;
    private long _repeatAt = long.MaxValue;
    private long _loadFenceAt = long.MaxValue;
    private bool _warnedAboutRequest;
    private bool _warnedAboutItem;

    public long NextDue => Math.Min(_repeatAt, _loadFenceAt);

    public void Forget()
    {
        _isReceiving = false;
        _repeatAt = _loadFenceAt = long.MaxValue;
        _warnedAboutItem = _warnedAboutRequest = false;
    }

    public void OnCount(in MissionCount message, MavlinkAddress sender, long now)
    {
        if (!IsSupported(message.MissionType))
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Unsupported);
            return;
        }

        if (_isReceiving && sender != _uploader)
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Denied);
            return;
        }

        if (message.Count > PlanStore.MaxItems)
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.NoSpace);
            downlink.Text(MavSeverity.Warning, $"Only {PlanStore.MaxItems} items are supported");
            return;
        }

        var items = copter.Plans.Of(message.MissionType);
        if (items.Count > message.Count)
            items.RemoveRange(message.Count, items.Count - message.Count);
        if (message.MissionType == MavMissionType.Fence)
            copter.Fence.Unload();
        _uploader = sender;
        _type = message.MissionType;
        _last = message.Count - 1;
        _expected = 0;
        if (message.Count == 0)
        {
            if (_type == MavMissionType.Mission)
                copter.OnMissionCleared();
            Finish(now);
            return;
        }

        Receive(now);
    }

    public void OnPartial(in MissionWritePartialList message, MavlinkAddress sender, long now)
    {
        var items = copter.Plans.Of(message.MissionType);
        if (_isReceiving || message.StartIndex < 0 || message.EndIndex < message.StartIndex || message.EndIndex >= items.Count)
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Denied);
            return;
        }

        _uploader = sender;
        _type = message.MissionType;
        _expected = message.StartIndex;
        _last = message.EndIndex;
        Receive(now);
    }

    public void OnItem(in MissionItemInt item, MavlinkAddress sender, long now)
    {
        if (!_isReceiving)
        {
            // A late duplicate after the end: an error that no longer concerns the finished upload.
            Acknowledge(sender, item.MissionType, MavMissionResult.Error);
            return;
        }

        if (sender != _uploader || item.MissionType != _type)
        {
            Acknowledge(sender, item.MissionType, MavMissionResult.Denied);
            return;
        }

        if (item.Seq != _expected)
        {
            Acknowledge(sender, item.MissionType, MavMissionResult.InvalidSequence);
            return;
        }

        var verdict = Convert(item, out var stored);
        if (verdict != MavMissionResult.Accepted)
        {
            End();
            Acknowledge(sender, item.MissionType, verdict);
            if (_type == MavMissionType.Mission)
                copter.OnMissionStored(0);
            return;
        }

        Store(item.Seq, stored);
        _expected++;
        if (_expected > _last)
        {
            Finish(now);
            return;
        }

        _lastItem = now;
        Request(now);
    }

    /// <summary>The float form is understood and frowned upon.</summary>
    public void OnItem(in MissionItem item, MavlinkAddress sender, long now)
    {
        if (!_warnedAboutItem)
        {
            _warnedAboutItem = true;
            downlink.Text(MavSeverity.Warning, "got MISSION_ITEM; GCS should send MISSION_ITEM_INT");
        }

        var whole = new MissionItemInt
        {
            Seq = item.Seq,
            Frame = item.Frame,
            Command = item.Command,
            Current = item.Current,
            Autocontinue = item.Autocontinue,
            Param1 = item.Param1,
            Param2 = item.Param2,
            Param3 = item.Param3,
            Param4 = item.Param4,
            X = (int)Math.Clamp(Math.Round((double)item.X * 1e7), int.MinValue, int.MaxValue),
            Y = (int)Math.Clamp(Math.Round((double)item.Y * 1e7), int.MinValue, int.MaxValue),
            Z = item.Z,
            MissionType = item.MissionType,
        };
        OnItem(in whole, sender, now);
    }

    public void OnClear(in MissionClearAll message, MavlinkAddress sender)
    {
        if (!IsSupported(message.MissionType))
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Unsupported);
            return;
        }

        if (message.MissionType == MavMissionType.Mission && copter is { Mode: CopterMode.Auto, IsArmed: true })
        {
            Acknowledge(sender, message.MissionType, MavMissionResult.Error);
            return;
        }

        copter.Plans.Of(message.MissionType).Clear();
        if (message.MissionType == MavMissionType.Mission)
            copter.OnMissionCleared();
        Acknowledge(sender, message.MissionType, MavMissionResult.Accepted);
        if (message.MissionType == MavMissionType.Fence)
        {
            copter.Fence.Unload();
            downlink.Text(MavSeverity.Debug, "Fence Indexed OK");
        }

        UpdateTotals();
    }

    /// <summary>Repeats a request that stays unanswered, gives up in the end, and indexes a new fence.</summary>
    public void Step(long now)
    {
        if (now >= _loadFenceAt)
        {
            if (copter.IsHomeSet)
                copter.Fence.Load();
            _loadFenceAt = long.MaxValue;
        }

        if (now < _repeatAt)
            return;
        if (now - _lastItem >= GiveUpUs)
        {
            End();
            Acknowledge(_uploader, _type, MavMissionResult.OperationCancelled);
            // What was stored stays; the plan ends where the upload stopped.
            var items = copter.Plans.Of(_type);
            if (items.Count > _expected && _type == MavMissionType.Mission)
                items.RemoveRange(_expected, items.Count - _expected);
            downlink.Text(MavSeverity.Warning, "Mission upload timeout");
            return;
        }

        Request(now);
    }

    private static bool IsSupported(MavMissionType type) => type is MavMissionType.Mission or MavMissionType.Fence or MavMissionType.Rally;

    private void Receive(long now)
    {
        _isReceiving = true;
        _lastItem = now;
        Request(now);
    }

    private void Request(long now)
    {
        downlink.Send(new MissionRequest
        {
            Seq = (ushort)_expected,
            TargetSystem = _uploader.SystemId,
            TargetComponent = _uploader.ComponentId,
            MissionType = _type,
        });
        _repeatAt = now + RepeatUs;
    }

    private void Store(int index, in PlanItem item)
    {
        var items = copter.Plans.Of(_type);
        if (index < items.Count)
            items[index] = item;
        else
            items.Add(item);
        if (_type == MavMissionType.Mission)
            copter.OnMissionStored(index);
    }

    private void End()
    {
        _isReceiving = false;
        _repeatAt = long.MaxValue;
    }

    private void Finish(long now)
    {
        End();
        if (_type == MavMissionType.Fence && ValidateFence() is { } complaint)
        {
            copter.Plans.Fence.Clear();
            Acknowledge(_uploader, _type, MavMissionResult.Error);
            downlink.Text(complaint.Severity, complaint.Text);
            downlink.Text(MavSeverity.Warning, "Fence validation failed");
            UpdateTotals();
            return;
        }

        Acknowledge(_uploader, _type, MavMissionResult.Accepted);
        switch (_type)
        {
            case MavMissionType.Mission:
                downlink.Text(MavSeverity.Info, "Flight plan received");
                break;
            case MavMissionType.Fence:
                downlink.Text(MavSeverity.Debug, "Fence Indexed OK");
                _loadFenceAt = now + FenceLoadUs;
                break;
        }

        UpdateTotals();
    }

    private void UpdateTotals()
    {
        parameters.Set(Known.MissionTotal, copter.MissionTotal);
        parameters.Set(Known.FenceTotal, copter.Plans.Fence.Count);
        parameters.Set(Known.RallyTotal, copter.Plans.Rally.Count);
    }

    private void Acknowledge(MavlinkAddress to, MavMissionType type, MavMissionResult result) => downlink.Send(new MissionAck
    {
        TargetSystem = to.SystemId,
        TargetComponent = to.ComponentId,
        Type = result,
        MissionType = type,
    });
}
