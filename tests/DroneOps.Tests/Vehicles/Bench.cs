using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>A vehicle under test, a clock that is moved by hand, and what the vehicle said and told. The other side is played by
/// <see cref="OnSent"/>.</summary>
internal sealed class Bench
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly byte[] _buffer = new byte[MavlinkFrame.MaxLength];
    private readonly Queue<(DateTimeOffset At, byte[] Frame)> _onTheWay = new();
    private DateTimeOffset _nextHeartbeat = DateTimeOffset.MaxValue;

    public Bench(VehicleOptions? options = null)
    {
        Options = options ?? new VehicleOptions { Streams = [], AuditFailsafes = false, FindVideo = false };
        Vehicle = new(new("test", 1), Options, new(255, 190));
    }

    public VehicleOptions Options { get; }

    public Vehicle Vehicle { get; }

    public DateTimeOffset Now { get; private set; } = Start;

    public List<VehicleFact> Facts { get; } = [];

    public List<Outgoing> Sent { get; } = [];

    /// <summary>Plays the vehicle's side: what it does with each message that reaches it.</summary>
    public Action<OutgoingMessage>? OnSent { get; set; }

    /// <summary>Called before each step of the clock.</summary>
    public Action<DateTimeOffset>? OnStep { get; set; }

    public bool Armed { get; set; }

    public CopterMode Mode { get; set; } = CopterMode.Stabilize;

    public uint CustomMode { get; set; }

    public MavAutopilot Autopilot { get; set; } = MavAutopilot.Ardupilotmega;

    public MavType Type { get; set; } = MavType.Quadrotor;

    /// <summary>A bench whose copter is known, down to its hardware, and beats its heart.</summary>
    public static Bench WithCopter(VehicleOptions? options = null)
    {
        Bench bench = new(options);
        bench.Beat();
        bench.Receive(Version(1));
        bench.Sent.Clear();
        bench.Facts.Clear();
        return bench;
    }

    /// <summary>AUTOPILOT_VERSION of a piece of hardware.</summary>
    public static AutopilotVersion Version(byte hardware)
    {
        AutopilotVersion version = new() { FlightSwVersion = 0x04070000 };
        version.SetUid2([hardware, 2, 3]);
        return version;
    }

    /// <summary>A heartbeat now, and from here on one a second.</summary>
    public void Beat()
    {
        Receive(Heartbeat());
        _nextHeartbeat = Now + TimeSpan.FromSeconds(1);
    }

    public void StopBeating() => _nextHeartbeat = DateTimeOffset.MaxValue;

    public Heartbeat Heartbeat() => new()
    {
        Type = Type,
        Autopilot = Autopilot,
        BaseMode = MavModeFlag.CustomModeEnabled | (Armed ? MavModeFlag.SafetyArmed : 0),
        CustomMode = Autopilot == MavAutopilot.Ardupilotmega ? (uint)Mode : CustomMode,
        SystemStatus = MavState.Standby,
        MavlinkVersion = 3,
    };

    /// <summary>Puts a message of the vehicle on the wire; it arrives at once.</summary>
    public void Receive<T>(in T message, byte component = 1, byte system = 1)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var length = FrameWriter.Write(_buffer, message, new(system, component), 0);
        Receive(_buffer.AsSpan(0, length));
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        Assert.True(MavlinkFrame.TryParse(bytes, MessageCatalog.Default, out var frame));
        Vehicle.OnMessage(frame, Now);
        Drain();
    }

    /// <summary>A message of the vehicle that arrives with the next step of the clock.</summary>
    public void Reply<T>(in T message)
        where T : unmanaged, IMavlinkMessage<T> => ReplyAfter(message, TimeSpan.FromMilliseconds(1));

    public void ReplyAfter<T>(in T message, TimeSpan delay)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var length = FrameWriter.Write(_buffer, message, new(1, 1), 0);
        _onTheWay.Enqueue((Now + delay, _buffer.AsSpan(0, length).ToArray()));
    }

    public int Begin(VehicleCommand command)
    {
        var ticket = Vehicle.Begin(command, Now);
        Drain();
        return ticket;
    }

    public CommandOutcome? OutcomeOf(int ticket) =>
        Facts.OfType<VehicleFact.CommandConcluded>().SingleOrDefault(c => c.Ticket == ticket)?.Outcome;

    public PlanTransferResult? ResultOf(int ticket) =>
        Facts.OfType<VehicleFact.PlanTransferConcluded>().SingleOrDefault(c => c.Ticket == ticket)?.Result;

    public List<T> SentOf<T>()
        where T : unmanaged, IMavlinkMessage<T> => [.. Sent.Where(s => s.Message.Is<T>()).Select(s => s.Message.Decode<T>())];

    public List<CommandLong> SentCommands(MavCmd command) => SentOf<CommandLong>().FindAll(c => c.Command == command);

    /// <summary>Moves the clock on, in steps of 20 ms.</summary>
    public void Run(TimeSpan time)
    {
        for (var end = Now + time; Now < end;)
            Step();
    }

    public void RunUntil(Func<bool> done, TimeSpan atMost)
    {
        for (var end = Now + atMost; !done() && Now < end;)
            Step();
        Assert.True(done(), $"not done within {atMost}");
    }

    public void Step()
    {
        Now += TimeSpan.FromMilliseconds(20);
        OnStep?.Invoke(Now);
        if (Now >= _nextHeartbeat)
        {
            Receive(Heartbeat());
            _nextHeartbeat += TimeSpan.FromSeconds(1);
        }

        for (var n = _onTheWay.Count; n > 0; n--)
        {
            var (at, frame) = _onTheWay.Dequeue();
            if (at <= Now)
                Receive(frame);
            else
                _onTheWay.Enqueue((at, frame));
        }

        Vehicle.Tick(Now);
        Drain();
    }

    /// <summary>Answers every command like a copter that can do what it is told.</summary>
    public void ObeyCommands()
    {
        OnSent = message =>
        {
            if (message.Is<CommandLong>())
                Obey(message.Decode<CommandLong>().Command, message.Decode<CommandLong>());
            else if (message.Is<CommandInt>())
                Ack(message.Decode<CommandInt>().Command, MavResult.Accepted);
        };
    }

    public void Ack(MavCmd command, MavResult result, byte progress = 0) => Reply(new CommandAck
    {
        Command = command,
        Result = result,
        Progress = progress,
        TargetSystem = 255,
        TargetComponent = 190,
    });

    public void Say(string text, MavSeverity severity = MavSeverity.Critical) => Receive(new Statustext { Severity = severity, Text = text });

    private void Obey(MavCmd command, in CommandLong message)
    {
        Ack(command, MavResult.Accepted);
        switch (command)
        {
            case MavCmd.DoSetMode:
                Mode = (CopterMode)message.Param2;
                Reply(Heartbeat());
                break;
            case MavCmd.MissionStart:
                Mode = CopterMode.Auto;
                Reply(Heartbeat());
                break;
            case MavCmd.ComponentArmDisarm:
                // Not told at once: the armed bit waits for the next heartbeat of the second.
                Armed = message.Param1 == 1;
                break;
        }
    }

    private void Drain()
    {
        while (Vehicle.TryTakeOutgoing(out var outgoing))
        {
            Sent.Add(outgoing);
            OnSent?.Invoke(outgoing.Message);
        }

        while (Vehicle.TryTakeFact(out var fact))
            Facts.Add(fact);
    }
}
