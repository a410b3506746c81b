using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>Turns the state of the vehicle into messages, with the values ArduPilot puts where it knows nothing.</summary>
internal sealed partial class Telemetry(Copter copter, Downlink downlink, byte instance, Func<DateTimeOffset> now)
{
    private const double RadToDeg = 180 / Math.PI;

    private uint BootMs => copter.TimeBootMs;

    /// <summary>Sends one message, as a stream or on request.</summary>
    /// <returns>False where the vehicle has no such message, or nothing to say in it now.</returns>
    public bool TrySend(uint messageId)
    {
        switch (messageId)
        {
            case Heartbeat.MsgId: SendHeartbeat(); return true;
            case SysStatus.MsgId: SendSysStatus(); return true;
            case SystemTime.MsgId: SendSystemTime(); return true;
            case GpsRawInt.MsgId: SendGpsRaw(); return true;
            case Attitude.MsgId: SendAttitude(); return true;
            case GlobalPositionInt.MsgId: SendGlobalPosition(); return true;
            case VfrHud.MsgId: SendVfrHud(); return true;
            case BatteryStatus.MsgId: SendBattery(); return true;
            case EkfStatusReport.MsgId: SendEstimator(); return true;
            case ExtendedSysState.MsgId: SendExtendedState(); return true;
            case MissionCurrent.MsgId: SendMissionCurrent(); return true;
            case NavControllerOutput.MsgId: SendNavController(); return true;
            case RcChannels.MsgId: SendRcChannels(); return true;
            case ServoOutputRaw.MsgId: SendServos(); return true;
            case Vibration.MsgId: downlink.Send(new Vibration { TimeUsec = (ulong)BootMs * 1000 }); return true;
            case PowerStatus.MsgId: downlink.Send(new PowerStatus { Vcc = 5000, Flags = 0 }); return true;
            case Meminfo.MsgId: downlink.Send(new Meminfo { Freemem = ushort.MaxValue, Freemem32 = 131072 }); return true;
            case AutopilotVersion.MsgId: SendVersion(); return true;
            default: return TrySendWhenThereIsSomethingToSay(messageId);
        }
    }

    /// <summary>Whether <see cref="TrySend"/>, or a mode list, would have something to send.</summary>
    public bool CanSend(uint messageId) => messageId switch
    {
        FenceStatus.MsgId => copter.Fence.IsEnabled,
        LocalPositionNed.MsgId or Wind.MsgId => copter.HasPosition,
        HomePosition.MsgId or GpsGlobalOrigin.MsgId => copter.IsHomeSet,
        PositionTargetGlobalInt.MsgId => copter.Target is not null,
        AutopilotVersion.MsgId or AvailableModes.MsgId => true,
        CameraInformation.MsgId or VideoStreamInformation.MsgId or VideoStreamStatus.MsgId or CameraFovStatus.MsgId
            or GimbalDeviceAttitudeStatus.MsgId or GimbalManagerInformation.MsgId or GimbalManagerStatus.MsgId => copter.Camera is not null,
        _ => MessageStreams.HasSlot(messageId),
    };

    private bool TrySendWhenThereIsSomethingToSay(uint messageId)
    {
        switch (messageId)
        {
            case FenceStatus.MsgId when copter.Fence.IsEnabled: copter.SendFenceStatus(); return true;
            case LocalPositionNed.MsgId when copter.HasPosition: SendLocalPosition(); return true;
            case Wind.MsgId when copter.HasPosition: SendWind(); return true;
            case HomePosition.MsgId when copter.IsHomeSet: copter.SendHome(); return true;
            case GpsGlobalOrigin.MsgId when copter.IsHomeSet: copter.SendOrigin(); return true;
            case PositionTargetGlobalInt.MsgId when copter.Target is not null: SendPositionTarget(); return true;
            default: return copter.Camera is { } camera && TrySendOfCamera(messageId, camera);
        }
    }

    public void SendHeartbeat()
    {
        var mode = MavModeFlag.StabilizeEnabled | MavModeFlag.ManualInputEnabled | MavModeFlag.CustomModeEnabled;
        // The guided bit means "a position controller flies"; before the first initialisation it is set as well.
        if (copter.Mode is not (CopterMode.Stabilize or CopterMode.AltHold) || !copter.IsInitialised)
            mode |= MavModeFlag.GuidedEnabled;
        if (copter.IsArmed || copter.IsMotorTest)
            mode |= MavModeFlag.SafetyArmed;
        downlink.Send(new Heartbeat
        {
            CustomMode = (uint)copter.Mode,
            Type = MavType.Quadrotor,
            Autopilot = MavAutopilot.Ardupilotmega,
            BaseMode = mode,
            SystemStatus = !copter.IsInitialised ? MavState.Boot
                : copter.IsInFailsafe ? MavState.Critical
                : copter.IsArmed && !copter.IsLanded ? MavState.Active
                : MavState.Standby,
            MavlinkVersion = 3,
        });
    }

