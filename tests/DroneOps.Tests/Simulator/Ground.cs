using System.Text;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Simulator;
using DroneOps.Simulator.Camera;
using Xunit;

namespace DroneOps.Tests.Simulator;

/// <summary>One message as it came down.</summary>
internal sealed record Heard(double At, uint MessageId, byte Sequence, byte[] Frame)
{
    public bool Is<T>()
        where T : unmanaged, IMavlinkMessage<T> => MessageId == T.Id;

    public T Decode<T>()
        where T : unmanaged, IMavlinkMessage<T>
    {
        Assert.True(MavlinkFrame.TryParse(Frame, MessageCatalog.Default, out var frame));
        return frame.Decode<T>();
    }
}

/// <summary>A bare ground station for one simulated vehicle: sends raw messages, steps the vehicle's clock, keeps what it hears.
/// It knows nothing of the product's own vehicle conversation, so that a misreading cannot cancel itself out.</summary>
internal sealed class Ground
{
    public static readonly GeoPoint HomePlace = new(24.5105, 117.655);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly byte[] _frame = new byte[MavlinkFrame.MaxLength];
    private readonly DatagramSink _sink;
    private byte _sequence;

    public Ground(bool fastBoot = true, ulong seed = 1, DockCare? dock = null, bool airspeedSensor = false, CameraSetup? camera = null)
    {
        Copter = new(new(1, HomePlace, 10, 0, seed, fastBoot, 1, dock ?? DockCare.TwoMinuteSwap, airspeedSensor) { Camera = camera }, Start);
        _sink = Hear;
    }

    public SimulatedCopter Copter { get; }

    public List<Heard> Log { get; } = [];

    public StringBuilder Console { get; } = new();

    public MavlinkAddress Self { get; set; } = new(255, 190);

    public double Seconds { get; private set; }

    public bool SendsHeartbeats { get; set; } = true;

    /// <summary>Everything that came down, byte for byte.</summary>
    public MemoryStream Bytes { get; } = new();

    public IEnumerable<string> Texts => Log.Where(h => h.Is<Statustext>()).Select(h => h.Decode<Statustext>().Text);

    /// <summary>A vehicle that can be armed and flown.</summary>
    public static Ground Ready()
    {
        var ground = new Ground();
        ground.Run(4);
        ground.Interval(GlobalPositionInt.MsgId, 4);
        ground.Interval(ExtendedSysState.MsgId, 1);
        ground.Interval(MissionCurrent.MsgId, 1);
        ground.Interval(SysStatus.MsgId, 1);
        ground.Run(1);
        return ground;
    }

    /// <summary>Steps the vehicle, with our heartbeat once a second.</summary>
    public void Run(double seconds)
    {
        var end = Seconds + seconds;
        while (Seconds < end - 1e-9)
        {
            Seconds = Math.Round(Math.Min(end, Math.Floor(Seconds + 1 + 1e-9)), 6);
            Copter.Step(Start.AddSeconds(Seconds));
            Copter.Drain(_sink);
            if (SendsHeartbeats && Seconds == Math.Floor(Seconds))
                Send(new Heartbeat { Type = MavType.Gcs, Autopilot = MavAutopilot.Invalid, SystemStatus = MavState.Active, MavlinkVersion = 3 });
        }
    }

    /// <summary>Steps by tenths of a second until something holds.</summary>
    /// <returns>The time when it did.</returns>
    public double RunUntil(Func<bool> holds, double atMost)
    {
        var end = Seconds + atMost;
        while (!holds())
        {
            Assert.True(Seconds < end, $"it did not happen within {atMost} s; texts: {string.Join(" | ", Texts.TakeLast(8))}");
            Run(0.1);
        }

        return Seconds;
    }

