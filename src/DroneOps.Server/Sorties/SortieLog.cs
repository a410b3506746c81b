using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties;

/// <summary>Writes the flight log without anybody typing: listens to the fleet, opens and closes sorties, keeps their tracks.</summary>
/// <remarks>Owner: its own loop, the only reader of its subscription, which takes turns with the look for silent vehicles. A sortie is written when it opens, every ten seconds while it flies and
/// when it lands and closes, so a kill loses ten seconds of track and nothing else; what was open then goes on, or is closed with what is known.
/// What the database does not take stays here whole, the opening too, and is tried again with what the vehicle says next; so does what the audit log
/// has no room for.</remarks>
internal sealed partial class SortieLog(
    IDbContextFactory<FleetDb> databases, FleetEvents events, VehicleBoard board, SortieChanges changes, AuditLog audit,
    IOptions<SortiesOptions> options, Quiescence quiescence, TimeProvider time, ILogger<SortieLog> logger) : BackgroundService
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    // Hosted services are all constructed before the first is started: subscribed here, no take-off is missed.
    private readonly FleetSubscription _subscription = events.Subscribe("sorties");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var open in await db.Set<SortieRecord>().AsNoTracking().Where(sortie => !sortie.IsClosed).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellationToken))
        {
            var pieces = await db.Set<TrackPiece>().CountAsync(piece => piece.SortieId == open.Id, cancellationToken);
            var draft = SortieDraft.Of(open);
            _flights[open.VehicleId] = new Flight(new SortieRecorder(draft)) { Entries = { new SortieEntry(open, draft) { Pieces = pieces } } };
            LogGoesOn(open.Id, open.VehicleName);
        }

        await LoadGivenUpAsync(db, cancellationToken);

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var (vehicleId, flight) in _flights)
        {
            foreach (var entry in flight.Entries)
                entry.IsDue |= entry.Points.Count > 0;
            await WriteDueAsync(vehicleId, flight, cancellationToken);
        }
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var (reading, watching) = (_subscription.ReadAsync(TakeAsync, ending.Token), WatchSilenceAsync(ending.Token));
        try
        {
            await await Task.WhenAny(reading, watching);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
        finally
        {
            // Neither goes on without the other, and what is due is written only when both are at rest.
            await ending.CancelAsync();
            await Task.WhenAll(reading, watching).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async ValueTask TakeAsync(FleetEvent happened, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await HandleAsync(happened, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is FleetEvent.AssignmentTaken taken)
            await TurnAsync(taken, cancellation);
        if (happened is not FleetEvent.Observed { Fact: var fact, VehicleId: var vehicleId })
            return;
        if (!_flights.TryGetValue(vehicleId, out var flight))
            _flights[vehicleId] = flight = new Flight(new SortieRecorder());
        var step = await ApplyAsync(flight, fact, cancellation);
        if (flight.Recorder.LastClosed is not null)
            flight.Entries[^1].IsDue = true;
        switch (step)
        {
            case SortieStep.Opened:
                flight.Entries.Add(Open(vehicleId, flight.Recorder.Current!, flight.Recorder.LastClosed is null ? null : flight.Entries[^1]));
                break;
            case SortieStep.Moved:
                var moved = flight.Entries[^1];
                moved.Points.Add(flight.Recorder.LastTrackPoint!);
                moved.IsDue |= fact.At - moved.WrittenAt >= TrackPiece.Length;
                break;
            case SortieStep.Landed:
            case SortieStep.Changed:
                flight.Entries[^1].IsDue = true;
                break;
            default:
                break;
        }

        if (fact.At >= flight.RetryAt && !await WriteDueAsync(vehicleId, flight, cancellation))
            flight.RetryAt = fact.At + RetryEvery;
    }

    /// <summary>A task took the vehicle: if it flies, its sortie goes on for that.</summary>
    private async Task TurnAsync(FleetEvent.AssignmentTaken taken, CancellationToken cancellation)
    {
        if (!_flights.TryGetValue(taken.VehicleId, out var flight) || flight.Entries is not [.., var entry] || entry.Turn(taken.Assignment, taken.At) is not { } turn)
            return;
        entry.Unsaid.Enqueue(new AuditEntry(Actors.System, "sortie.turned", $"sortie/{entry.Id}", new { taken.VehicleId, turn.At, turn.Purpose, turn.AuthorisedBy, turn.TaskKind, turn.TaskId }));
        entry.IsDue = true;
        if (!flight.IsFailing)
            await WriteDueAsync(taken.VehicleId, flight, cancellation);
    }

    /// <summary>A sortie begins: what is to be said of it in the audit log, and its row.</summary>
    private SortieEntry Open(string vehicleId, SortieDraft draft, SortieEntry? hopBefore)
    {
        var vehicle = board.Find(vehicleId);
        var task = vehicle?.Assignment;
        var launch = vehicle?.Launch;
        var (purpose, authorisedBy) = task is not null ? (task.Purpose, task.AuthorisedBy)
            : launch is not null ? (launch.Grounds.Purpose, launch.Grounds.AuthorisedBy)
            : hopBefore?.LastGrounds ?? (null, null);
        var pilot = vehicle?.Control?.Holder ?? task?.Holder;
        var row = new SortieRecord
        {
            Id = Guid.CreateVersion7(draft.TakeoffAt),
            VehicleId = vehicleId,
            VehicleName = vehicle?.Name ?? vehicleId,
            HardwareId = vehicle?.Snapshot.Identity?.HardwareId,
            Firmware = vehicle?.Snapshot.Identity?.Firmware,
            SystemId = vehicle?.Snapshot.Key.SystemId ?? 0,
            Pilot = pilot,
            Purpose = purpose,
            AuthorisedBy = authorisedBy,
            TaskKind = task is null ? null : SortieRecord.KindOf(task),
            TaskId = task?.Id,
            TaskLabel = task?.Label,
            DockId = vehicle?.DockId,
            BatterySerial = vehicle?.Snapshot.BatterySerial,
            BatteryCycles = vehicle?.Snapshot.BatteryCycles,
            BatteryHealthPercent = vehicle?.Snapshot.BatteryHealthPercent,
            Unit = vehicle?.Unit,
            ArmedAt = draft.ArmedAt,
            TakeoffAt = draft.TakeoffAt,
            TakeoffSource = draft.TakeoffSource,
            Debt = purpose is not null ? null : new FlightDebt
            {
                Cause = launch is { Grounds.IsEmergency: true } ? DebtCause.Emergency : DebtCause.Elsewhere,
                Person = launch?.Actor ?? pilot,
                OpenedAt = draft.TakeoffAt,
            },
        };
        var entry = new SortieEntry(row, draft) { WrittenAt = draft.TakeoffAt, IsDue = true };
        entry.Unsaid.Enqueue(new AuditEntry(Actors.System, "sortie.opened", $"sortie/{row.Id}", new { row.VehicleId, row.TakeoffAt, row.TaskKind, row.TaskId, row.Purpose, row.AuthorisedBy }));
        if (row.Debt is { } debt)
            entry.Unsaid.Enqueue(new AuditEntry(Actors.System, "debt.opened", $"sortie/{row.Id}", new { row.VehicleId, debt.Cause, debt.Person }));
        return entry;
    }

    /// <summary>Writes what is due, the oldest sortie first.</summary>
    /// <returns>False when the database or the audit log did not take it: it stays due.</returns>
    private async Task<bool> WriteDueAsync(string vehicleId, Flight flight, CancellationToken cancellation)
    {
        foreach (var entry in flight.Entries.FindAll(entry => entry.IsDue))
        {
            try
            {
                await WriteAsync(entry, cancellation);
            }
            catch (Exception error) when (Outage.Is(error))
            {
                if (!flight.IsFailing)
                    LogNotWritten(error, entry.Id, vehicleId);
                flight.IsFailing = true;
                return false;
            }

            if (entry.Draft.IsClosed)
                flight.Entries.Remove(entry);
            if (flight.IsFailing)
                LogWrittenAfterAll(vehicleId);
            flight.IsFailing = false;
        }

        return true;
    }

    private async Task WriteAsync(SortieEntry entry, CancellationToken cancellation)
    {
        while (entry.Unsaid.TryPeek(out var happened))
        {
            await audit.AppendAsync(happened, cancellation);
            entry.Unsaid.Dequeue();
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (entry.Sent > 0)
            await SettleAsync(db, entry, cancellation);
        var row = await db.Set<SortieRecord>().FindAsync([entry.Id], cancellation) ?? db.Add(entry.NewRow()).Entity;
        if (entry.Points.Count > 0)
        {
            db.Add(new TrackPiece { SortieId = entry.Id, Number = entry.Pieces, Points = [.. entry.Points] });
            row.Shape = Extend(row.Shape, entry.Points);
        }

        Fill(row, entry.Draft);
        row.GivenUpAt = entry.GivenUpAt;
        if (row.IsClosed && !entry.IsClosureAudited)
        {
            await audit.AppendAsync(new AuditEntry(Actors.System, "sortie.closed", $"sortie/{row.Id}", new { row.VehicleId, row.LandedAt, row.AirborneS, row.ArmedS, row.DistanceM, row.GivenUpAt }), cancellation);
            entry.IsClosureAudited = true;
        }

        entry.Sent = entry.Points.Count;
        await db.SaveChangesAsync(cancellation);
        entry.Pieces += entry.Sent > 0 ? 1 : 0;
        entry.Points.Clear();
        entry.Sent = 0;
        entry.IsDue = false;
        entry.WrittenAt = entry.Draft.LastHeardAt;
        changes.Publish(SortieView.Of(row));
    }

    /// <summary>The last attempt failed, perhaps only on the way back: what the database has of it is not written twice.</summary>
    private static async Task SettleAsync(FleetDb db, SortieEntry entry, CancellationToken cancellation)
    {
        if (await db.Set<TrackPiece>().AnyAsync(piece => piece.SortieId == entry.Id && piece.Number == entry.Pieces, cancellation))
        {
            entry.Points.RemoveRange(0, entry.Sent);
            entry.Pieces++;
        }

        entry.Sent = 0;
    }

    private void Fill(SortieRecord row, SortieDraft draft)
    {
        draft.WriteTo(row, options.Value.HopS);
        if (row is { Debt: { DueAt: null } debt, LandedAt: { } landed })
            debt.DueAt = landed.AddMinutes(options.Value.DebtMinutes);
        else if (row is { LandedAt: null, Debt: { SettledAt: null, OverdueAt: null } running })
            running.DueAt = null;
    }

    private static Geometry Extend(Geometry shape, List<TrackPoint> points) => FlownLine.Of([.. shape.Coordinates, .. points.Select(point => new Coordinate(point.Lon, point.Lat))]);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sortie {Id} of {Vehicle} was open when the service stopped; it goes on")]
    private partial void LogGoesOn(Guid id, string vehicle);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sortie {Id} of vehicle {VehicleId} could not be written now; it is kept and tried again")]
    private partial void LogNotWritten(Exception error, Guid id, string vehicleId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sorties of vehicle {VehicleId} are written again; nothing of them was lost")]
    private partial void LogWrittenAfterAll(string vehicleId);

    /// <summary>One vehicle's flying.</summary>
    private sealed class Flight(SortieRecorder recorder)
    {
        public SortieRecorder Recorder => recorder;

        /// <summary>The sortie in progress, and before it those that are closed and not written.</summary>
        public List<SortieEntry> Entries { get; } = [];

        /// <summary>The sortie that was closed because the vehicle was not heard.</summary>
        public SortieEntry? GivenUp { get; set; }

        /// <summary>The database did not take what was last given to it.</summary>
        public bool IsFailing { get; set; }

        /// <summary>Not to be tried again before.</summary>
        public DateTimeOffset RetryAt { get; set; }
    }
}
