using DroneOps.Links;
using DroneOps.Mavlink;
using Microsoft.Extensions.Logging;

namespace DroneOps.FirmwareBridge;

/// <summary>Relays frames between an autopilot and the ground, both ways, as they are. It has no voice of its own: what the
/// ground hears through it is the vehicle alone, and silence means that the vehicle is silent.</summary>
internal sealed class Bridge : IAsyncDisposable
{
    private readonly BridgeOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Link> _vehicles = [];
    private readonly List<Link> _servers = [];
    private readonly List<LinkKeeper> _keepers = [];
    private readonly long _began;

    public Bridge(BridgeOptions options, LinkTransports transports, Random random, ILoggerFactory logging)
    {
        _options = options;
        _time = transports.Time;
        _began = _time.GetTimestamp();
        // A relay drops no repeats: that is for the server to judge, which sees all ways.
        RouterOptions routing = new() { Forwards = true, DuplicateWindow = TimeSpan.Zero, DuplicateCapacity = 1024, PooledFrames = 2048 };
        Router router = new(routing, MessageCatalog.Default, _time, Pass);
        foreach (var uri in options.Vehicles)
            _vehicles.Add(Make(uri));
        foreach (var uri in options.Servers)
            _servers.Add(Make(uri));

        Link Make(LinkUri uri)
        {
            Link link = new(new LinkId(_keepers.Count + 1), uri, new LinkOptions(), transports, logging.CreateLogger<Link>());
            router.Attach(link);
            _keepers.Add(new LinkKeeper(link, new BackOff(), random, _time, logging.CreateLogger<LinkKeeper>()));
            return link;
        }
    }

    /// <summary>Links to the vehicle.</summary>
    public IReadOnlyList<Link> Vehicles => _vehicles;

    /// <summary>Links to the ground.</summary>
    public IReadOnlyList<Link> Servers => _servers;

    /// <summary>Relays until the token ends it, writing a status line now and then.</summary>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        List<Task> running = [.. _keepers.Select(keeper => keeper.RunAsync(cancellationToken))];
        if (_options.StatusEvery > TimeSpan.Zero)
            running.Add(ReportAsync(output, cancellationToken));
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _vehicles.Concat(_servers))
            await link.DisposeAsync();
    }

    // The router has queued the frame on every link that it is for. Here is where a copy can be kept for the time when
    // no uplink is open.
    private static void Pass(ReceivedFrame frame) => frame.Dispose();

    private async Task ReportAsync(TextWriter output, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(_options.StatusEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await output.WriteLineAsync(StatusLine());
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private string StatusLine()
    {
        BridgeStatus status = new(
            _time.GetElapsedTime(_began), [.. _vehicles.Select(link => link.Status())], [.. _servers.Select(link => link.Status())]);
        return _options.WritesJson ? status.ToJson() : status.ToString();
    }
}
