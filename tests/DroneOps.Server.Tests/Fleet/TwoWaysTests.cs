using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using LinkOptions = DroneOps.Links.LinkOptions;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>A vehicle on two links, the better of which dies without a word: for some seconds it still counts as the way to go.</summary>
public sealed class TwoWaysTests
{
    [Fact]
    public async Task A_return_comes_by_the_other_link_within_three_seconds_though_the_one_in_use_has_just_died()
    {
        await using var ways = await TwoWays.StartAsync();
        ways.LteIsDead = true;
        await ways.RunAsync(TimeSpan.FromSeconds(0.3));

        var order = ways.Loop.Command(new VehicleCommand.ReturnToLaunch())!;
        await ways.RunAsync(TimeSpan.FromSeconds(3));

        Assert.Contains(MavCmd.NavReturnToLaunch, ways.ByRadio);
        Assert.IsType<CommandOutcome.Accepted>(((VehicleFact.CommandConcluded)await order).Outcome);
        Assert.Equal([MavCmd.NavReturnToLaunch, MavCmd.NavReturnToLaunch], ways.ByLte);
    }

    [Fact]
    public async Task A_command_that_changes_the_state_goes_once_and_by_one_link()
    {
        await using var ways = await TwoWays.StartAsync();
        ways.LteIsDead = true;

        var order = ways.Loop.Command(new VehicleCommand.Arm())!;
        await ways.RunAsync(TimeSpan.FromSeconds(5));

        Assert.Equal([MavCmd.ComponentArmDisarm], ways.ByLte);
        Assert.Empty(ways.ByRadio);
        Assert.IsType<CommandOutcome.Unknown>(((VehicleFact.CommandConcluded)await order).Outcome);
    }

    /// <summary>The loop of a vehicle with its links, on a clock that the test moves, and a vehicle that beats its heart and takes orders.</summary>
    private sealed class TwoWays : IAsyncDisposable
    {
        private const int TicksOfABeat = 10;
        private static readonly MavlinkAddress Ground = new(255, 190);

        private readonly FakeTimeProvider _time = new(TestServer.Begin);
        private readonly Quiescence _quiescence = new();
        private readonly CancellationTokenSource _ending = new();
        private readonly List<(Link Link, Task Life)> _links = [];
        private readonly LinkTransports _transports;
        private readonly Router _router;
        private readonly MemoryLink _lte;
        private readonly MemoryLink _radio;
        private int _ticks;
        private byte _sequence;

        private TwoWays()
        {
            _transports = new(MessageCatalog.Default, _time);
            (_lte, _radio) = (_transports.OfferMemory("lte"), _transports.OfferMemory("radio"));
            _router = new(new RouterOptions(), MessageCatalog.Default, _time, frame => Loop!.Post(frame));
            Loop = new(
                new Vehicle(new("default", 1), new VehicleOptions { Streams = [], AuditFailsafes = false, FindVideo = false }, Ground),
                new VehiclePorts(_router, Ground, _time, _quiescence, _ => { }, (_, _) => ValueTask.CompletedTask, _ => { }),
                NullLogger<VehicleLoop>.Instance);
        }

        public VehicleLoop Loop { get; }

        /// <summary>Nothing comes by this link any more, in either direction; nobody is told.</summary>
        public bool LteIsDead { get; set; }

        /// <summary>The commands that were sent by each link, without questions.</summary>
        public List<MavCmd> ByLte { get; } = [];

        public List<MavCmd> ByRadio { get; } = [];

        /// <summary>Both links are open, and the vehicle was just heard on both.</summary>
        public static async Task<TwoWays> StartAsync()
        {
            TwoWays ways = new();
            await ways.OpenAsync("memory://lte?priority=1");
            await ways.OpenAsync("memory://radio?priority=2");
            await ways.RunAsync(TimeSpan.FromSeconds(4.1));
            return ways;
        }

        public async Task RunAsync(TimeSpan span)
        {
            for (var end = _time.GetUtcNow() + span; _time.GetUtcNow() < end;)
            {
                if (_ticks++ % TicksOfABeat == 0)
                    Say(new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, MavlinkVersion = 3 });
                _time.Advance(Gateway.TickEvery);
                Loop.Tick();
                await SettleAsync();
                Take(_lte, ByLte, isHeard: !LteIsDead);
                Take(_radio, ByRadio, isHeard: true);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Loop.DisposeAsync();
            await _ending.CancelAsync();
            foreach (var (link, life) in _links)
            {
                await life;
                await link.DisposeAsync();
            }

            _ending.Dispose();
        }

        private async Task OpenAsync(string uri)
        {
            Link link = new(new LinkId(_links.Count + 1), LinkUri.Parse(uri), new LinkOptions(), _transports, NullLogger<Link>.Instance);
            _router.Attach(link);
            TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
            link.StateChanged += (_, state) =>
            {
                if (state == LinkState.Open)
                    open.TrySetResult();
            };
            _links.Add((link, link.RunAsync(_ending.Token)));
            await open.Task;
        }

        private void Say<T>(in T message)
            where T : unmanaged, IMavlinkMessage<T>
        {
            var frame = new byte[MavlinkFrame.MaxLength];
            var length = FrameWriter.Write(frame, message, new MavlinkAddress(1, 1), _sequence++);
            if (!LteIsDead)
                _lte.TrySend(frame.AsSpan(0, length));
            _radio.TrySend(frame.AsSpan(0, length));
        }

        private void Take(MemoryLink link, List<MavCmd> commands, bool isHeard)
        {
            while (link.TryReceive(out var datagram))
            {
                Assert.True(MavlinkFrame.TryParse(datagram.Span, MessageCatalog.Default, out var frame));
                if (!frame.Is<CommandLong>() || frame.Decode<CommandLong>() is not { Command: not MavCmd.RequestMessage and var command })
                    continue;
                commands.Add(command);
                if (isHeard)
                    Say(new CommandAck { Command = command, TargetSystem = Ground.SystemId, TargetComponent = Ground.ComponentId });
            }
        }

        private async Task SettleAsync()
        {
            await _router.WhenIdleAsync();
            await _quiescence.WhenIdleAsync();
            await _router.WhenIdleAsync();
        }
    }
}
