using System.Collections.Concurrent;
using System.Globalization;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>Makes the streams of the options and of the demonstration known, and runs the sources of all.</summary>
/// <remarks>Owner of the sources' tasks.</remarks>
internal sealed partial class VideoSources(
    VideoStreams streams, FirstPictures firsts, FfmpegOrphans orphans, FleetEvents events, VehicleRegistry vehicles, IOptions<VideoOptions> options, TimeProvider time, ILoggerFactory loggers, ILogger<VideoSources> logger)
    : BackgroundService
{
    private const int DemoVehicles = 3;
    private const int DemoPort = 5600;

    private readonly ConcurrentDictionary<string, Task> _sources = new(StringComparer.Ordinal);
    private readonly SourceReach _reach = new(options.Value.AllowedNetworks.Select(System.Net.IPNetwork.Parse));
    private readonly FleetSubscription _subscription = events.Subscribe("video");

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        orphans.Sweep();
        foreach (var entry in options.Value.Sources)
            streams.Add(Read(entry));
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Run(VideoStream stream) => _sources.GetOrAdd(stream.Id, _ => Task.Run(() => SourceOf(stream).RunAsync(stoppingToken), CancellationToken.None));

        streams.Added += Run;
        try
        {
            foreach (var stream in streams.All)
                Run(stream);
            foreach (var vehicle in vehicles.All)
                Demonstrate(vehicle);
            await _subscription.ReadAsync(Handle, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            streams.Added -= Run;
            await Task.WhenAll(_sources.Values);
        }
    }

    private static StreamSettings Read(VideoSourceEntry entry)
    {
        if (!SourceAddress.TryParse(entry.Url, out var address, out var fault))
            throw new StartupException($"DroneOps:Video: {fault}");
        var name = entry.Name ?? (entry.Kind == VideoKind.Thermal ? "Thermal" : "Camera");
        return new(entry.StreamId, entry.VehicleId, entry.Kind, name, address, entry.Mode, entry.UserName, entry.ReadSecret());
    }

    private ValueTask Handle(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is FleetEvent.Registered && vehicles.Find(happened.VehicleId) is { } vehicle)
            Demonstrate(vehicle);
        else if (happened is FleetEvent.Observed { Fact: VehicleFact.VideoStreamFound { Stream: var told } })
            Announce(happened.VehicleId, told);
        return ValueTask.CompletedTask;
    }

    /// <summary>What the options name goes before what a vehicle tells.</summary>
    private void Announce(string vehicleId, VideoStreamReading told)
    {
        if (streams.Of(vehicleId).Any(stream => stream.Settings.Kind == AnnouncedStream.KindOf(told)))
            return;
        if (AnnouncedStream.TryRead(vehicleId, told, options.Value.Announced, out var settings, out var why))
            streams.Add(settings);
        else
            LogNotUsed(vehicleId, told.Name, why);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The stream {Name} that vehicle {VehicleId} tells of is not used: {Why}")]
    private partial void LogNotUsed(string vehicleId, string name, string why);

    private void Demonstrate(VehicleRegistry.Entry vehicle)
    {
        if (!options.Value.Demo || vehicle.Key.SystemId is < 1 or > DemoVehicles || streams.Of(vehicle.Id).Any())
            return;
        SourceAddress address = new(SourceScheme.Udp, "127.0.0.1", DemoPort + vehicle.Key.SystemId, "", null);
        streams.Add(new(string.Create(CultureInfo.InvariantCulture, $"{vehicle.Id}-visible"), vehicle.Id, VideoKind.Visible, "Camera", address, SourceMode.Always, null, null));
    }

    private StreamSource SourceOf(VideoStream stream) => new(stream, Open, firsts, options, time, loggers.CreateLogger<StreamSource>());

    private StreamInput Open(StreamSettings settings) => settings.Address.IsFetched
        ? new FfmpegInput(settings, _reach, orphans, options.Value.FfmpegPath)
        : new UdpInput(settings.Address, TimeSpan.FromSeconds(options.Value.SenderHeldS), time);
}
