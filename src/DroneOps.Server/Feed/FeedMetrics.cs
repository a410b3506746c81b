using System.Diagnostics.Metrics;

namespace DroneOps.Server.Feed;

/// <summary>Figures of the feed.</summary>
internal sealed class FeedMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public FeedMetrics(IMeterFactory meters, FeedClients clients)
    {
        _meter = meters.Create("DroneOps.Feed");
        _meter.CreateObservableGauge("fleet_hub_clients", () => clients.Count, description: "Connections to the feed");
        _meter.CreateObservableCounter("fleet_hub_send_dropped", () => clients.Dropped, description: "Snapshots that a newer one overtook before they were sent");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
