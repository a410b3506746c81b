using DroneOps.Server.Fleet;

namespace DroneOps.Server.Feed;

/// <summary>The alerts: raised and cleared by the fleet's events, acknowledged by people, sent to the feed.</summary>
/// <remarks>Kept in memory: after a restart what still holds is raised anew by the vehicles themselves, and who acknowledged what is in the
/// audit log. Safe to share.</remarks>
internal sealed class AlertBook(VehicleBoard board, FeedLog log, TimeProvider time)
{
    /// <summary>Alerts that are kept; beyond it the oldest that is settled goes first.</summary>
    public const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly List<Alert> _alerts = [];

    /// <summary>Alerts nobody has acknowledged, oldest first.</summary>
    public IReadOnlyList<Alert> Open
    {
        get
        {
            lock (_gate)
                return [.. _alerts.Where(alert => alert.AcknowledgedAt is null)];
        }
    }

    /// <summary>All alerts that are kept, newest first.</summary>
    public IReadOnlyList<Alert> All
    {
        get
        {
            lock (_gate)
                return [.. Enumerable.Reverse(_alerts)];
        }
    }

    /// <summary>One alert, or null.</summary>
    public Alert? Find(Guid id)
    {
        lock (_gate)
            return _alerts.Find(alert => alert.Id == id);
    }

    /// <summary>Takes in an event of the fleet.</summary>
    public void Take(FleetEvent happened)
    {
        var vehicle = board.Find(happened.VehicleId);
        foreach (var change in AlertRules.Of(happened, vehicle?.Name ?? happened.VehicleId, vehicle?.Snapshot.InAir == true))
            Apply(change, happened);
    }

    /// <summary>Somebody has seen it.</summary>
    /// <returns>The alert as it is now; null when there is none.</returns>
    public Alert? Acknowledge(Guid id, string actor)
    {
        lock (_gate)
        {
            var at = _alerts.FindIndex(alert => alert.Id == id);
            if (at < 0)
                return null;
            if (_alerts[at].AcknowledgedAt is null)
                Replace(at, _alerts[at] with { AcknowledgedAt = time.GetUtcNow(), AcknowledgedBy = actor });
            return _alerts[at];
        }
    }

    private void Apply(AlertChange change, FleetEvent happened)
    {
        lock (_gate)
        {
            var at = _alerts.FindLastIndex(alert => alert.VehicleId == happened.VehicleId && alert.Code == change.Code && alert.ClearedAt is null);
            switch (change)
            {
                case AlertChange.Clear when at >= 0:
                    Replace(at, _alerts[at] with { ClearedAt = happened.At });
                    break;

                // Worse than before is a new condition, and asks for a new acknowledgement.
                case AlertChange.Raise raise when at < 0 || raise.Severity < _alerts[at].Severity || _alerts[at] is { AcknowledgedAt: not null } && IsMomentary(raise.Code):
                    Add(new Alert(Guid.CreateVersion7(time.GetUtcNow()), happened.At, raise.Severity, raise.Code, happened.VehicleId, raise.Text, null, null, null));
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Nothing ends these: each is an occasion of its own.</summary>
    private static bool IsMomentary(string code) => code is "outcomeUnknown" or "assignmentLost" or "signatureRefused" or "endpointConflict";

    private void Add(Alert alert)
    {
        _alerts.Add(alert);
        if (_alerts.Count > Kept)
            _alerts.RemoveAt(Math.Max(0, _alerts.FindIndex(old => old.AcknowledgedAt is not null)));
        log.Add("alert", alert);
    }

    private void Replace(int at, Alert alert)
    {
        _alerts[at] = alert;
        log.Add("alert", alert);
    }
}
