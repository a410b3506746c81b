using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>A command in either form; places in 1e-7 degree.</summary>
internal readonly record struct Command(
    MavCmd Id, bool IsInt, MavFrame Frame, float Param1, float Param2, float Param3, float Param4, int X, int Y, float Z, MavlinkAddress Sender)
{
    public bool HasPlace => X is not (0 or int.MaxValue) || Y is not (0 or int.MaxValue);

    public GeoPoint Place => GeoPoint.FromE7(X, Y);
}

/// <summary>COMMAND_LONG and COMMAND_INT: one acknowledgement per command received, however often it is repeated.</summary>
internal sealed partial class CommandDesk(
    Copter copter, Telemetry telemetry, MessageStreams streams, Downlink downlink, bool hasAirspeedSensor)
{
    private const long RebootDelayUs = 200_000;

    private bool _ackFirst;
    private long _now;

    /// <summary>When the vehicle is to restart, µs of vehicle time.</summary>
    public long RebootAt { get; private set; } = long.MaxValue;

    public long NextDue => Math.Min(RebootAt, _calibrationDue);

    public void Forget()
    {
        RebootAt = long.MaxValue;
        _calibration = Calibration.None;
        _calibrationDue = long.MaxValue;
    }

    public void OnLong(in CommandLong message, MavlinkAddress sender, long now) => Execute(
        new(
            message.Command,
            IsInt: false,
            MavFrame.GlobalRelativeAlt,
            message.Param1,
            message.Param2,
            message.Param3,
            message.Param4,
            ToE7(message.Param5),
            ToE7(message.Param6),
            message.Param7,
            sender),
        now);

    public void OnInt(in CommandInt message, MavlinkAddress sender, long now) => Execute(
        new(
            message.Command,
            IsInt: true,
            message.Frame,
            message.Param1,
            message.Param2,
            message.Param3,
            message.Param4,
            message.X,
            message.Y,
            message.Z,
            sender),
        now);

    private static int ToE7(float degrees) => Math.Abs(degrees) <= 180 ? (int)Math.Round(degrees * 1e7) : 0;

    private void Execute(in Command command, long now)
    {
        _now = now;
        // The texts of a refusal are queued apart from the acknowledgement: either may leave first.
        _ackFirst = !_ackFirst;
        if (_ackFirst)
            downlink.HoldTexts();
        var result = Dispatch(command);
        if (result is { } verdict)
            Acknowledge(command.Id, verdict, command.Sender);
        downlink.ReleaseTexts();
        AfterAcknowledgement(command, result);
    }

    private void Acknowledge(MavCmd command, MavResult result, MavlinkAddress to) => downlink.Send(new CommandAck
    {
        Command = command,
        Result = result,
        TargetSystem = to.SystemId,
        TargetComponent = to.ComponentId,
    });

    private static MavResult Verdict(bool done) => done ? MavResult.Accepted : MavResult.Failed;

    /// <returns>Null where the acknowledgement comes later.</returns>
    private MavResult? Dispatch(in Command command) => command.Id switch
    {
        MavCmd.ComponentArmDisarm => ArmOrDisarm(command),
        MavCmd.DoSetMode => SetMode(command),
        MavCmd.NavTakeoff => Verdict(copter.TryTakeoff(command.Z)),
        MavCmd.NavReturnToLaunch => Verdict(copter.TrySetMode(CopterMode.Rtl)),
        MavCmd.NavLand => Verdict(copter.TrySetMode(CopterMode.Land)),
        MavCmd.NavLoiterUnlim => Verdict(copter.TrySetMode(CopterMode.Loiter)),
        MavCmd.MissionStart => command is { Param1: 0, Param2: 0 } ? Verdict(copter.TryStartMission()) : MavResult.Denied,
        MavCmd.DoPauseContinue => PauseOrContinue(command),
        MavCmd.DoReposition => Reposition(command),
        MavCmd.DoChangeSpeed => ChangeSpeed(command),
        MavCmd.ConditionYaw => TurnTo(command),
        MavCmd.DoSetHome => SetHome(command),
        MavCmd.DoSetMissionCurrent => copter.TrySetMissionIndex((int)command.Param1) ? MavResult.Accepted : MavResult.Denied,
        MavCmd.DoFenceEnable => EnableFence(command),
        MavCmd.SetMessageInterval => SetMessageInterval(command),
        MavCmd.GetMessageInterval => MavResult.Accepted,
        MavCmd.RequestMessage => Verdict(telemetry.CanSend((uint)command.Param1)),
        MavCmd.RequestAutopilotCapabilities or MavCmd.DoSendBanner => MavResult.Accepted,
        MavCmd.GetHomePosition => Verdict(copter.IsHomeSet),
        MavCmd.RunPrearmChecks => RunChecks(),
        MavCmd.PreflightRebootShutdown => Reboot(command),
        MavCmd.PreflightCalibration => Calibrate(command),
        MavCmd.DoStartMagCal or MavCmd.DoCancelMagCal => CalibrateCompass(command.Id == MavCmd.DoStartMagCal),
        MavCmd.DoMotorTest => TestMotor(command),
        MavCmd.DoFlighttermination => Verdict(command.Param1 > 0.5f && copter.TryDisarm(force: true)),
        MavCmd.StorageFormat => MavResult.Failed,
        _ => Camera(command),
    };

    private void AfterAcknowledgement(in Command command, MavResult? result)
    {
        if (result != MavResult.Accepted)
            return;
        switch (command.Id)
        {
            case MavCmd.RequestMessage when command.Param1 == AvailableModes.MsgId:
                telemetry.SendAvailableMode((int)command.Param2);
                break;
            case MavCmd.RequestMessage when (uint)command.Param1 is VideoStreamInformation.MsgId or VideoStreamStatus.MsgId:
                telemetry.SendVideoStreams((uint)command.Param1, (int)command.Param2);
                break;
            case MavCmd.RequestMessage:
                _ = telemetry.TrySend((uint)command.Param1);
                break;
            case MavCmd.RequestAutopilotCapabilities:
                telemetry.SendVersion();
                break;
            case MavCmd.DoSendBanner:
                telemetry.SendBanner();
                break;
            case MavCmd.GetHomePosition:
                copter.SendHome();
                break;
            case MavCmd.GetMessageInterval:
                downlink.Send(new MessageInterval
                {
                    MessageId = (ushort)command.Param1,
                    IntervalUs = streams.IntervalOf((uint)command.Param1) ?? 0,
                });
                break;
        }
    }

    private MavResult ArmOrDisarm(in Command command)
    {
        var force = command.Param2 == Copter.ForceMagic;
        return command.Param1 switch
        {
            1 => Verdict(copter.TryArm(force)),
            0 => Verdict(copter.TryDisarm(force)),
            _ => MavResult.Unsupported,
        };
    }

    private MavResult SetMode(in Command command)
    {
        if (((int)command.Param1 & (int)MavModeFlag.CustomModeEnabled) == 0)
            return MavResult.Denied;
        return Verdict(copter.TrySetMode((CopterMode)(uint)command.Param2));
    }

    private MavResult PauseOrContinue(in Command command)
    {
        if (command.Param1 == 1)
            return Verdict(copter.TryContinue());
        if (copter.TryPause())
            return MavResult.Accepted;
        downlink.Text(MavSeverity.Info, "Failed to pause");
        return MavResult.Failed;
    }

    private MavResult Reposition(in Command command)
    {
        const int ChangeMode = 1;
        if (!command.IsInt)
            return MavResult.Unsupported;
        if (!command.Place.IsValid || !float.IsFinite(command.Z))
            return MavResult.Denied;
        if (copter.Mode != CopterMode.Guided && ((int)command.Param2 & ChangeMode) == 0)
            return MavResult.Denied;
        var target = copter.Frame.ToLocal(command.Place, copter.Frame.AltitudeAmsl) with { Down = copter.DownOf(command.Frame, command.Z) };
        if (!command.HasPlace)
            target = copter.Airframe.Position with { Down = target.Down };
        if (copter.IsOutsideFence(target) || !copter.TrySetMode(CopterMode.Guided))
            return MavResult.Failed;
        copter.GoTo(target, float.IsFinite(command.Param4) && command.Param4 != 0 ? command.Param4 : null);
        if (command.Param1 > 0)
            copter.SetSpeed(command.Param1);
        return MavResult.Accepted;
    }

    private MavResult ChangeSpeed(in Command command)
    {
        if (command.Param2 <= 0 || command.Param1 is not (0 or 1))
            return MavResult.Failed;
        copter.SetSpeed(command.Param2);
        return MavResult.Accepted;
    }

    private MavResult TurnTo(in Command command)
    {
        if (copter.Mode is not (CopterMode.Guided or CopterMode.Auto))
            return MavResult.Failed;
        var isRelative = command.Param4 != 0;
        copter.SetHeading(isRelative && command.Param3 < 0 ? -command.Param1 : command.Param1, isRelative);
        return MavResult.Accepted;
    }

    private MavResult SetHome(in Command command)
    {
        if (!copter.IsHomeSet)
            return MavResult.Failed;
        if (command.Param1 == 1 || !command.HasPlace)
            copter.SetHome(copter.Airframe.Position);
        else
            copter.SetHome(copter.Frame.ToLocal(command.Place, command.Z));
        return MavResult.Accepted;
    }

    private MavResult EnableFence(in Command command)
    {
        switch (command.Param1)
        {
            case 0:
                copter.Fence.Disable();
                return MavResult.Accepted;
            case 1:
                return Verdict(copter.IsHomeSet && copter.Fence.TryEnable());
            default:
                return MavResult.Failed;
        }
    }

    private MavResult SetMessageInterval(in Command command)
    {
        var id = (uint)command.Param1;
        if (!streams.IsStreamable(id))
        {
            downlink.Text(MavSeverity.Info, $"No ap_message for mavlink id ({id})");
            return MavResult.Denied;
        }

        var interval = (long)command.Param2;
        if (interval > 0 && interval < 1_000_000 / MessageStreams.MaxHz)
        {
            downlink.Text(MavSeverity.Info, $"Requested rate for message ID {id} too fast. Increase SCHED_LOOP_RATE");
            return MavResult.Denied;
        }

        streams.SetInterval(id, interval, _now);
        return MavResult.Accepted;
    }

    private MavResult RunChecks()
    {
        if (copter.IsArmed)
            return MavResult.TemporarilyRejected;
        copter.ReportChecks();
        return MavResult.Accepted;
    }

    private MavResult Reboot(in Command command)
    {
        if (copter.IsArmed)
            return MavResult.Failed;
        if (command.Param1 is not (1 or 3))
            return MavResult.Unsupported;
        RebootAt = _now + RebootDelayUs;
        return MavResult.Accepted;
    }

    private MavResult TestMotor(in Command command)
    {
        if (copter.IsArmed)
            return MavResult.Failed;
        copter.StartMotorTest(Math.Clamp(command.Param4, 0.1, 600));
        return MavResult.Accepted;
    }

    private MavResult Camera(in Command command)
    {
        switch (command.Id)
        {
            case MavCmd.DoSetRoi or MavCmd.DoSetRoiLocation:
                copter.SetRegionOfInterest(command.HasPlace ? copter.Frame.ToLocal(command.Place, copter.Frame.AltitudeAmsl) : null);
                return MavResult.Accepted;
            case MavCmd.DoSetRoiNone:
                copter.SetRegionOfInterest(null);
                return MavResult.Accepted;
            case MavCmd.DoDigicamControl or MavCmd.ImageStartCapture:
                copter.TakePicture();
                return MavResult.Accepted;
            case MavCmd.DoGimbalManagerPitchyaw:
                // COMMAND_LONG brings the flags as a number, which was taken for a latitude.
                var flags = (GimbalManagerFlags)(command.IsInt ? command.X : (int)Math.Round(command.X / 1e7));
                copter.PointCamera(command.Param1, command.Param2, command.Param3, command.Param4, flags);
                return MavResult.Accepted;
            case MavCmd.DoMountControl:
                copter.PointCamera(command.Param1, command.Param3, float.NaN, float.NaN, 0);
                return MavResult.Accepted;
            case MavCmd.SetCameraZoom:
                copter.ZoomCamera((CameraZoomType)(int)command.Param1, command.Param2);
                return MavResult.Accepted;
            case MavCmd.DoGimbalManagerConfigure or MavCmd.DoMountConfigure
                or MavCmd.ImageStopCapture or MavCmd.VideoStartCapture or MavCmd.VideoStopCapture
                or MavCmd.SetCameraFocus or MavCmd.DoSetCamTriggDist or MavCmd.DoSetServo or MavCmd.DoSetRelay or MavCmd.DoGripper:
                return MavResult.Accepted;
            default:
                return MavResult.Unsupported;
        }
    }
}
