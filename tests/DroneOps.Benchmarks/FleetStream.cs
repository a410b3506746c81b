using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Benchmarks;

/// <summary>The byte stream of a busy fleet: 200 systems, the message mix of a patrol, seeded values that use the whole
/// field so that zero truncation cuts as often as it does on real links.</summary>
internal static class FleetStream
{
    public const int Systems = 200;

    /// <summary>Frames of one message kind in every 1000 frames.</summary>
    private static readonly (uint Id, int PerMille)[] Mix =
    [
        (Attitude.MsgId, 332), (LocalPositionNed.MsgId, 166), (GlobalPositionInt.MsgId, 166), (VfrHud.MsgId, 133), (GpsRawInt.MsgId, 67),
        (Heartbeat.MsgId, 33), (SysStatus.MsgId, 33), (BatteryStatus.MsgId, 33), (ExtendedSysState.MsgId, 33), (Statustext.MsgId, 4),
    ];

    /// <summary>Builds the stream.</summary>
    /// <returns>The bytes and how many frames they hold.</returns>
    public static (byte[] Bytes, int Frames) Build(int frames, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[frames * 64];
        Span<byte> frame = new byte[MavlinkFrame.MaxLength];
        var sequences = new byte[Systems + 1];
        var end = 0;
        for (var i = 0; i < frames; i++)
        {
            var system = (byte)(1 + i % Systems);
            var length = Write(frame, Pick(random), new(system, 1), sequences[system]++, random, (uint)(i / Systems * 4));
            if (end + length > bytes.Length)
                Array.Resize(ref bytes, bytes.Length * 2);
            frame[..length].CopyTo(bytes.AsSpan(end));
            end += length;
        }

        return (bytes[..end], frames);
    }

    private static uint Pick(Random random)
    {
        var at = random.Next(1000);
        foreach (var (id, share) in Mix)
        {
            if ((at -= share) < 0)
                return id;
        }

        return Heartbeat.MsgId;
    }

    private static int Write(Span<byte> frame, uint id, MavlinkAddress sender, byte sequence, Random random, uint bootMs)
    {
        float Angle() => (random.NextSingle() - 0.5f) * 2;
        switch (id)
        {
            case Attitude.MsgId:
                return FrameWriter.Write(frame, new Attitude { TimeBootMs = bootMs, Roll = Angle(), Pitch = Angle(), Yaw = Angle(), Rollspeed = Angle(), Pitchspeed = Angle(), Yawspeed = Angle() }, sender, sequence);
            case LocalPositionNed.MsgId:
                return FrameWriter.Write(frame, new LocalPositionNed { TimeBootMs = bootMs, X = Angle() * 900, Y = Angle() * 900, Z = -60 + Angle(), Vx = Angle(), Vy = Angle(), Vz = Angle() }, sender, sequence);
            case GlobalPositionInt.MsgId:
                return FrameWriter.Write(frame, new GlobalPositionInt { TimeBootMs = bootMs, Lat = 245130000 + random.Next(90000), Lon = 1176550000 + random.Next(90000), Alt = 71000 + random.Next(900), RelativeAlt = 60000, Vx = 700, Vy = -300, Vz = 1, Hdg = (ushort)random.Next(36000) }, sender, sequence);
            case VfrHud.MsgId:
                return FrameWriter.Write(frame, new VfrHud { Airspeed = 8 + Angle(), Groundspeed = 8 + Angle(), Alt = 71, Climb = Angle(), Heading = (short)random.Next(360), Throttle = 42 }, sender, sequence);
            case GpsRawInt.MsgId:
                return FrameWriter.Write(frame, new GpsRawInt { TimeUsec = bootMs * 1000UL, Lat = 245130000 + random.Next(90000), Lon = 1176550000, Alt = 71000, Eph = 80, Epv = 110, Vel = 800, Cog = 9000, FixType = GpsFixType.Type3dFix, SatellitesVisible = 17 }, sender, sequence);
            case SysStatus.MsgId:
                return FrameWriter.Write(frame, new SysStatus { OnboardControlSensorsPresent = (MavSysStatusSensor)0x5361FCAF, OnboardControlSensorsHealth = (MavSysStatusSensor)0x5771FC2F, Load = 310, VoltageBattery = 22800, CurrentBattery = 1450, BatteryRemaining = 77 }, sender, sequence);
            case BatteryStatus.MsgId:
                var battery = new BatteryStatus { CurrentConsumed = 1200, Temperature = 3100, CurrentBattery = 1450, BatteryRemaining = 77 };
                battery.SetVoltages([3800, 3801, 3799, 3800, 3802, 3800, ushort.MaxValue, ushort.MaxValue, ushort.MaxValue, ushort.MaxValue]);
                return FrameWriter.Write(frame, battery, sender, sequence);
            case ExtendedSysState.MsgId:
                return FrameWriter.Write(frame, new ExtendedSysState { LandedState = MavLandedState.InAir }, sender, sequence);
            case Statustext.MsgId:
                return FrameWriter.Write(frame, new Statustext { Severity = MavSeverity.Info, Text = "Reached command #4" }, sender, sequence);
            default:
                return FrameWriter.Write(frame, new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, BaseMode = (MavModeFlag)0xD9, CustomMode = 3, SystemStatus = MavState.Active, MavlinkVersion = 3 }, sender, sequence);
        }
    }
}
