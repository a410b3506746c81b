using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties;

/// <summary>Vehicles that are not heard any more: their sorties end with what is known, and go on when they come back.</summary>
internal sealed partial class SortieLog
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    /// <summary>No flight goes on after so long; what comes back then is on another.</summary>
    private static readonly TimeSpan LongestFlight = TimeSpan.FromHours(24);

    private readonly SemaphoreSlim _turn = new(1, 1);

    private async Task WatchSilenceAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            using var work = quiescence.Work();
            await _turn.WaitAsync(cancellation);
            try
            {
                foreach (var (vehicleId, flight) in _flights)
                    await LookAsync(vehicleId, flight, cancellation);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    private async Task LookAsync(string vehicleId, Flight flight, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (flight.Recorder.Current is { Gaps: [.., { To: null } gap] } && now - gap.From >= TimeSpan.FromMinutes(options.Value.SilentMinutes) && flight.Recorder.GiveUp())
        {
            var entry = flight.Entries[^1];
            (entry.GivenUpAt, entry.IsDue, flight.GivenUp) = (now, true, entry);
            LogGivenUp(entry.Id, vehicleId);
        }

        // Nothing more is heard of it that would bring the next attempt.
        if (flight.Entries.Exists(entry => entry is { IsDue: true, GivenUpAt: not null }))
            await WriteDueAsync(vehicleId, flight, cancellation);
    }

    private async ValueTask<SortieStep> ApplyAsync(Flight flight, VehicleFact fact, CancellationToken cancellation)
    {
        if (flight.GivenUp is { } lost && fact is (VehicleFact.LinkRestored or VehicleFact.Discovered) && await HasEndedAsync(lost, cancellation))
        {
            flight.Recorder.Forget();
            flight.GivenUp = null;
        }

        var step = flight.Recorder.Apply(fact);
        if (!flight.Recorder.HasReopened)
            return step;
        var entry = flight.GivenUp!;
        entry.Unsaid.Enqueue(new AuditEntry(Actors.System, "sortie.reopened", $"sortie/{entry.Id}", new { at = fact.At, entry.GivenUpAt }));
        if (!flight.Entries.Contains(entry))
            flight.Entries.Add(entry);
        (entry.GivenUpAt, entry.IsClosureAudited, entry.IsDue, flight.GivenUp) = (null, false, true, null);
        return step;
    }

    /// <summary>Whether a person has said since how a sortie that was given up ended.</summary>
    private async Task<bool> HasEndedAsync(SortieEntry entry, CancellationToken cancellation)
    {
        if (entry.IsDue)
            return false;
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            return !await db.Set<SortieRecord>().AnyAsync(sortie => sortie.Id == entry.Id && sortie.GivenUpAt != null, cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            return false;
        }
    }

    /// <summary>What the last run gave up may still come back.</summary>
    private async Task LoadGivenUpAsync(FleetDb db, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - LongestFlight;
        foreach (var row in await db.Set<SortieRecord>().AsNoTracking().Where(sortie => sortie.GivenUpAt != null && sortie.LastHeardAt >= since).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellation))
        {
            if (_flights.ContainsKey(row.VehicleId) || await db.Set<SortieRecord>().AnyAsync(later => later.VehicleId == row.VehicleId && later.TakeoffAt > row.TakeoffAt, cancellation))
                continue;
            var pieces = await db.Set<TrackPiece>().CountAsync(piece => piece.SortieId == row.Id, cancellation);
            var draft = SortieDraft.Of(row);
            _flights[row.VehicleId] = new Flight(SortieRecorder.WithGivenUp(draft)) { GivenUp = new SortieEntry(row, draft) { Pieces = pieces, GivenUpAt = row.GivenUpAt } };
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing was heard of vehicle {VehicleId} for too long: its sortie {Id} is closed with what is known")]
    private partial void LogGivenUp(Guid id, string vehicleId);
}
