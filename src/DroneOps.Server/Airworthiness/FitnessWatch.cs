using System.Collections.Concurrent;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Airworthiness;

/// <summary>Has drones judged when a flight of theirs ends or is corrected, when something is saved that they are judged by, when one is new, and every
/// hour, because calendars run by themselves.</summary>
internal sealed partial class FitnessWatch(
    Fitness fitness, SortieChanges sorties, VehicleRegistry registry, AuditLog audit, Quiescence quiescence, TimeProvider time, ILogger<FitnessWatch> logger)
    : ClosedSortieLoop(sorties, quiescence, time, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AllEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, byte> _due = new(StringComparer.Ordinal);
    private volatile bool _areAllDue = true;
    private DateTimeOffset _allAt;
    private int _known;

    /// <summary>Saves what a vehicle, or all where none is named, is judged by, and judges it. Who saved it may be gone by then: what is saved is judged all the
    /// same, and where that fails it is tried again at the next regular time.</summary>
    public async Task SaveAsync(FleetDb db, string? vehicleId, CancellationToken cancellation)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
            await fitness.JudgeAsync(vehicleId, CancellationToken.None);
        }
        catch
        {
            // A saving that was broken off may have been done.
            if (vehicleId is null)
                _areAllDue = true;
            else
                _due[vehicleId] = 0;
            throw;
        }
    }

    protected override void OnClosed(SortieView sortie)
    {
        _due[sortie.VehicleId] = 0;
        Ring();
    }

    protected override void OnTime()
    {
        if (!_due.IsEmpty || IsAllDue)
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        string[] due = [.. _due.Keys];
        foreach (var vehicle in due)
            _due.TryRemove(vehicle, out _);
        var areAllDue = IsAllDue;
        _areAllDue = false;
        try
        {
            if (areAllDue)
            {
                var known = registry.All.Count;
                await fitness.JudgeAsync(null, cancellation);
                (_allAt, _known) = (Time.GetUtcNow(), known);
                return;
            }

            foreach (var vehicle in due)
                await fitness.JudgeAsync(vehicle, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException && (Outage.Is(error) || !audit.IsWriting))
        {
            // Nobody is freed or grounded meanwhile: what the registry says goes on to hold.
            _areAllDue |= areAllDue;
            foreach (var vehicle in due)
                _due[vehicle] = 0;
            LogNotJudged(error);
        }
    }

    private bool IsAllDue => _areAllDue || Time.GetUtcNow() - _allAt >= AllEvery || registry.All.Count != _known;

    [LoggerMessage(LogLevel.Error, "Whether drones are fit could not be judged now; it is tried again")]
    private partial void LogNotJudged(Exception error);
}
