using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Autopilot;

namespace DroneOps.Simulator.Protocols;

/// <summary>The messages that are asked for once a second or once in a flight.</summary>
internal sealed partial class Telemetry
{
    private const string GitHash = "2598e9d4";

    private void SendBattery()
    {
        var message = new BatteryStatus
        {
            BatteryFunction = 0,
            Type = MavBatteryType.Unknown,
            Temperature = short.MaxValue,
            CurrentBattery = (short)Math.Round(copter.Battery.Amperes * 100),
            CurrentConsumed = (int)Math.Round(copter.Battery.UsedMah),
            EnergyConsumed = (int)Math.Round(copter.Battery.UsedJoules / 100),
            BatteryRemaining = (sbyte)copter.RemainingPercent,
            ChargeState = copter.BatteryStage switch
            {
                2 => MavBatteryChargeState.Critical,
                1 => MavBatteryChargeState.Low,
                _ when copter.Battery.Amperes < 0 => MavBatteryChargeState.Charging,
                _ => MavBatteryChargeState.Ok,
            },
        };
        Span<ushort> volts = stackalloc ushort[10];
        volts.Fill(ushort.MaxValue);
        volts[0] = (ushort)Math.Round(copter.Battery.Volts * 1000);
        message.SetVoltages(volts);
        downlink.Send(in message);
    }

    public void SendMissionCurrent() => downlink.Send(new MissionCurrent
    {
        Seq = (ushort)copter.MissionIndex,
        Total = (ushort)copter.MissionTotal,
        MissionState = copter.MissionState,
        MissionMode = (byte)(copter.Mode == CopterMode.Auto ? 1 : 0),
    });

    private void SendNavController()
    {
        var bearing = Heading() / 100;
        double distance = 0;
        double altitudeError = 0;
        if (copter.Target is { } target)
        {
            var delta = target - copter.Airframe.Position;
            distance = delta.Horizontal;
            bearing = (int)Degrees(Math.Atan2(delta.East, delta.North));
            altitudeError = -delta.Down;
        }

        downlink.Send(new NavControllerOutput
        {
            NavRoll = (float)(copter.Airframe.Roll * RadToDeg),
            NavPitch = (float)(copter.Airframe.Pitch * RadToDeg),
            NavBearing = (short)bearing,
            TargetBearing = (short)bearing,
            WpDist = (ushort)Math.Min(ushort.MaxValue, distance),
            AltError = (float)altitudeError,
        });
    }

    private void SendRcChannels() => downlink.Send(new RcChannels
    {
        TimeBootMs = BootMs,
        Chan1Raw = copter.Channel(0),
        Chan2Raw = copter.Channel(1),
        Chan3Raw = copter.Channel(2),
        Chan4Raw = copter.Channel(3),
        Chan5Raw = 1800,
        Chan6Raw = 1000,
        Chan7Raw = 1000,
        Chan8Raw = 1800,
        Chancount = 16,
        Rssi = byte.MaxValue,
    });

    private void SendServos()
    {
        var pulse = (ushort)(copter.IsArmed ? 1100 + (int)(copter.Airframe.Throttle * 850) : 1000);
        downlink.Send(new ServoOutputRaw
        {
            TimeUsec = BootMs * 1000,
            Servo1Raw = pulse,
            Servo2Raw = pulse,
            Servo3Raw = pulse,
            Servo4Raw = pulse,
        });
    }

    private void SendLocalPosition() => downlink.Send(new LocalPositionNed
    {
        TimeBootMs = BootMs,
        X = (float)copter.ReportedPosition.North,
        Y = (float)copter.ReportedPosition.East,
        Z = (float)copter.ReportedPosition.Down,
        Vx = (float)copter.Airframe.Velocity.North,
        Vy = (float)copter.Airframe.Velocity.East,
        Vz = (float)copter.Airframe.Velocity.Down,
    });

    private void SendWind()
    {
        var wind = copter.Wind.Velocity;
        downlink.Send(new Wind
        {
            // Without wind the direction stays where atan2 leaves it: -180.
            Direction = wind.Horizontal < 0.01 ? -180 : (float)(Math.Atan2(-wind.East, -wind.North) * RadToDeg),
            Speed = (float)wind.Horizontal,
            SpeedZ = (float)wind.Down,
        });
    }

    private void SendPositionTarget()
    {
        var target = copter.Target!.Value;
        var place = copter.Frame.ToGeo(target);
        downlink.Send(new PositionTargetGlobalInt
        {
            TimeBootMs = BootMs,
            CoordinateFrame = MavFrame.Global,
            TypeMask = (PositionTargetTypemask)0xDF8,
            LatInt = place.LatitudeE7,
            LonInt = place.LongitudeE7,
            Alt = (float)copter.Frame.ToAmsl(target),
        });
    }

    /// <summary>AUTOPILOT_VERSION; uid2 is one text for all instances, its first byte moved on by the instance.</summary>
    public void SendVersion()
    {
        var message = new AutopilotVersion
        {
            Capabilities = (MavProtocolCapability)0xFBEF,
            FlightSwVersion = 0x04070000,
        };
        message.SetFlightCustomVersion(System.Text.Encoding.ASCII.GetBytes(GitHash));
        var uid = "3d1219c7c4c5404aaa"u8.ToArray();
        uid[0] += instance;
        message.SetUid2(uid);
        downlink.Send(in message);
    }

    /// <summary>The texts that answer a parameter list or a banner request.</summary>
    public void SendBanner()
    {
        downlink.Text(MavSeverity.Info, $"ArduCopter V4.7.0-dev ({GitHash})");
        downlink.Text(MavSeverity.Info, "3d1219c7c4c5404aaa1f6d2a48adfda4");
        downlink.Text(MavSeverity.Info, "Frame: QUAD/PLUS");
    }

    /// <summary>AVAILABLE_MODES. Index 0 should list all; this autopilot sends the first only.</summary>
    public void SendAvailableMode(int index)
    {
        var modes = Copter.AvailableModes;
        index = index == 0 ? 1 : index;
        if (index < 1 || index > modes.Length)
            return;
        downlink.Send(new AvailableModes
        {
            NumberModes = (byte)modes.Length,
            ModeIndex = (byte)index,
            CustomMode = (uint)modes[index - 1],
            ModeName = Copter.NameOf(modes[index - 1]),
        });
    }
}
