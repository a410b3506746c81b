using System.Collections.Concurrent;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Airworthiness;

/// <summary>Has drones judged when a flight of theirs ends or is corrected, when one is new, and every hour, because calendars run by themselves.</summary>
internal sealed partial class FitnessWatch(
    Fitness fitness, SortieChanges sorties, VehicleRegistry registry, AuditLog audit, Quiescence quiescence, TimeProvider time, ILogger<FitnessWatch> logger)
    : ClosedSortieLoop(sorties, quiescence, time, Every)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AllEvery = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, byte> _flown = new(StringComparer.Ordinal);
    private DateTimeOffset _allAt;
    private int _known;

    protected override void OnClosed(SortieView sortie)
    {
        _flown[sortie.VehicleId] = 0;
        Ring();
    }

    protected override void OnTime()
    {
        if (!_flown.IsEmpty || IsAllDue)
            Ring();
    }

    protected override async Task LookAsync(CancellationToken cancellation)
    {
        string[] flown = [.. _flown.Keys];
        foreach (var vehicle in flown)
            _flown.TryRemove(vehicle, out _);
        try
        {
            if (IsAllDue)
            {
                var known = registry.All.Count;
                await fitness.JudgeAsync(null, cancellation);
                (_allAt, _known) = (Time.GetUtcNow(), known);
                return;
            }

            foreach (var vehicle in flown)
                await fitness.JudgeAsync(vehicle, cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException && (Outage.Is(error) || !audit.IsWriting))
        {
            // Nobody is freed or grounded meanwhile: what the registry says goes on to hold.
            foreach (var vehicle in flown)
                _flown[vehicle] = 0;
            LogNotJudged(error);
        }
    }

    private bool IsAllDue => _allAt == default || Time.GetUtcNow() - _allAt >= AllEvery || registry.All.Count != _known;

    [LoggerMessage(LogLevel.Error, "Whether drones are fit could not be judged now; it is tried again")]
    private partial void LogNotJudged(Exception error);
}
