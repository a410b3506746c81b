using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator;

/// <summary>What the vehicle makes of what it hears.</summary>
internal sealed partial class SimulatedCopter
{
    private void Receive(ReadOnlySpan<byte> datagram)
    {
        if (!_copter.IsTalking)
            return;
        _copter.SetTime(BootSeconds);
        var scanner = new FrameScanner(datagram, MessageCatalog.Default, isFinal: true);
        while (scanner.TryRead(out var frame))
        {
            if (frame.IsKnown && IsForUs(frame))
                Handle(frame);
        }
    }

    /// <summary>A target system other than ours is ignored without a word; the target component does not matter.</summary>
    private bool IsForUs(in MavlinkFrame frame)
    {
        if (!MessageCatalog.Default.TryFind(frame.MessageId, out var message) || message.TargetSystemOffset < 0)
            return true;
        var payload = frame.Payload;
        var target = message.TargetSystemOffset < payload.Length ? payload[message.TargetSystemOffset] : (byte)0;
        return target == 0 || target == _setup.SystemId;
    }

    private void Handle(in MavlinkFrame frame)
    {
        var sender = new MavlinkAddress(frame.SystemId, frame.ComponentId);
        switch (frame.MessageId)
        {
            case Heartbeat.MsgId:
                if (frame.SystemId == (byte)_parameters[Known.GcsSysid])
                    _copter.OnGcsHeartbeat();
                break;
            case CommandLong.MsgId:
                _commands.OnLong(frame.Decode<CommandLong>(), sender, _now);
                break;
            case CommandInt.MsgId:
                _commands.OnInt(frame.Decode<CommandInt>(), sender, _now);
                break;
            case SetMode.MsgId:
                var mode = frame.Decode<SetMode>();
                if ((mode.BaseMode & MavModeFlag.CustomModeEnabled) != 0)
                    _ = _copter.TrySetMode((CopterMode)mode.CustomMode);
                break;
            case RequestDataStream.MsgId:
                var request = frame.Decode<RequestDataStream>();
                _streams.SetLegacyRate(request.ReqStreamId, request.StartStop == 1 ? request.ReqMessageRate : 0, _now);
                break;
            case ParamRequestList.MsgId:
                _parameterProtocol.OnList(_now);
                break;
            case ParamRequestRead.MsgId:
                _parameterProtocol.OnRead(frame.Decode<ParamRequestRead>());
                break;
            case ParamSet.MsgId:
                _parameterProtocol.OnSet(frame.Decode<ParamSet>());
                break;
            default:
                if (!HandlePlan(frame, sender))
                    HandleGuidance(frame, sender);
                break;
        }
    }

    private bool HandlePlan(in MavlinkFrame frame, MavlinkAddress sender)
    {
        switch (frame.MessageId)
        {
            case MissionCount.MsgId:
                _plans.OnCount(frame.Decode<MissionCount>(), sender, _now);
                return true;
            case MissionItemInt.MsgId:
                _plans.OnItem(frame.Decode<MissionItemInt>(), sender, _now);
                return true;
            case MissionItem.MsgId:
                _plans.OnItem(frame.Decode<MissionItem>(), sender, _now);
                return true;
            case MissionWritePartialList.MsgId:
                _plans.OnPartial(frame.Decode<MissionWritePartialList>(), sender, _now);
                return true;
            case MissionClearAll.MsgId:
                _plans.OnClear(frame.Decode<MissionClearAll>(), sender);
                return true;
            case MissionRequestList.MsgId:
                _plans.OnRequestList(frame.Decode<MissionRequestList>(), sender);
                return true;
            case MissionRequestInt.MsgId:
                var asked = frame.Decode<MissionRequestInt>();
                _plans.OnRequestItem(asked.Seq, asked.MissionType, sender, wantsInt: true);
                return true;
            case MissionRequest.MsgId:
                var askedOld = frame.Decode<MissionRequest>();
                _plans.OnRequestItem(askedOld.Seq, askedOld.MissionType, sender, wantsInt: false);
                return true;
            case MissionSetCurrent.MsgId:
                if (_copter.TrySetMissionIndex(frame.Decode<MissionSetCurrent>().Seq))
                    _telemetry.SendMissionCurrent();
                return true;
            default:
                return false;
        }
    }

