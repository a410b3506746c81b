using System.Globalization;
using DroneOps.Server.Fleet;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Telemetry;

/// <summary>Listens to the fleet and hands points to the writer.</summary>
/// <remarks>Owner of what is known of each vehicle: its own loop, the only reader of its subscription. It stands on the events and not on the
/// raw messages, because those have been through the vehicle's conversation: late, doubled and impossible positions are gone, and modes have
/// names. A publisher waits for a full subscription, so this loop does nothing that could wait.</remarks>
internal sealed class TelemetryIntake(FleetEvents events, VehicleBoard board, TelemetryWriter writer, IOptions<TelemetryOptions> options) : BackgroundService
{
    private readonly Dictionary<string, PointFold> _folds = new(StringComparer.Ordinal);
    private readonly TimeSpan _parkedEvery = TimeSpan.FromSeconds(options.Value.ParkedEveryS);

    // Hosted services are all constructed before the first is started: subscribed here, nothing is missed.
    private readonly FleetSubscription _subscription = events.Subscribe("telemetry");

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _subscription.ReadAsync(Handle, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private ValueTask Handle(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is not FleetEvent.Observed { Fact: var fact, VehicleId: var id })
            return ValueTask.CompletedTask;
        if (!_folds.TryGetValue(id, out var fold))
            _folds[id] = fold = new PointFold(int.Parse(id, CultureInfo.InvariantCulture), _parkedEvery);
        if (fold.Apply(fact, board.Find(id)) is { } point)
            writer.Offer(point);
        return ValueTask.CompletedTask;
    }
}
