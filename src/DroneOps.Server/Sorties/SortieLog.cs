using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using DroneOps.Vehicles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties;

/// <summary>Writes the flight log without anybody typing: listens to the fleet, opens and closes sorties, keeps their tracks.</summary>
/// <remarks>Owner: its own loop, the only reader of its subscription. A sortie is written when it opens, every ten seconds while it flies and
/// when it lands and closes, so a kill loses ten seconds of track and nothing else; what was open then goes on, or is closed with what is known.</remarks>
internal sealed partial class SortieLog(
    IDbContextFactory<FleetDb> databases, FleetEvents events, VehicleBoard board, SortieChanges changes, AuditLog audit,
    IOptions<SortiesOptions> options, ILogger<SortieLog> logger) : BackgroundService
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);

    // Hosted services are all constructed before the first is started: subscribed here, no take-off is missed.
    private readonly FleetSubscription _subscription = events.Subscribe("sorties");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var open in await db.Set<SortieRecord>().AsNoTracking().Where(sortie => !sortie.IsClosed).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellationToken))
        {
            var pieces = await db.Set<TrackPiece>().CountAsync(piece => piece.SortieId == open.Id, cancellationToken);
            _flights[open.VehicleId] = new Flight(new SortieRecorder(DraftOf(open))) { Id = open.Id, Pieces = pieces };
            LogGoesOn(open.Id, open.VehicleName);
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _subscription.ReadAsync(HandleAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing.
        }
    }

    private async ValueTask HandleAsync(FleetEvent happened, CancellationToken cancellation)
    {
        if (happened is not FleetEvent.Observed { Fact: var fact, VehicleId: var vehicleId })
            return;
        if (!_flights.TryGetValue(vehicleId, out var flight))
            _flights[vehicleId] = flight = new Flight(new SortieRecorder());
        if (fact is VehicleFact.Discovered && flight.Recorder.Current is not null && board.Find(vehicleId)?.Snapshot is { Armed: false })
            fact = new VehicleFact.Disarmed(flight.Recorder.Current.LastHeardAt, false);

        var step = flight.Recorder.Apply(fact);
        try
        {
            if (flight.Recorder.LastClosed is { } closed)
                await WriteAsync(vehicleId, flight, closed, cancellation);
            switch (step)
            {
                case SortieStep.Opened:
                    await OpenAsync(vehicleId, flight, cancellation);
                    break;
                case SortieStep.Moved:
                    flight.Points.Add(flight.Recorder.LastTrackPoint!);
                    if (fact.At - flight.WrittenAt >= FlushEvery)
                        await WriteAsync(vehicleId, flight, flight.Recorder.Current!, cancellation);
                    break;
                case SortieStep.Landed:
                case SortieStep.Changed:
                    await WriteAsync(vehicleId, flight, flight.Recorder.Current!, cancellation);
                    break;
                default:
                    break;
            }
        }
        catch (DbUpdateException error)
        {
            // The record stays in memory and is written with the next step; the flight goes on either way.
            LogNotWritten(error, vehicleId);
        }
    }

    private async Task OpenAsync(string vehicleId, Flight flight, CancellationToken cancellation)
    {
        var draft = flight.Recorder.Current!;
        var vehicle = board.Find(vehicleId);
        flight.Id = Guid.CreateVersion7(draft.TakeoffAt);
        flight.Pieces = 0;
        flight.Points.Clear();
        var row = new SortieRecord
        {
            Id = flight.Id,
            VehicleId = vehicleId,
            VehicleName = vehicle?.Name ?? vehicleId,
            HardwareId = vehicle?.Snapshot.Identity?.HardwareId,
            Firmware = vehicle?.Snapshot.Identity?.Firmware,
            SystemId = vehicle?.Snapshot.Key.SystemId ?? 0,
            Pilot = vehicle?.Control?.Holder ?? vehicle?.Assignment?.Holder,
            Purpose = vehicle?.Assignment?.Purpose,
            TaskKind = vehicle?.Assignment?.Kind.ToString().ToLowerInvariant(),
            TaskId = vehicle?.Assignment?.Id,
            TaskLabel = vehicle?.Assignment?.Label,
            DockId = vehicle?.DockId,
            BatterySerial = vehicle?.Snapshot.BatterySerial,
            ArmedAt = draft.ArmedAt,
            TakeoffAt = draft.TakeoffAt,
            TakeoffSource = draft.TakeoffSource,
        };
        await audit.AppendAsync(new AuditEntry(Actors.System, "sortie.opened", $"sortie/{row.Id}", new { row.VehicleId, row.TakeoffAt, row.TaskKind, row.TaskId, row.Purpose }), cancellation);
        Fill(row, draft);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(row);
        await db.SaveChangesAsync(cancellation);
        flight.WrittenAt = draft.TakeoffAt;
        changes.Publish(SortieView.Of(row));
    }

    private async Task WriteAsync(string vehicleId, Flight flight, SortieDraft draft, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Set<SortieRecord>().FindAsync([flight.Id], cancellation) is not { } row)
        {
            LogMissing(flight.Id, vehicleId);
            return;
        }

        if (flight.Points.Count > 0)
        {
            db.Add(new TrackPiece { SortieId = flight.Id, Number = flight.Pieces, Points = [.. flight.Points] });
            row.Shape = Extend(row.Shape, flight.Points);
        }

        Fill(row, draft);
        if (row.IsClosed)
            await audit.AppendAsync(new AuditEntry(Actors.System, "sortie.closed", $"sortie/{row.Id}", new { row.VehicleId, row.LandedAt, row.AirborneS, row.ArmedS, row.DistanceM }), cancellation);
        await db.SaveChangesAsync(cancellation);
        if (flight.Points.Count > 0)
            flight.Pieces++;
        flight.Points.Clear();
        flight.WrittenAt = draft.LastHeardAt;
        changes.Publish(SortieView.Of(row));
    }

    private void Fill(SortieRecord row, SortieDraft draft)
    {
        row.LandedAt = draft.LandedAt;
        row.LandingSource = draft.LandingSource;
        row.DisarmedAt = draft.DisarmedAt;
        row.LastHeardAt = draft.LastHeardAt;
        row.AirborneS = draft.AirborneS;
        row.ArmedS = draft.ArmedS;
        row.DistanceM = draft.DistanceM;
        row.MaxAltitudeAboveHomeM = draft.MaxAltitudeAboveHomeM;
        row.MaxAltitudeAmslM = draft.MaxAltitudeAmslM;
        row.MaxSpeedMps = draft.MaxSpeedMps;
        row.BatteryStartPercent = draft.BatteryStartPercent;
        row.BatteryEndPercent = draft.BatteryEndPercent;
        row.Modes = [.. draft.Modes];
        row.Gaps = [.. draft.Gaps];
        row.Failsafes = [.. draft.Failsafes];
        row.IsClosed = draft.IsClosed;
        row.IsHop = draft.LandedAt is not null && draft.AirborneS < options.Value.HopS;
    }

    private static Geometry Extend(Geometry shape, List<TrackPoint> points)
    {
        Coordinate[] line = [.. shape.Coordinates, .. points.Select(point => new Coordinate(point.Lon, point.Lat))];
        return line.Length > 1 ? new LineString(line) : new Point(line[0]);
    }

    private static SortieDraft DraftOf(SortieRecord row) => new()
    {
        TakeoffAt = row.TakeoffAt,
        TakeoffSource = row.TakeoffSource,
        ArmedAt = row.ArmedAt,
        LandedAt = row.LandedAt,
        LandingSource = row.LandingSource,
        DistanceM = row.DistanceM,
        MaxAltitudeAboveHomeM = row.MaxAltitudeAboveHomeM,
        MaxAltitudeAmslM = row.MaxAltitudeAmslM,
        MaxSpeedMps = row.MaxSpeedMps,
        BatteryStartPercent = row.BatteryStartPercent,
        BatteryEndPercent = row.BatteryEndPercent,
        Modes = [.. row.Modes],
        Gaps = [.. row.Gaps],
        Failsafes = [.. row.Failsafes],
        LastHeardAt = row.LastHeardAt,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sortie {Id} of {Vehicle} was open when the service stopped; it goes on")]
    private partial void LogGoesOn(Guid id, string vehicle);

    [LoggerMessage(Level = LogLevel.Error, Message = "A sortie of vehicle {VehicleId} could not be written now")]
    private partial void LogNotWritten(Exception error, string vehicleId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sortie {Id} of vehicle {VehicleId} is not in the database")]
    private partial void LogMissing(Guid id, string vehicleId);

    /// <summary>One vehicle's flying.</summary>
    private sealed class Flight(SortieRecorder recorder)
    {
        public SortieRecorder Recorder => recorder;

        public Guid Id { get; set; }

        public int Pieces { get; set; }

        public List<TrackPoint> Points { get; } = [];

        public DateTimeOffset WrittenAt { get; set; }
    }
}