    private void HandleGuidance(in MavlinkFrame frame, MavlinkAddress sender)
    {
        switch (frame.MessageId)
        {
            case SetPositionTargetGlobalInt.MsgId:
                OnPositionTarget(frame.Decode<SetPositionTargetGlobalInt>());
                break;
            case SetPositionTargetLocalNed.MsgId:
                OnPositionTarget(frame.Decode<SetPositionTargetLocalNed>());
                break;
            case RcChannelsOverride.MsgId when frame.SystemId == (byte)_parameters[Known.GcsSysid]:
                var rc = frame.Decode<RcChannelsOverride>();
                _copter.OverrideChannels([rc.Chan1Raw, rc.Chan2Raw, rc.Chan3Raw, rc.Chan4Raw, rc.Chan5Raw, rc.Chan6Raw, rc.Chan7Raw, rc.Chan8Raw]);
                break;
            case Timesync.MsgId:
                var sync = frame.Decode<Timesync>();
                if (sync.Tc1 == 0)
                    _downlink.Send(new Timesync { Tc1 = (_now - _bootUs) * 1000, Ts1 = sync.Ts1, TargetSystem = sender.SystemId, TargetComponent = sender.ComponentId });
                break;
            case Ping.MsgId:
                var ping = frame.Decode<Ping>();
                if (ping.TargetSystem == 0)
                    _downlink.Send(new Ping { TimeUsec = ping.TimeUsec, Seq = ping.Seq, TargetSystem = sender.SystemId, TargetComponent = sender.ComponentId });
                break;
        }
    }

    private const PositionTargetTypemask IgnorePosition = (PositionTargetTypemask)0x7;
    private const PositionTargetTypemask IgnoreVelocity = (PositionTargetTypemask)0x38;

    /// <summary>SET_POSITION_TARGET_* is obeyed in GUIDED and never acknowledged.</summary>
    private void OnPositionTarget(in SetPositionTargetGlobalInt target)
    {
        if (_copter.Mode != CopterMode.Guided || !_copter.IsArmed || _copter.IsLanded)
            return;
        if ((target.TypeMask & IgnorePosition) == 0)
        {
            var place = GeoPoint.FromE7(target.LatInt, target.LonInt);
            var local = _copter.Frame.ToLocal(place, _copter.Frame.AltitudeAmsl) with { Down = _copter.DownOf(target.CoordinateFrame, target.Alt) };
            if (place.IsValid && float.IsFinite(target.Alt) && !_copter.IsOutsideFence(local))
                _copter.GoTo(local, heading: null);
        }
        else if ((target.TypeMask & IgnoreVelocity) == 0)
        {
            Velocity(target.Vx, target.Vy, target.Vz);
        }
    }

    private void OnPositionTarget(in SetPositionTargetLocalNed target)
    {
        if (_copter.Mode != CopterMode.Guided || !_copter.IsArmed || _copter.IsLanded)
            return;
        if ((target.TypeMask & IgnorePosition) == 0)
        {
            var local = new Ned(target.X, target.Y, target.Z);
            if (double.IsFinite(local.Length) && target.CoordinateFrame == MavFrame.LocalNed && !_copter.IsOutsideFence(local))
                _copter.GoTo(local, heading: null);
        }
        else if ((target.TypeMask & IgnoreVelocity) == 0)
        {
            Velocity(target.Vx, target.Vy, target.Vz);
        }
    }

    private void Velocity(float north, float east, float down)
    {
        var velocity = new Ned(north, east, down);
        if (double.IsFinite(velocity.Length))
            _copter.FlyVelocity(velocity.LimitHorizontal(_parameters[Known.WpSpeed] / 100));
    }
}
