using System.Diagnostics.Metrics;

namespace DroneOps.Server.Feed;

/// <summary>Figures of the feed and of the alarms.</summary>
internal sealed class FeedMetrics : IHostedService, IDisposable
{
    // ISA-18.2 judges alarms by the ten minutes.
    private static readonly TimeSpan RateOver = TimeSpan.FromMinutes(10);

    private readonly Meter _meter;

    public FeedMetrics(IMeterFactory meters, FeedClients clients, AlertBook alerts, TimeProvider time)
    {
        _meter = meters.Create("DroneOps.Feed");
        _meter.CreateObservableGauge("fleet_hub_clients", () => clients.Count, description: "Connections to the feed");
        _meter.CreateObservableCounter("fleet_hub_send_dropped", () => clients.Dropped, description: "Snapshots that a newer one overtook before they were sent");
        _meter.CreateObservableGauge("fleet_alarm_rate_10m", () => alerts.All.Count(alert => time.GetUtcNow() - alert.At <= RateOver), description: "Alarms of the last ten minutes");
        _meter.CreateObservableGauge("fleet_alarms_open", () => alerts.Open.Count, description: "Alarms that nobody has acknowledged");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
