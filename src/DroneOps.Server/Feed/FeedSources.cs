using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Patrols;
using DroneOps.Server.Sorties;

namespace DroneOps.Server.Feed;

/// <summary>Brings to the feed what the slices below tell: each has its own stream, and this is the one place that knows them all.</summary>
internal sealed class FeedSources(FleetEvents fleet, AlertBook alerts, SortieChanges sorties, IncidentChanges incidents, PatrolChanges patrols, FeedLog log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private FleetSubscription? _subscription;
    private Task _reading = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = fleet.Subscribe("feed");
        _reading = Task.Run(() => ReadAsync(_subscription), CancellationToken.None);
        sorties.Changed += OnSortie;
        incidents.Changed += OnIncident;
        patrols.Changed += OnOccurrence;
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        sorties.Changed -= OnSortie;
        incidents.Changed -= OnIncident;
        patrols.Changed -= OnOccurrence;
        await _stopping.CancelAsync();
        await _reading;
        _subscription?.Dispose();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task ReadAsync(FleetSubscription subscription)
    {
        try
        {
            await subscription.ReadAsync(OnEvent, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The asked-for end.
        }
    }

    private ValueTask OnEvent(FleetEvent happened, CancellationToken cancellation)
    {
        alerts.Take(happened);
        return ValueTask.CompletedTask;
    }

    private void OnIncident(IncidentView incident) => log.Add("incident", incident);

    private void OnOccurrence(OccurrenceView occurrence) => log.Add("patrol", occurrence);

    private void OnSortie(SortieView sortie) => log.Add("sortie", sortie);
}
