using System.Diagnostics.Metrics;

namespace DroneOps.Server.Webhooks;

/// <summary>Figures of the webhooks.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _seconds;
    private readonly Counter<long> _givenUp;
    private readonly Counter<long> _lost;

    public WebhookMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("DroneOps.Webhooks");
        _attempts = _meter.CreateCounter<long>("fleet_webhook_attempts", description: "Calls to receivers by how they ended");
        _seconds = _meter.CreateHistogram<double>("fleet_webhook_attempt", "s", "How long calls to receivers took");
        _givenUp = _meter.CreateCounter<long>("fleet_webhook_events_given_up", description: "Events that became too old before a receiver took them");
        _lost = _meter.CreateCounter<long>("fleet_webhook_events_lost", description: "Events that the store did not take in time");
    }

    /// <summary>A receiver was called.</summary>
    public void Attempted(AttemptOutcome outcome, TimeSpan took)
    {
        _attempts.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));
        _seconds.Record(took.TotalSeconds);
    }

    /// <summary>Events became too old.</summary>
    public void GaveUp(long count) => _givenUp.Add(count);

    /// <summary>Events were not kept.</summary>
    public void Lost(long count) => _lost.Add(count);

    public void Dispose() => _meter.Dispose();
}