    public void Send<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var length = FrameWriter.Write(_frame, in message, Self, _sequence++);
        Copter.OnDatagram(_frame.AsSpan(0, length));
        Copter.Drain(_sink);
    }

    public IEnumerable<T> All<T>()
        where T : unmanaged, IMavlinkMessage<T> => Log.Where(h => h.Is<T>()).Select(h => h.Decode<T>());

    public T Last<T>()
        where T : unmanaged, IMavlinkMessage<T> => Log.Last(h => h.Is<T>()).Decode<T>();

    /// <summary>Sends COMMAND_LONG and answers its acknowledgement.</summary>
    public MavResult Command(MavCmd command, float p1 = 0, float p2 = 0, float p3 = 0, float p4 = 0, float p5 = 0, float p6 = 0, float p7 = 0)
    {
        var before = Log.Count;
        Send(new CommandLong
        {
            Command = command,
            TargetSystem = 1,
            TargetComponent = 1,
            Param1 = p1,
            Param2 = p2,
            Param3 = p3,
            Param4 = p4,
            Param5 = p5,
            Param6 = p6,
            Param7 = p7,
        });
        return Log.Skip(before).Single(h => h.Is<CommandAck>()).Decode<CommandAck>().Result;
    }

    public MavResult CommandInt(MavCmd command, GeoPoint place, float altitude, float p1 = 0, float p2 = 0, float p4 = float.NaN)
    {
        var before = Log.Count;
        Send(new CommandInt
        {
            Command = command,
            TargetSystem = 1,
            TargetComponent = 1,
            Frame = MavFrame.GlobalRelativeAlt,
            Param1 = p1,
            Param2 = p2,
            Param4 = p4,
            X = place.LatitudeE7,
            Y = place.LongitudeE7,
            Z = altitude,
        });
        return Log.Skip(before).Single(h => h.Is<CommandAck>()).Decode<CommandAck>().Result;
    }

    public MavResult Interval(uint messageId, double hz) => Command(MavCmd.SetMessageInterval, messageId, (float)(1e6 / hz));

    public MavResult SetMode(CopterMode mode) => Command(MavCmd.DoSetMode, 1, (float)(uint)mode);

    public MavResult Arm() => Command(MavCmd.ComponentArmDisarm, 1);

    public void SetParameter(string name, float value)
    {
        Send(new ParamSet { TargetSystem = 1, TargetComponent = 1, ParamId = name, ParamValue = value, ParamType = MavParamType.Real32 });
        Assert.Equal(name, Last<ParamValue>().ParamId);
    }

    /// <summary>GUIDED, armed, in the air.</summary>
    public void TakeOff(float height)
    {
        Assert.Equal(MavResult.Accepted, SetMode(CopterMode.Guided));
        Assert.Equal(MavResult.Accepted, Arm());
        Assert.Equal(MavResult.Accepted, Command(MavCmd.NavTakeoff, p7: height));
        RunUntil(() => Copter.Height > height - 0.2, 60);
    }

    /// <summary>Uploads a plan; the mission's home item has to be among the items.</summary>
    public MavMissionResult Upload(MavMissionType type, params MissionItemInt[] items)
    {
        Send(new MissionCount { TargetSystem = 1, TargetComponent = 1, Count = (ushort)items.Length, MissionType = type });
        for (var guard = 0; guard < items.Length + 2; guard++)
        {
            var answer = Log.Last(h => h.Is<MissionRequest>() || h.Is<MissionAck>());
            if (answer.Is<MissionAck>())
                return answer.Decode<MissionAck>().Type;
            var seq = answer.Decode<MissionRequest>().Seq;
            var item = items[seq];
            item.Seq = seq;
            item.TargetSystem = 1;
            item.TargetComponent = 1;
            item.MissionType = type;
            Send(in item);
        }

        return Last<MissionAck>().Type;
    }

    public MissionItemInt[] Download(MavMissionType type)
    {
        Send(new MissionRequestList { TargetSystem = 1, TargetComponent = 1, MissionType = type });
        var items = new MissionItemInt[Last<MissionCount>().Count];
        for (var i = 0; i < items.Length; i++)
        {
            Send(new MissionRequestInt { TargetSystem = 1, TargetComponent = 1, Seq = (ushort)i, MissionType = type });
            items[i] = Last<MissionItemInt>();
        }

        return items;
    }

    public static MissionItemInt Item(MavCmd command, GeoPoint? place = null, float altitude = 0, float p1 = 0, float p2 = 0, float p3 = 0, MavFrame frame = MavFrame.GlobalRelativeAlt) =>
        new()
        {
            Command = command,
            Frame = frame,
            Param1 = p1,
            Param2 = p2,
            Param3 = p3,
            Autocontinue = 1,
            X = place?.LatitudeE7 ?? 0,
            Y = place?.LongitudeE7 ?? 0,
            Z = altitude,
        };

    /// <summary>A place some metres from home.</summary>
    public static GeoPoint At(double north, double east) => new(
        HomePlace.LatitudeDeg + (north / 111_319.49), HomePlace.LongitudeDeg + (east / (111_319.49 * Math.Cos(HomePlace.LatitudeDeg * Math.PI / 180))));

    private void Hear(ReadOnlySpan<byte> datagram)
    {
        Bytes.Write(datagram);
        if (!MavlinkFrame.TryParse(datagram, MessageCatalog.Default, out var frame))
        {
            Console.Append(Encoding.ASCII.GetString(datagram));
            return;
        }

        Log.Add(new(Seconds, frame.MessageId, frame.Sequence, datagram.ToArray()));
    }
}
