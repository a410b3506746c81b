using System.Diagnostics.Metrics;

namespace DroneOps.Server.Alarms;

/// <summary>Figures of the alarms.</summary>
internal sealed class AlarmMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public AlarmMetrics(IMeterFactory meters, AlarmBook book)
    {
        _meter = meters.Create("DroneOps.Alarms");

        // ISA-18.2 judges alarms by the ten minutes.
        _meter.CreateObservableGauge("fleet_alarm_rate_10m", () => book.CallsIn10Minutes, description: "Alarms that called in the last ten minutes");
        _meter.CreateObservableGauge("fleet_alarms_open", () => book.Open.Count, description: "Alarms that nobody has acknowledged");
        _meter.CreateObservableGauge("fleet_alarms_held", () => book.Held.Count, description: "Alarms that are shelved or out of service");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
