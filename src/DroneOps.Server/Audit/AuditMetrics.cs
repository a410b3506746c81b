using System.Diagnostics.Metrics;
using DroneOps.Server.Audit.Witnessing;

namespace DroneOps.Server.Audit;

/// <summary>Figures of the audit log.</summary>
internal sealed class AuditMetrics : IHostedService, IDisposable
{
    private readonly Meter _meter;

    public AuditMetrics(IMeterFactory meters, AuditLog log, WitnessBook witnesses)
    {
        _meter = meters.Create("DroneOps.Audit");
        var append = _meter.CreateHistogram<double>("fleet_audit_append", "s", "From the wish to the disk", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
        });
        log.Appended += took => append.Record(took.TotalSeconds);
        _meter.CreateObservableGauge("fleet_audit_tree_size", () => log.Count, description: "Entries in the log");
        _meter.CreateObservableGauge(
            "fleet_audit_witnessed_size",
            () => witnesses.Heads.Select(head => new Measurement<long>(head.Size, new KeyValuePair<string, object?>("witness", head.Name))),
            description: "Entries that a witness vouches for");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();
}
