using System.Diagnostics.Metrics;

namespace DroneOps.Server.Telemetry;

/// <summary>Figures of the writing.</summary>
internal sealed class TelemetryMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _written;
    private readonly Histogram<double> _batch;

    public TelemetryMetrics(IMeterFactory meters, PointBuffer buffer)
    {
        _meter = meters.Create("DroneOps.Telemetry");
        _written = _meter.CreateCounter<long>("fleet_telemetry_points_written", description: "Points that the database has taken");
        _batch = _meter.CreateHistogram<double>("fleet_telemetry_batch", "s", "Time that a batch took, by its result", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
        });
        _meter.CreateObservableCounter("fleet_telemetry_points_dropped", () => buffer.Dropped, description: "Points lost because the buffer was full");
        _meter.CreateObservableGauge("fleet_telemetry_points_waiting", () => buffer.Count, description: "Points that wait to be written");
    }

    /// <summary>A batch was written.</summary>
    public void Written(int points, TimeSpan took)
    {
        _written.Add(points);
        _batch.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", "written"));
    }

    /// <summary>A batch was not written.</summary>
    public void Failed(TimeSpan took) => _batch.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", "failed"));

    public void Dispose() => _meter.Dispose();
}
