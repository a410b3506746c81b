using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>AUTO: which item is flown, what was reached, jumps, and the commands between the legs.</summary>
internal sealed partial class Copter
{
    private readonly Dictionary<int, int> _jumps = [];
    private int _missionIndex;
    private bool _isMissionStarted;
    private bool _isMissionComplete;
    private bool _isHoldingAtItem;
    private double _itemDoneAt;
    private double _turnsLeft;
    private double _circleRadius;
    private int _actionIndex;
    private int _actionEnd;
    private double _actionNotBefore;
    private double _actionWithin;
    private Ned? _roi;

    /// <summary>The item that is flown, or would be next.</summary>
    public int MissionIndex => _missionIndex;

    public int MissionTotal => Math.Max(0, Plans.Mission.Count - 1);

    public MissionState MissionState =>
        MissionTotal == 0 ? MissionState.NoMission
        : _isMissionComplete ? MissionState.Complete
        : Mode != CopterMode.Auto ? MissionState.NotStarted
        : _isPaused ? MissionState.Paused
        : MissionState.Active;

    private PlanItem CurrentItem => Plans.Mission[_missionIndex];

    private bool IsMissionTakingOff => _isTakingOff;

    /// <summary>MISSION_START: into AUTO, and off the ground when armed.</summary>
    public bool TryStartMission()
    {
        if (Mode != CopterMode.Auto && !TrySetMode(CopterMode.Auto))
            return false;
        _isMissionStarted = true;
        if (IsLanded)
            ResumeMission();
        return true;
    }

    /// <summary>DO_SET_MISSION_CURRENT and MISSION_SET_CURRENT.</summary>
    public bool TrySetMissionIndex(int index)
    {
        if (index < 0 || index >= Plans.Mission.Count)
            return false;
        _missionIndex = index;
        _isMissionComplete = false;
        if (Mode == CopterMode.Auto)
            BeginFrom(Math.Max(1, index));
        return true;
    }

    /// <returns>False where the vehicle is not on a leg.</returns>
    public bool TryPause()
    {
        if (Mode == CopterMode.Guided && !IsLanded)
        {
            _holdPoint = StoppingPoint();
            _guidedTask = GuidedTask.Hold;
            return true;
        }

        if (Mode != CopterMode.Auto || IsLanded || _leg is null || _isHoldingAtItem)
            return false;
        _isPaused = true;
        return true;
    }

    public bool TryContinue()
    {
        _isPaused = false;
        return true;
    }

    /// <summary>An item was written into storage.</summary>
    public void OnMissionStored(int index)
    {
        _isMissionComplete = false;
        if (_missionIndex >= Plans.Mission.Count)
            _missionIndex = 0;
        // In AUTO each item that lands in storage restarts the command that is being flown.
        if (Mode != CopterMode.Auto || !IsArmed || IsLanded || index == 0 || _missionIndex == 0)
            return;
        BeginFrom(_missionIndex);
        _downlink.Text(MavSeverity.Critical, "Auto mission changed, restarted command");
    }

    public void OnMissionCleared()
    {
        _missionIndex = 0;
        _isMissionComplete = false;
        _jumps.Clear();
    }

    private void ResetMission()
    {
        OnMissionCleared();
        _isMissionStarted = false;
        _isPaused = false;
        _roi = null;
        _leg = null;
    }

    private void ResumeMission()
    {
        _isPaused = false;
        if (MissionTotal == 0)
        {
            _isMissionComplete = true;
            return;
        }

        if (_missionIndex == 0 || _isMissionComplete || _parameters[Known.MissionRestart] > 0)
        {
            _jumps.Clear();
            _isMissionComplete = false;
            BeginFrom(1);
        }
        else
        {
            BeginFrom(_missionIndex);
        }
    }

    /// <summary>Looks for the next navigation item, following jumps, and starts it. What lies in between is done on the way.</summary>
    private void BeginFrom(int index)
    {
        var items = Plans.Mission;
        var first = index;
        for (var guard = 0; index < items.Count && guard < 1000; guard++)
        {
            var item = items[index];
            if (item.IsNavigation)
            {
                _missionIndex = index;
                RunActions(first, index);
                BeginItem(item);
                return;
            }

            if (item.Command == MavCmd.DoJump && TryJump(index, item, out var target))
            {
                RunActions(first, index);
                index = first = target;
                continue;
            }

            index++;
        }

        RunActions(first, items.Count);
        CompleteMission();
    }

    private bool TryJump(int index, in PlanItem item, out int target)
    {
        target = (int)item.Param1;
        var done = _jumps.GetValueOrDefault(index);
        if (target <= 0 || target >= Plans.Mission.Count || (item.Param2 >= 0 && done >= (int)item.Param2))
            return false;
        _jumps[index] = done + 1;
        return true;
    }

    private void CompleteMission()
    {
        _isMissionComplete = true;
        _leg = null;
        _isHoldingAtItem = true;
        _itemDoneAt = double.MaxValue;
        _holdPoint = StoppingPoint();
        if (IsArmed && IsLanded)
            Disarm();
    }

