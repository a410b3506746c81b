using System.Collections.Concurrent;
using System.Threading.Channels;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Cluster;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;
using LinkOptions = DroneOps.Links.LinkOptions;

namespace DroneOps.Server.Fleet;

/// <summary>This node's way to its vehicles: owns the links, the router, one loop per vehicle, and our own heartbeat.</summary>
/// <remarks>The tick of all loops is one timer, and it goes the way that commands go: through the gateway's own queue into every loop. The
/// heartbeat is fed where that way ends, so it stops when the way is blocked (F02).</remarks>
internal sealed partial class Gateway : IHostedService, IAsyncDisposable
{
    /// <summary>How often vehicles look at the clock.</summary>
    public static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(100);

    private const int ArrivalQueue = 256;
    private const int RefusalQueue = 64;
    private static readonly TimeSpan StoreClocksEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<VehicleKey, GatewayVehicle> _vehicles = new();
    private readonly Channel<ReceivedFrame> _arrivals = Channel.CreateBounded<ReceivedFrame>(new BoundedChannelOptions(ArrivalQueue) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly ConcurrentDictionary<string, NetworkHeartbeat> _heartbeats = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<FleetEvent> _refusals = Channel.CreateBounded<FleetEvent>(new BoundedChannelOptions(RefusalQueue) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly List<Task> _running = [];
    private readonly LinkTransports _transports;
    private readonly VehicleRegistry _registry;
    private readonly VehicleDesk _desk;
    private readonly Assignments _assignments;
    private readonly MessageTap _tap;
    private readonly FleetEvents _events;
    private readonly Quiescence _quiescence;
    private readonly TimeProvider _time;
    private readonly SigningKeys _keys;
    private readonly FleetOptions _options;
    private readonly LinksOptions _linkUris;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<Gateway> _logger;
    private readonly MavlinkAddress _self;
    private ITimer? _timer;
    private DateTimeOffset _clocksStoredAt;
    private bool _isStopped;

    public Gateway(
        LinkTransports transports, SigningKeys keys, FleetMetrics metrics, VehicleRegistry registry, VehicleDesk desk, Assignments assignments, MessageTap tap, FleetEvents events, Quiescence quiescence,
        TimeProvider time, IOptions<FleetOptions> options, IOptions<LinksOptions> links, ILoggerFactory loggers)
    {
        _transports = transports;
        _keys = keys;
        _registry = registry;
        _desk = desk;
        _assignments = assignments;
        _tap = tap;
        _events = events;
        _quiescence = quiescence;
        _time = time;
        _options = options.Value;
        _linkUris = links.Value;
        _loggers = loggers;
        _logger = loggers.CreateLogger<Gateway>();
        _self = new(_options.SystemId, _options.ComponentId);
        Router = new Router(new RouterOptions(), MessageCatalog.Default, time, OnFrame);
        metrics.Watch(Router, () => _vehicles.Values.Sum(vehicle => vehicle.Loop.DroppedFrames));
    }

    /// <summary>The links and the ways to vehicles.</summary>
    public Router Router { get; }

    /// <summary>The loop of a vehicle whose link is on this node, or null. Of one that came under several addresses, that of the one it is heard at.</summary>
    public VehicleLoop? LoopOf(string vehicleId) =>
        (_speaking.TryGetValue(vehicleId, out var speaking) && speaking.Id == vehicleId ? speaking : _vehicles.Values.FirstOrDefault(vehicle => vehicle.Id == vehicleId))?.Loop;

    /// <summary>Whether our heartbeats go out: the command path is alive. A network nobody has answered in yet has none that could die.</summary>
    public bool IsAlive => _heartbeats.Values.All(heartbeat => IsEmpty(heartbeat.Network) || heartbeat.IsAlive(_time.GetUtcNow()));

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LinkUri[] uris = _linkUris.Parse();
        _keys.Load([.. uris.Select(uri => uri.Network)]);
        await _registry.LoadAsync(cancellationToken);
        _desk.ShowRegistered();
        await _assignments.RestoreAsync(cancellationToken);
        foreach (var (index, uri) in uris.Index())
            await OpenAsync(new LinkId(index + 1), uri, cancellationToken);
        _running.Add(Task.Run(() => WelcomeAsync(_stopping.Token), CancellationToken.None));
        _running.Add(Task.Run(() => TellRefusalsAsync(_stopping.Token), CancellationToken.None));
        _timer = _time.CreateTimer(_ => Tick(), null, TickEvery, TickEvery);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The host stops it and then disposes it.
        if (_isStopped)
            return;
        _isStopped = true;
        if (_timer is not null)
            await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        _arrivals.Writer.TryComplete();
        await Task.WhenAll(_running);
        await Task.WhenAll(_vehicles.Values.Select(vehicle => vehicle.Proving));
        foreach (var vehicle in _vehicles.Values)
            await vehicle.Loop.DisposeAsync();
        foreach (var link in Router.Links)
            await link.DisposeAsync();
        StoreClocks();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task OpenAsync(LinkId id, LinkUri uri, CancellationToken cancellation)
    {
        var link = new Link(id, uri, new LinkOptions { Signing = _keys.For(id, uri.Network) }, _transports, _loggers.CreateLogger<Link>());
        link.SignatureRefused += refusal => OnRefused(uri.Network, refusal.SystemId, FrameRefusal.Signature, refusal.Peer, refusal.At);
        link.ConflictSeen += conflict => OnRefused(uri.Network, conflict.SystemId, FrameRefusal.OtherEndpoint, conflict.Claimant, conflict.Since);
        Router.Attach(link);
        _heartbeats.TryAdd(uri.Network, new NetworkHeartbeat(uri.Network));

        // A listening port in use is a mistake of set-up, said at the start; what breaks later is reopened.
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        link.StateChanged += (_, state) =>
        {
            if (state == LinkState.Open)
                first.TrySetResult();
        };
        if (uri.Kind is LinkKind.UdpListen or LinkKind.TcpListen)
        {
            var run = link.RunAsync(_stopping.Token);
            await Task.WhenAny(first.Task, run);
            if (run.IsCompleted && await run is { } cause)
                throw new StartupException($"The link {uri} cannot be opened: {cause.Message}", cause);
            _running.Add(KeepAfterAsync(run, link));
            return;
        }

        _running.Add(KeepAsync(link));
    }

    private async Task KeepAfterAsync(Task<Exception?> firstLife, Link link)
    {
        await firstLife;
        await KeepAsync(link);
    }

    private Task KeepAsync(Link link) =>
        new LinkKeeper(link, new BackOff(), Random.Shared, _time, _loggers.CreateLogger<LinkKeeper>()).RunAsync(_stopping.Token);

    /// <summary>Called by the router under its lock: only queues.</summary>
    private void OnFrame(ReceivedFrame frame)
    {
        if (_vehicles.TryGetValue(new(frame.Network, frame.SystemId), out var vehicle))
        {
            _tap.Show(vehicle.Id, frame);
            vehicle.Loop.Post(frame);
            return;
        }

        _quiescence.Begin();
        if (!IsVehicle(frame) || !_arrivals.Writer.TryWrite(frame))
        {
            frame.Dispose();
            _quiescence.End();
        }
    }

    /// <summary>A vehicle announces itself by an autopilot's heartbeat; ground stations, cameras and id 0 do not make one.</summary>
    private static bool IsVehicle(ReceivedFrame received)
    {
        if (received.MessageId != Heartbeat.MsgId || received.SystemId == 0)
            return false;
        var heartbeat = received.View(MessageCatalog.Default).Decode<Heartbeat>();
        return heartbeat.Autopilot != MavAutopilot.Invalid && heartbeat.Type is not (MavType.Gcs or MavType.OnboardController or MavType.Gimbal or MavType.Camera or MavType.Adsb);
    }

    private async Task WelcomeAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in _arrivals.Reader.ReadAllAsync(cancellation))
            {
                try
                {
                    var vehicle = await AdmitAsync(new(frame.Network, frame.SystemId), cancellation);
                    _tap.Show(vehicle.Id, frame);
                    vehicle.Loop.Post(frame);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    // The next heartbeat, a second later, tries again.
                    frame.Dispose();
                    LogNotAdmitted(error, frame.Network, frame.SystemId);
                }
                finally
                {
                    _quiescence.End();
                }
            }
        }
        catch (OperationCanceledException)
        {
            while (_arrivals.Reader.TryRead(out var frame))
            {
                frame.Dispose();
                _quiescence.End();
            }
        }
    }

    /// <summary>Called on a link's reader: only queues.</summary>
    private void OnRefused(string network, byte systemId, FrameRefusal reason, string from, DateTimeOffset at) => _refusals.Writer.TryWrite(
        new FleetEvent.FramesRefused(_registry.All.LastOrDefault(entry => entry.Key.Network == network && entry.Key.SystemId == systemId)?.Id ?? "", at, systemId, reason, from));

    private async Task TellRefusalsAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var refused in _refusals.Reader.ReadAllAsync(cancellation))
                await _events.PublishAsync(refused, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Closing: what was refused is counted and in the log.
        }
    }

    private void StoreClocks()
    {
        try
        {
            _keys.StoreClocks();
        }
        catch (IOException error)
        {
            // The clock itself goes on; only a crash with a clock that was set back would notice.
            LogClocksNotStored(error);
        }
    }

    private async Task<GatewayVehicle> AdmitAsync(VehicleKey key, CancellationToken cancellation)
    {
        if (_vehicles.TryGetValue(key, out var known))
            return known;
        var (entry, isNew) = await _registry.AtAsync(key, cancellation);
        if (isNew)
            await _events.PublishAsync(new FleetEvent.Registered(entry.Id, _time.GetUtcNow(), entry.Name), cancellation);
        var vehicle = new Vehicle(key, new VehicleOptions { HeartbeatTimeout = TimeSpan.FromSeconds(_options.LinkLostAfterS), FailsafesMustBeOn = _options.FailsafesMustBeOn }, _self);
        var admitted = new GatewayVehicle(entry.Id);
        admitted.Loop = new VehicleLoop(
            vehicle,
            new VehiclePorts(
                Router, _self, _time, _quiescence,
                _heartbeats[key.Network].Feed,
                (fact, token) => OnFactAsync(admitted, fact, token),
                snapshot => Show(admitted, snapshot)),
            _loggers.CreateLogger<VehicleLoop>());
        _vehicles[key] = admitted;
        LogAdmitted(entry.Name, key);
        return admitted;
    }

    private async ValueTask OnFactAsync(GatewayVehicle vehicle, VehicleFact fact, CancellationToken cancellation)
    {
        Note(vehicle, fact);
        if (fact is VehicleFact.Discovered { Identity.HardwareId: { } first })
            await ProveAsync(vehicle, first, cancellation);
        else if (fact is VehicleFact.Identified { Identity.HardwareId: { } later })
            await ProveAsync(vehicle, later, cancellation);
        if (fact is VehicleFact.TextReceived { Severity: <= MavSeverity.Warning } text)
            _desk.Warn(vehicle.Id, text.Text);
        else if (fact is VehicleFact.Armed { MotorTest: false })
            _desk.Armed(vehicle.Id, fact.At);
        await _events.PublishAsync(new FleetEvent.Observed(vehicle.Id, fact), cancellation);
        if (fact is VehicleFact.Disarmed { MotorTest: false })
            _desk.Disarmed(vehicle.Id);

        // Told before it is proven: the conflict that is over was that of the vehicle it was taken for.
        if (fact is VehicleFact.IdentityResolved { Identity.HardwareId: { } left })
            vehicle.Unproven = new(left, fact.At);
    }

    private bool IsEmpty(string network) => _vehicles.Keys.All(key => key.Network != network);

    private void Tick()
    {
        var now = _time.GetUtcNow();
        foreach (var vehicle in _vehicles.Values)
        {
            vehicle.Loop.Tick();
            ProveAgain(vehicle, now);
        }

        if (now - _clocksStoredAt >= StoreClocksEvery)
        {
            _clocksStoredAt = now;
            StoreClocks();
        }

        foreach (var heartbeat in _heartbeats.Values)
        {
            // An empty network is invited to speak.
            if (heartbeat.TryTake(now, IsEmpty(heartbeat.Network), out var message))
                Router.Broadcast(heartbeat.Network, message, _self);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is here, as {Key}")]
    private partial void LogAdmitted(string name, VehicleKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "The vehicle at {Network}/{SystemId} could not be admitted")]
    private partial void LogNotAdmitted(Exception error, string network, byte systemId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The clocks of the signing keys could not be stored")]
    private partial void LogClocksNotStored(Exception error);
}
