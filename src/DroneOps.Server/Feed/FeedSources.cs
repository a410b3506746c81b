using DroneOps.Server.Alarms;
using DroneOps.Server.Incidents;
using DroneOps.Server.Patrols;
using DroneOps.Server.Sorties;

namespace DroneOps.Server.Feed;

/// <summary>Brings to the feed what the slices below tell: each has its own stream, and this is the one place that knows them all.</summary>
internal sealed class FeedSources(AlarmBook alarms, SortieChanges sorties, IncidentChanges incidents, PatrolChanges patrols, FeedLog log, TimeProvider time) : IHostedLifecycleService
{
    /// <summary>Before any service starts: none tells its first to nobody.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        alarms.Changed += OnAlarm;
        sorties.Changed += OnSortie;
        incidents.Changed += OnIncident;
        patrols.Changed += OnOccurrence;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Every service has stopped, and told its last: services stop in the reverse of their order, so those below this one do so after it.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        alarms.Changed -= OnAlarm;
        sorties.Changed -= OnSortie;
        incidents.Changed -= OnIncident;
        patrols.Changed -= OnOccurrence;
        return Task.CompletedTask;
    }

    private void OnAlarm(Alarm alarm) => log.Add("alert", AlarmView.Of(alarm, time.GetUtcNow()));

    private void OnIncident(IncidentView incident) => log.Add("incident", incident);

    private void OnOccurrence(OccurrenceView occurrence) => log.Add("patrol", occurrence);

    private void OnSortie(SortieView sortie) => log.Add("sortie", sortie);
}