    private void BeginItem(in PlanItem item)
    {
        _downlink.Text(MavSeverity.Info, $"Mission: {_missionIndex} {item.Name}");
        _isHoldingAtItem = false;
        _isFinalDescent = false;
        _isTakingOff = false;
        _itemDoneAt = double.MaxValue;
        switch (item.Command)
        {
            case MavCmd.NavTakeoff:
                _leg = null;
                var down = Math.Min(_home.Down - item.Altitude, IsLanded ? 0 : Airframe.Position.Down);
                if (IsLanded)
                {
                    if (IsArmed && MayLeaveGround)
                        BeginTakeoff(down);
                }
                else
                {
                    BeginTakeoff(down);
                }

                break;

            case MavCmd.NavReturnToLaunch:
                _leg = null;
                BeginReturn();
                break;

            case MavCmd.NavDelay:
                HoldHere();
                _itemDoneAt = Time + Math.Max(0, item.Param1);
                break;

            case MavCmd.NavLand when !item.HasPlace:
                HoldHere();
                break;

            default:
                BeginLeg(TargetOf(item));
                break;
        }
    }

    private bool MayLeaveGround => _isMissionStarted || ((int)_parameters[Known.AutoOptions] & 2) != 0;

    private void HoldHere()
    {
        _guide.Take(Airframe);
        _holdPoint = StoppingPoint();
        _leg = null;
        _isHoldingAtItem = true;
    }

    /// <summary>Where an item lies: no coordinates mean the present place, no altitude the present one.</summary>
    private Ned TargetOf(in PlanItem item)
    {
        var here = _leg?.End ?? StoppingPoint();
        var target = item.HasPlace ? Frame.ToLocal(item.Place, Frame.AltitudeAmsl) : here;
        var keepsHeight = item.Command == MavCmd.NavLand || (item.Altitude == 0 && !item.HasPlace);
        return target with { Down = keepsHeight ? here.Down : DownOf(item.Frame, item.Altitude) };
    }

    private void FlyMission(double dt)
    {
        StepActions();
        if (_isTakingOff)
        {
            if (FlyTakeoff(dt))
            {
                _isTakingOff = false;
                ReachItem(announce: false);
            }

            return;
        }

        var command = _isMissionComplete || _missionIndex >= Plans.Mission.Count ? MavCmd.NavLoiterUnlim : CurrentItem.Command;
        if (command == MavCmd.NavReturnToLaunch)
            FlyReturn(dt);
        else if (_isHoldingAtItem)
            FlyHold(dt, command);
        else
            FlyLeg(dt, command);
        FaceRegionOfInterest();
    }

    private void FlyHold(double dt, MavCmd command)
    {
        if (command == MavCmd.NavLand)
        {
            HoldOverGround(dt);
            _isFinalDescent = true;
            Descend(dt);
            return;
        }

        if (command == MavCmd.NavLoiterTurns && _turnsLeft > 0)
        {
            var before = _circleAngle;
            FlyCircle(dt, Math.Abs(_circleRadius), _circleRadius > 0);
            _guide.ClimbAt(dt, 0, VerticalAcceleration);
            _turnsLeft -= Math.Abs(_circleAngle - before) / (2 * Math.PI);
            if (_turnsLeft <= 0)
                _itemDoneAt = Time;
        }
        else
        {
            HoldOverGround(dt);
            _guide.ClimbAt(dt, 0, VerticalAcceleration);
        }

        if (Time >= _itemDoneAt)
            ReachItem(announce: true);
    }

    /// <summary>The leg to an item has ended; what is to be done there begins.</summary>
    private void ArriveAtItem()
    {
        var item = CurrentItem;
        _holdPoint = _leg!.End;
        _isHoldingAtItem = true;
        switch (item.Command)
        {
            case MavCmd.NavLoiterTime:
                _itemDoneAt = Time + item.Param1;
                break;
            case MavCmd.NavLoiterTurns:
                _circleRadius = item.Param3 != 0 ? item.Param3 : _parameters[Known.CircleRadius] / 100;
                _turnsLeft = item.Param1;
                BeginCircle(_holdPoint);
                break;
            case MavCmd.NavLoiterUnlim or MavCmd.NavLand:
                break;
            default:
                // The autopilot counts whole seconds from the one it arrived in: half a second more on average.
                _itemDoneAt = Time + (item.Param1 > 0 ? item.Param1 + 0.5 : 0);
                break;
        }
    }

    private void ReachItem(bool announce)
    {
        var reached = _missionIndex;
        AnnounceReached(reached, announce);
        if (IsLanded && Mode == CopterMode.Auto && !IsArmed)
            return;
        BeginFrom(reached + 1);
    }

    private void AnnounceReached(int index, bool withText)
    {
        _downlink.Send(new MissionItemReached { Seq = (ushort)index });
        if (withText)
            _downlink.Text(MavSeverity.Info, $"Reached command #{index}");
    }

    private void FinishMissionLanding()
    {
        if (_missionIndex < Plans.Mission.Count)
            AnnounceReached(_missionIndex, withText: false);
        if (Plans.NextNavigation(_missionIndex + 1) < 0)
            _isMissionComplete = true;
    }

    private void FaceRegionOfInterest()
    {
        if (_roi is { } roi)
            _heading = Bearing(Airframe.Position, roi);
    }
}
