using System.Net;
using System.Net.Sockets;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Benchmarks.Feed;

/// <summary>Plays a flying fleet to the server's UDP port from a thread of its own: each vehicle from its own socket, 25 messages a second
/// (ten of them positions), spread evenly over time. Requests are answered as an autopilot does, so that the server sees a fleet
/// that is set up, not one that is deaf.</summary>
internal sealed class VehicleSender : IDisposable
{
    public const int MessagesPerSecond = 25;

    private const uint Guided = 4;
    private const uint Auto = 3;
    private const int SecondsPerMode = 20;

    private static readonly TimeSpan Slot = TimeSpan.FromSeconds(1.0 / MessagesPerSecond);

    // What each of the 25 messages of a second is.
    private static readonly uint[] Second =
    [
        GlobalPositionInt.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, Heartbeat.MsgId,
        GlobalPositionInt.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, SysStatus.MsgId,
        GlobalPositionInt.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, ExtendedSysState.MsgId,
        GlobalPositionInt.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, VfrHud.MsgId, BatteryStatus.MsgId,
        GlobalPositionInt.MsgId, Attitude.MsgId, GlobalPositionInt.MsgId, GpsRawInt.MsgId, EkfStatusReport.MsgId,
    ];

    private readonly StampBook _stamps;
    private readonly Socket[] _sockets;
    private readonly SocketAddress _server; // not connected: a drone goes on talking while the server restarts
    private readonly byte[] _sequences;
    private readonly long[] _positions;
    private readonly byte[] _buffer = new byte[MavlinkFrame.MaxLength];
    private readonly byte[] _heard = new byte[2048];
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _sent;
    private int _silent;

    public VehicleSender(int vehicles, int port, StampBook stamps)
    {
        _stamps = stamps;
        _sequences = new byte[vehicles];
        _positions = new long[vehicles];
        _sockets = [.. Enumerable.Range(0, vehicles).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false })];
        _server = new IPEndPoint(IPAddress.Loopback, port).Serialize();
        _thread = new Thread(Run) { IsBackground = true, Name = "vehicles" };
        _thread.Start();
    }

    /// <summary>Datagrams sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>So many vehicles say nothing any more.</summary>
    public void Silence(int vehicles) => Volatile.Write(ref _silent, vehicles);

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        foreach (var socket in _sockets)
            socket.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var began = TimeProvider.System.GetTimestamp();
        var apart = Slot / _sockets.Length;
        for (long turn = 0; !_stop.IsSet;)
        {
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            for (var due = (long)(elapsed / apart); turn < due; turn++)
                Speak((int)(turn % _sockets.Length), turn / _sockets.Length, elapsed);
            _stop.Wait(TimeSpan.FromMilliseconds(1));
        }
    }

    private void Speak(int vehicle, long slot, TimeSpan elapsed)
    {
        var (second, at) = Math.DivRem(slot, MessagesPerSecond);
        var ms = (uint)(10_000 + elapsed.TotalMilliseconds);
        switch (Second[at])
        {
            case GlobalPositionInt.MsgId:
                var east = (int)(slot * 20 % 100_000);
                var number = _stamps.NotePosition(vehicle, _positions[vehicle]++);
                Send(vehicle, new GlobalPositionInt { TimeBootMs = ms, Lat = 245_130_000 + (vehicle * 900), Lon = 1_176_550_000 + east, Alt = number + 11_000, RelativeAlt = number, Vx = 120, Vy = 790, Vz = -11, Hdg = 8_150 });
                break;
            case Attitude.MsgId:
                Send(vehicle, new Attitude { TimeBootMs = ms, Roll = 0.0213f * (slot % 7), Pitch = -0.0871f, Yaw = 1.4224f, Rollspeed = 0.01f, Pitchspeed = 0.02f, Yawspeed = 0.001f });
                break;
            case VfrHud.MsgId:
                Send(vehicle, new VfrHud { Airspeed = 8.12f, Groundspeed = 7.98f, Alt = 71.3f, Climb = 0.11f, Heading = 81, Throttle = 43 });
                break;
            case Heartbeat.MsgId:
                BeatAndListen(vehicle, second);
                break;
            case SysStatus.MsgId:
                const MavSysStatusSensor sensors = (MavSysStatusSensor)0x1361FCAF;
                Send(vehicle, new SysStatus { OnboardControlSensorsPresent = sensors, OnboardControlSensorsEnabled = sensors, OnboardControlSensorsHealth = sensors, Load = 310, VoltageBattery = 22_817, CurrentBattery = 1_450, BatteryRemaining = 77 });
                break;
            case ExtendedSysState.MsgId:
                Send(vehicle, new ExtendedSysState { LandedState = MavLandedState.InAir });
                break;
            case BatteryStatus.MsgId:
                BatteryStatus battery = new() { CurrentConsumed = 1200, Temperature = 3100, CurrentBattery = 1450, BatteryRemaining = 77, ChargeState = MavBatteryChargeState.Ok };
                battery.SetVoltages([3803, 3801, 3799, 3800, 3802, 3812, ushort.MaxValue, ushort.MaxValue, ushort.MaxValue, ushort.MaxValue]);
                Send(vehicle, battery);
                break;
            case GpsRawInt.MsgId:
                Send(vehicle, new GpsRawInt { TimeUsec = ms * 1000UL, Lat = 245_130_000, Lon = 1_176_550_000, Alt = 71_000, Eph = 80, Epv = 110, Vel = 800, Cog = 8_150, FixType = GpsFixType.RtkFixed, SatellitesVisible = 17 });
                break;
            default:
                Send(vehicle, new EkfStatusReport { Flags = (EkfStatusFlags)0x33f });
                break;
        }
    }

    private void BeatAndListen(int vehicle, long second)
    {
        // Modes change at another second for each vehicle.
        var (turns, since) = Math.DivRem(second + vehicle, SecondsPerMode);
        if (since == 0)
            _stamps.NoteMode(vehicle);
        Send(vehicle, new Heartbeat { Type = MavType.Hexarotor, Autopilot = MavAutopilot.Ardupilotmega, BaseMode = (MavModeFlag)0xD9, CustomMode = (turns & 1) == 0 ? Auto : Guided, SystemStatus = MavState.Active, MavlinkVersion = 3 });
        while (_sockets[vehicle].Available > 0)
        {
            FrameScanner scanner = new(_heard.AsSpan(0, _sockets[vehicle].Receive(_heard)), MessageCatalog.Default, isFinal: true);
            while (scanner.TryRead(out var frame))
            {
                if (frame.Is<CommandLong>())
                    Answer(vehicle, frame.Decode<CommandLong>());
            }
        }
    }

    private void Answer(int vehicle, in CommandLong command)
    {
        if (command.Command == MavCmd.RequestMessage && (uint)command.Param1 == AutopilotVersion.MsgId)
            Send(vehicle, new AutopilotVersion { FlightSwVersion = 0x040603FF, Uid = (ulong)(0xD0E0000 + vehicle) });
        Send(vehicle, new CommandAck { Command = command.Command, Result = MavResult.Accepted });
    }

    private void Send<T>(int vehicle, in T message)
        where T : unmanaged, IMavlinkMessage<T>
    {
        if (vehicle < Volatile.Read(ref _silent))
            return;
        var length = FrameWriter.Write(_buffer, message, new MavlinkAddress((byte)(vehicle + 1), 1), _sequences[vehicle]++);
        _sockets[vehicle].SendTo(_buffer.AsSpan(0, length), SocketFlags.None, _server);
        Interlocked.Increment(ref _sent);
    }
}
