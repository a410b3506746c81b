using System.Text.Json;
using DroneOps.FirmwareBridge;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Tests.Links;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DroneOps.Tests.Bridge;

public sealed class BridgeTests : IAsyncDisposable
{
    private readonly WatchedTime _time = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly StringWriter _output = new();
    private readonly LinkTransports _transports;
    private readonly MemoryLink _autopilot;
    private readonly MemoryLink _server;
    private FirmwareBridge.Bridge? _bridge;
    private Task _running = Task.CompletedTask;

    public BridgeTests()
    {
        _transports = new LinkTransports(MessageCatalog.Default, _time);
        _autopilot = _transports.OfferMemory("autopilot");
        _server = _transports.OfferMemory("server");
    }

    [Fact]
    public async Task Frames_pass_both_ways_as_they_came()
    {
        Start("--vehicle", "memory://autopilot", "--server", "memory://server");
        var beat = Bench.HeartbeatOf(1, 200);
        _autopilot.TrySend(beat);
        Assert.Equal(beat, (await Bench.ReceiveAsync(_server)).ToArray());

        var command = Bench.FrameOf(new CommandLong { TargetSystem = 1, TargetComponent = 1, Command = MavCmd.NavLand }, 255, 9, 190);
        _server.TrySend(command);
        Assert.Equal(command, (await Bench.ReceiveAsync(_autopilot)).ToArray());
    }

    [Fact]
    public async Task A_sender_that_repeats_itself_to_the_byte_is_relayed_each_time()
    {
        Start("--vehicle", "memory://autopilot", "--server", "memory://server");
        for (var i = 0; i < 3; i++)
        {
            _autopilot.TrySend(Bench.HeartbeatOf(1, 0));
            await Bench.ReceiveAsync(_server);
        }
    }

    [Fact]
    public async Task Two_uplinks_both_get_the_vehicle_and_do_not_hear_each_other()
    {
        var second = _transports.OfferMemory("second");
        Start("--vehicle", "memory://autopilot", "--server", "memory://server", "--server", "memory://second");
        _autopilot.TrySend(Bench.HeartbeatOf(1, 0));
        await Bench.ReceiveAsync(_server);
        await Bench.ReceiveAsync(second);

        _server.TrySend(Bench.HeartbeatOf(255, 0, 190));
        await Bench.ReceiveAsync(_autopilot);
        foreach (var link in _bridge!.Servers)
            await link.WhenIdleAsync();
        Assert.False(second.TryReceive(out _));
    }

    [Fact]
    public async Task The_bridge_itself_says_nothing()
    {
        Start("--vehicle", "memory://autopilot", "--server", "memory://server", "--status", "0");
        for (var second = 0; second < 30; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var link in _bridge!.Servers.Concat(_bridge.Vehicles))
            await link.WhenIdleAsync();
        Assert.False(_server.TryReceive(out _));
        Assert.False(_autopilot.TryReceive(out _));
    }

    [Fact]
    public async Task A_status_line_in_json_counts_what_passed()
    {
        Start("--vehicle", "memory://autopilot", "--server", "memory://server", "--status", "5", "--json");
        _autopilot.TrySend([.. "Init ArduCopter\n"u8, .. Bench.HeartbeatOf(1, 0)]);
        await Bench.ReceiveAsync(_server);
        await _bridge!.Servers[0].WhenIdleAsync();
        _time.Advance(TimeSpan.FromSeconds(5));
        await _ending.CancelAsync();
        await _running;

        using var status = JsonDocument.Parse(_output.ToString().Split('\n')[0]);
        Assert.Equal(5, status.RootElement.GetProperty("uptimeS").GetDouble());
        var vehicle = status.RootElement.GetProperty("vehicles")[0];
        Assert.Equal("memory://autopilot", vehicle.GetProperty("link").GetString());
        Assert.Equal("open", vehicle.GetProperty("state").GetString());
        Assert.Equal((1, 16), (vehicle.GetProperty("receivedFrames").GetInt32(), vehicle.GetProperty("skippedBytes").GetInt32()));
        Assert.Equal(1, status.RootElement.GetProperty("servers")[0].GetProperty("sentFrames").GetInt32());
    }

    [Theory]
    [InlineData("needs a --vehicle", "--server", "udp://10.0.0.1:14550")]
    [InlineData("needs a --server", "--vehicle", "serial:///dev/ttyACM0")]
    [InlineData("'--fast' is no option", "--fast")]
    [InlineData("--server needs a value", "--server")]
    [InlineData("'soon' is no number", "--status", "soon")]
    [InlineData("port is missing", "--server", "udp://10.0.0.1")]
    [InlineData("one network", "--vehicle", "serial:///dev/ttyACM0?network=a", "--server", "udp://10.0.0.1:14550")]
    public void Bad_usage_is_said_in_a_sentence(string part, params string[] arguments)
    {
        Assert.False(BridgeOptions.TryParse(arguments, out _, out var error));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        if (_bridge is not null)
            await _bridge.DisposeAsync();
        _ending.Dispose();
        await _output.DisposeAsync();
    }

    private void Start(params string[] arguments)
    {
        Assert.True(BridgeOptions.TryParse(arguments, out var options, out var error), error);
        _bridge = new FirmwareBridge.Bridge(options, _transports, new Random(1), NullLoggerFactory.Instance);
        _running = _bridge.RunAsync(_output, _ending.Token);
    }
}
