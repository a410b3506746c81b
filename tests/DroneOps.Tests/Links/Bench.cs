using System.Threading.Channels;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DroneOps.Tests.Links;

/// <summary>Links and a router on a clock that the test moves, and everything the router passed up, in order.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public static readonly MavlinkAddress Ground = new(255, 190);

    private readonly Channel<ReceivedFrame> _passed = Channel.CreateUnbounded<ReceivedFrame>();
    private readonly List<(Link Link, Task<Exception?> Run)> _links = [];
    private readonly CancellationTokenSource _ending = new();

    public Bench()
        : this(new RouterOptions())
    {
    }

    public Bench(RouterOptions options)
    {
        Transports = new LinkTransports(MessageCatalog.Default, Time);
        Router = new Router(options, MessageCatalog.Default, Time, frame => _passed.Writer.TryWrite(frame));
    }

    public WatchedTime Time { get; } = new();

    public LinkTransports Transports { get; }

    public Router Router { get; }

    /// <summary>A memory link that is attached and open, and its far end.</summary>
    public async Task<(Link Link, MemoryLink Far)> OpenMemoryAsync(string name, string query = "", LinkOptions? options = null)
    {
        var far = Transports.OfferMemory(name);
        return (await OpenAsync($"memory://{name}{query}", options), far);
    }

    public async Task<Link> OpenAsync(string uri, LinkOptions? options = null)
    {
        var link = Make(uri, options);
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        link.StateChanged += (_, state) =>
        {
            if (state == LinkState.Open)
                open.TrySetResult();
        };
        var run = link.RunAsync(_ending.Token);
        _links.Add((link, run));
        await await Task.WhenAny(open.Task, run);
        Assert.Equal(LinkState.Open, link.State);
        return link;
    }

    public Link Make(string uri, LinkOptions? options = null)
    {
        Link link = new(new LinkId(_links.Count + 1), LinkUri.Parse(uri), options ?? new LinkOptions(), Transports, NullLogger<Link>.Instance);
        Router.Attach(link);
        return link;
    }

    public async Task<ReceivedFrame> NextAsync() => await _passed.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public int PassedWaiting => _passed.Reader.Count;

    public static byte[] HeartbeatOf(byte system, byte sequence, byte component = 1) =>
        FrameOf(new Heartbeat { Type = MavType.Quadrotor, Autopilot = MavAutopilot.Ardupilotmega, MavlinkVersion = 3 }, system, sequence, component);

    public static byte[] FrameOf<T>(in T message, byte system, byte sequence, byte component = 1)
        where T : unmanaged, IMavlinkMessage<T>
    {
        var buffer = new byte[MavlinkFrame.MaxLength];
        return buffer[..FrameWriter.Write(buffer, message, new MavlinkAddress(system, component), sequence)];
    }

    public static MavlinkFrame Parse(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(MavlinkFrame.TryParse(bytes.Span, MessageCatalog.Default, out var frame));
        return frame;
    }

    public static async Task<ReadOnlyMemory<byte>> ReceiveAsync(MemoryLink end)
    {
        ReadOnlyMemory<byte> datagram;
        while (!end.TryReceive(out datagram))
            Assert.True(await end.WaitToReceiveAsync(TestContext.Current.CancellationToken));
        return datagram;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (var (link, run) in _links)
        {
            await run;
            await link.DisposeAsync();
        }

        _ending.Dispose();
    }
}

/// <summary>A clock that the test moves, and that tells which timers were set: so a test can wait until somebody waits.</summary>
internal sealed class WatchedTime() : FakeTimeProvider(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer is set that is due within the given span.</summary>
    public async Task<TimeSpan> TimerAsync(TimeSpan shortest, TimeSpan longest)
    {
        await foreach (var due in _timers.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (due >= shortest && due <= longest)
                return due;
        }

        throw new InvalidOperationException("The clock ended.");
    }
}