    private void SendSysStatus()
    {
        const MavSysStatusSensor Always = (MavSysStatusSensor)0x53619C0F;
        var present = Always | (MavSysStatusSensor)0x6000;
        if (copter.HasGpsDevice)
            present |= MavSysStatusSensor.SensorGps;
        if (copter.Fence.IsPresent)
            present |= MavSysStatusSensor.Geofence;

        var enabled = present & ~(MavSysStatusSensor.Geofence | MavSysStatusSensor.Logging | MavSysStatusSensor.Ahrs
            | MavSysStatusSensor.SensorZAltitudeControl | MavSysStatusSensor.SensorXyPositionControl);
        if (copter.Mode != CopterMode.Stabilize)
            enabled |= MavSysStatusSensor.SensorZAltitudeControl | MavSysStatusSensor.SensorXyPositionControl;
        if (copter.IsAhrsHealthy)
            enabled |= MavSysStatusSensor.Ahrs;
        if (copter.IsArmed)
            enabled |= MavSysStatusSensor.Logging;
        if (copter.Fence.IsEnabled)
            enabled |= MavSysStatusSensor.Geofence;

        var health = (enabled & ~(MavSysStatusSensor.Geofence | MavSysStatusSensor.PrearmCheck)) | MavSysStatusSensor.Logging | MavSysStatusSensor.SensorProximity;
        if (copter.Fence.IsPresent && copter.Fence.Breach == 0)
            health |= MavSysStatusSensor.Geofence;
        if (copter.IsReadyToArm)
            health |= MavSysStatusSensor.PrearmCheck;
        if (copter.BatteryStage > 0)
            health &= ~MavSysStatusSensor.SensorBattery;
        if (!copter.HasGps)
            health &= ~MavSysStatusSensor.SensorGps;
        downlink.Send(new SysStatus
        {
            OnboardControlSensorsPresent = present,
            OnboardControlSensorsEnabled = enabled,
            OnboardControlSensorsHealth = health,
            Load = 220,
            VoltageBattery = (ushort)Math.Round(copter.Battery.Volts * 1000),
            CurrentBattery = (short)Math.Round(copter.Battery.Amperes * 100),
            BatteryRemaining = (sbyte)copter.RemainingPercent,
        });
    }

    private void SendSystemTime() => downlink.Send(new SystemTime
    {
        TimeUnixUsec = copter.HasGpsDevice ? (ulong)((now() - DateTimeOffset.UnixEpoch).Ticks / 10) : 0,
        TimeBootMs = BootMs,
    });

    private void SendGpsRaw()
    {
        if (!copter.HasGps)
        {
            downlink.Send(new GpsRawInt
            {
                FixType = copter.HasGpsDevice ? GpsFixType.NoFix : GpsFixType.NoGps,
                Eph = ushort.MaxValue,
                Epv = ushort.MaxValue,
                TimeUsec = copter.HasGpsDevice ? (ulong)BootMs * 1000 : 0,
            });
            return;
        }

        var place = copter.Frame.ToGeo(copter.ReportedPosition);
        var velocity = copter.Airframe.Velocity;
        downlink.Send(new GpsRawInt
        {
            TimeUsec = (ulong)BootMs * 1000,
            FixType = GpsFixType.RtkFixed,
            Lat = place.LatitudeE7,
            Lon = place.LongitudeE7,
            Alt = (int)Math.Round(copter.Frame.ToAmsl(copter.ReportedPosition) * 1000),
            Eph = 121,
            Epv = 200,
            Vel = (ushort)Math.Round(velocity.Horizontal * 100),
            Cog = (ushort)Math.Round(Degrees(Math.Atan2(velocity.East, velocity.North)) * 100),
            SatellitesVisible = 10,
            HAcc = 300,
            VAcc = 300,
            VelAcc = 40,
        });
    }

    private void SendGlobalPosition()
    {
        if (!copter.HasGpsDevice)
        {
            // Until the receiver locks, the position is sent all the same, and is zero.
            downlink.Send(new GlobalPositionInt { TimeBootMs = BootMs, Hdg = Heading() });
            return;
        }

        var position = copter.ReportedPosition;
        var place = copter.Frame.ToGeo(position);
        var velocity = copter.Airframe.Velocity;
        downlink.Send(new GlobalPositionInt
        {
            TimeBootMs = BootMs,
            Lat = place.LatitudeE7,
            Lon = place.LongitudeE7,
            Alt = (int)Math.Round(copter.Frame.ToAmsl(position) * 1000),
            RelativeAlt = (int)Math.Round(copter.Height * 1000),
            Vx = (short)Math.Round(velocity.North * 100),
            Vy = (short)Math.Round(velocity.East * 100),
            Vz = (short)Math.Round(velocity.Down * 100),
            Hdg = Heading(),
        });
    }

    private void SendAttitude() => downlink.Send(new Attitude
    {
        TimeBootMs = BootMs,
        Roll = (float)copter.Airframe.Roll,
        Pitch = (float)copter.Airframe.Pitch,
        Yaw = (float)Math.IEEERemainder(copter.Airframe.Heading, 2 * Math.PI),
        Yawspeed = (float)copter.Airframe.HeadingRate,
    });

    private void SendVfrHud() => downlink.Send(new VfrHud
    {
        Airspeed = (float)(copter.Airframe.IsOnGround ? 0 : (copter.Airframe.Velocity - copter.Wind.Velocity).Horizontal),
        Groundspeed = (float)copter.Airframe.Velocity.Horizontal,
        Alt = (float)copter.Frame.ToAmsl(copter.Airframe.Position),
        Climb = (float)-copter.Airframe.Velocity.Down,
        Heading = (short)(Heading() / 100),
        Throttle = (ushort)Math.Round(copter.Airframe.Throttle * 100),
    });

    private void SendEstimator() => downlink.Send(new EkfStatusReport
    {
        VelocityVariance = copter.HasPosition ? 0.01f : 0,
        PosHorizVariance = copter.HasPosition ? 0.02f : 0,
        PosVertVariance = 0.01f,
        CompassVariance = 0.02f,
        Flags = copter.EstimatorFlags,
    });

    private void SendExtendedState() => downlink.Send(new ExtendedSysState
    {
        VtolState = MavVtolState.Mc,
        LandedState = copter.LandedState,
    });

    private ushort Heading() => (ushort)(Degrees(copter.Airframe.Heading) * 100);

    private static double Degrees(double radians) => ((radians * RadToDeg) + 360) % 360;
}
