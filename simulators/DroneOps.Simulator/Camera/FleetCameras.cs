namespace DroneOps.Simulator.Camera;

/// <summary>The cameras of a fleet. Each stream has a loop of its own; they look through what the vehicles' loop publishes and share what is
/// painted of the city.</summary>
internal sealed class FleetCameras
{
    private const int TilesAtFirst = 300;
    private const int TilesOfEach = 220;

    /// <exception cref="Scenarios.ScenarioException">The map cannot be read.</exception>
    public FleetCameras(SimulatedFleet fleet, SimulatorOptions options, TimeProvider time)
    {
        var mounted = fleet.Copters.Where(copter => copter.Camera is not null).ToArray();
        if (options.Cameras is not { } cameras || mounted.Length == 0)
            return;
        var map = cameras.Map is { } folder ? CityMap.Read(folder) : CityMap.Sample;
        var day = new TileStore(map, Palette.Day, TilesAtFirst + (TilesOfEach * mounted.Length));
        var warmth = new TileStore(map, Palette.Thermal, TilesAtFirst + (TilesOfEach * mounted.Length));
        foreach (var copter in mounted)
        {
            var mount = copter.Camera!;
            Feeds.Add(new(mount, copter.SystemId, day, mount.Setup.Visible, options.Seed, time));
            if (mount.Setup.Thermal is { } thermal)
                Feeds.Add(new(mount, copter.SystemId, warmth, thermal, options.Seed, time));
        }
    }

    public List<CameraFeed> Feeds { get; } = [];

    /// <summary>Sends until cancelled.</summary>
    /// <exception cref="Scenarios.ScenarioException">There is no encoder.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(Feeds.Select(feed => Task.Run(() => feed.RunAsync(cancellationToken), cancellationToken)));
}
