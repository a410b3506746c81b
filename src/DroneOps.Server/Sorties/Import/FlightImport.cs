using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties.Import;

/// <summary>Takes the flights of a file into the log: flights from before this service, or from where its links did not reach.</summary>
/// <remarks>Owner of the imports: one at a time. That a file is imported is in the audit log, with its hash, before anything is written; the file itself
/// is kept. A flight that is there already is left alone, so that a file may be given twice, and goes on where it broke off.</remarks>
internal sealed class FlightImport(Func<FleetDb> open, AuditLog audit, DataFolder data, LaunchPurposes purposes, SortiesOptions options, TimeProvider time) : IDisposable
{
    private const int ItemsInReport = 1000;
    private const int FlightsAtOnce = 200;
    private const int PointsAtOnce = 50_000;

    private readonly SemaphoreSlim _gate = new(1, 1);

    public void Dispose() => _gate.Dispose();

    /// <summary>Takes them.</summary>
    /// <param name="file">Read from its beginning; where it is not a dry run, what is kept of it is moved or copied from here.</param>
    /// <exception cref="UnreadableFileException">It is no file of this kind.</exception>
    public async Task<ImportReport> RunAsync(FlightFile file, FileTerms terms, bool isDryRun, string actor, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await using var stream = file.OpenRead();
            using var reader = FlightReader.Open(file.Format, stream, terms, out var wrong) ?? throw new UnreadableFileException(wrong!.Why);
            await using var db = open();
            var before = await TotalsAsync(db, cancellation);
            var run = new Run(file, reader, await KnownFlights.ReadAsync(db, cancellation), isDryRun, actor, time.GetUtcNow());
            if (!isDryRun)
            {
                await audit.AppendAsync(
                    new AuditEntry(actor, "history.imported", $"import/{run.Import.Id}", new { file = file.Name, file.Sha256, file.Bytes, file.Format, terms.IsGcj02, terms.Vehicle, terms.Pilot }), cancellation);
            }

            while (await TakeAsync(run, cancellation))
            {
            }

            if (!isDryRun)
                await audit.AppendAsync(new AuditEntry(actor, "history.importEnded", $"import/{run.Import.Id}", new { run.Taken, run.Known, run.Refused }), cancellation);
            await using var after = open();
            return run.Report(before, isDryRun ? run.Added(before) : await TotalsAsync(after, cancellation));
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<ImportReport.Totals> TotalsAsync(FleetDb db, CancellationToken cancellation)
    {
        var all = db.Set<SortieRecord>().AsNoTracking();
        return new(
            await all.CountAsync(cancellation), Math.Round(await all.SumAsync(sortie => sortie.AirborneS, cancellation), 3), Math.Round(await all.SumAsync(sortie => sortie.ArmedS, cancellation), 3));
    }

    /// <summary>Takes the next of them.</summary>
    /// <returns>False when that was the end of the file.</returns>
    private async Task<bool> TakeAsync(Run run, CancellationToken cancellation)
    {
        List<ReadFlight> batch = [];
        var points = 0;
        ReadFlight? read = null;
        while (batch.Count < FlightsAtOnce && points < PointsAtOnce && (read = run.Reader.Next()) is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            batch.Add(read);
            points += read.Flight?.Track.Count ?? 0;
        }

        await using var db = open();
        var keys = batch.Where(entry => entry.Flight is not null).Select(entry => KeyOf(entry.Flight!, run.Flights.DroneOf(entry.Flight!).Id)).ToList();
        var there = await db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking().Where(sortie => keys.Contains(sortie.ImportKey!)).ToDictionaryAsync(sortie => sortie.ImportKey!, StringComparer.Ordinal, cancellation);
        List<(ReadFlight Read, SortieRecord Row)> news = [];
        foreach (var entry in batch)
        {
            if (await JudgeAsync(run, db, entry, there, cancellation) is { } row)
                news.Add((entry, row));
        }

        if (news.Count > 0 && !run.IsDryRun)
            await WriteAsync(run, db, news, cancellation);
        return read is not null;
    }

    private async Task<SortieRecord?> JudgeAsync(Run run, FleetDb db, ReadFlight read, Dictionary<string, SortieRecord> there, CancellationToken cancellation)
    {
        if (read.Flight is not { } flight)
            return run.Refuse(read, read.Remarks);
        var drone = run.Flights.DroneOf(flight);
        var key = KeyOf(flight, drone.Id);
        if (there.TryGetValue(key, out var first))
        {
            return first.VehicleId == drone.Id && (flight.Number is null || (first.TakeoffAt - flight.Draft.TakeoffAt).Duration() < TimeSpan.FromDays(1))
                ? run.Leave(read, first.Id, [])
                : run.Refuse(read, [new("number", $"The number '{flight.Number}' is that of another flight: {first.VehicleName}, {Rfc3339.Text(first.TakeoffAt)}.")]);
        }

        if (!run.Keys.TryAdd(key, read.Row))
            return run.Refuse(read, [new(flight.Number is null ? "row" : "number", flight.Number is null ? $"The same flight stands in row {run.Keys[key]}." : $"The number stands in row {run.Keys[key]} already.")]);
        if (await run.Flights.CollisionAsync(db, drone.Id, flight.Draft.TakeoffAt, flight.LandedAt, cancellation) is { Other: var other, IsSame: var isSame })
        {
            return other.Row is { } row ? run.Refuse(read, [new("takeoffAt", isSame ? $"The same flight stands in row {row}." : $"It overlaps the flight in row {row} of the same drone.")])
                : isSame ? run.Leave(read, other.Id, [new("takeoffAt", "The log has this flight of the drone already.")])
                : run.Refuse(read, [new("takeoffAt", $"The drone was in the air for another sortie then: {Rfc3339.Text(other.From)} to {Rfc3339.Text(other.To)}.")]);
        }

        List<ImportRemark> remarks = [.. read.Remarks];
        if (!drone.IsOfFleet)
            remarks.Add(new("vehicle", $"The fleet has no '{drone.Name}'; the flight is kept under this name."));
        var made = RowOf(run, read.Row, flight, drone, key, remarks);
        run.Take(read, made, remarks);
        return made;
    }

    private async Task WriteAsync(Run run, FleetDb db, List<(ReadFlight Read, SortieRecord Row)> news, CancellationToken cancellation)
    {
        if (!run.IsStored)
        {
            run.File.Keep(data);
            db.Add(run.Import);
            run.IsStored = true;
        }
        else
        {
            db.Attach(run.Import);
        }

        await audit.AppendAsync(new AuditEntry(run.Actor, "sortie.imported", $"import/{run.Import.Id}", new { sorties = news.Select(entry => new { entry.Row.Id, row = entry.Read.Row }) }), cancellation);
        foreach (var (read, row) in news)
        {
            row.Import = run.Import;
            db.Add(row);
            db.AddRange(TrackPiece.Cut(row.Id, read.Flight!.Track));
        }

        await db.SaveChangesAsync(cancellation);
    }

    private SortieRecord RowOf(Run run, int number, HistoricFlight flight, NamedDrone drone, string key, List<ImportRemark> remarks)
    {
        var purpose = purposes.All.FirstOrDefault(known => new[] { known.Id, known.NameZh, known.NameEn }.Contains(flight.Purpose, StringComparer.OrdinalIgnoreCase))?.Id;
        if (flight.Purpose is { } told && purpose is null)
            remarks.Add(new("purpose", $"The purpose '{told}' is not one of the unit's; it is kept as it is."));
        var row = new SortieRecord
        {
            Id = Guid.CreateVersion7(flight.Draft.TakeoffAt),
            VehicleId = drone.Id,
            VehicleName = drone.Name,
            HardwareId = flight.HardwareId,
            Firmware = flight.Firmware,
            SystemId = flight.SystemId,
            Pilot = run.Flights.PersonOf(flight.Pilot),
            Purpose = purpose ?? flight.Purpose,
            AuthorisedBy = flight.AuthorisedBy,
            TaskKind = null,
            TaskId = null,
            TaskLabel = flight.Task,
            DockId = null,
            BatterySerial = flight.BatterySerial,
            Unit = flight.Unit,
            TakeoffAt = flight.Draft.TakeoffAt,
            TakeoffSource = flight.Draft.TakeoffSource,
            ImportKey = key,
            ImportRow = number,
        };
        flight.Draft.WriteTo(row, options.HopS);
        row.IsClosed = true;
        Coordinate[] line = [.. flight.Track.Select(point => new Coordinate(point.Lon, point.Lat))];
        row.Shape = line.Length == 0 && flight.Place is { } place ? FlownLine.Of(new Coordinate(place.Lon, place.Lat)) : FlownLine.Of(line);
        return row;
    }

    /// <summary>What a flight is known by when it comes again, from whatever file: the number that it has in the other system, or its drone and its clocks.</summary>
    private static string KeyOf(HistoricFlight flight, string vehicleId) => flight.Number is { } number
        ? $"number:{number}"
        : $"flight:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{vehicleId}|{Rfc3339.Text(flight.Draft.TakeoffAt)}|{Rfc3339.Text(flight.LandedAt)}")))[..32]}";

    /// <summary>One file on its way in.</summary>
    private sealed class Run(FlightFile file, FlightReader reader, KnownFlights flights, bool isDryRun, string actor, DateTimeOffset at)
    {
        private readonly List<ImportReport.Item> _items = [];
        private int _said;
        private double _airborneS;
        private double _armedS;

        public FlightFile File => file;

        public FlightReader Reader => reader;

        public KnownFlights Flights => flights;

        public bool IsDryRun => isDryRun;

        public string Actor => actor;

        public SortieImport Import { get; } = new() { Id = Guid.CreateVersion7(at), FileName = file.Name, Sha256 = file.Sha256, Format = file.Format, Actor = actor, At = at };

        /// <summary>The file is kept, and its row is in the database or on its way there.</summary>
        public bool IsStored { get; set; }

        /// <summary>Where in the file each key stands.</summary>
        public Dictionary<string, int> Keys { get; } = new(StringComparer.Ordinal);

        public int Taken { get; private set; }

        public int Known { get; private set; }

        public int Refused { get; private set; }

        public SortieRecord? Refuse(ReadFlight read, IReadOnlyList<ImportRemark> why)
        {
            Refused++;
            Say(read, "refused", null, why);
            return null;
        }

        public SortieRecord? Leave(ReadFlight read, Guid first, IReadOnlyList<ImportRemark> remarks)
        {
            Known++;
            Say(read, "known", first, remarks);
            return null;
        }

        public void Take(ReadFlight read, SortieRecord row, IReadOnlyList<ImportRemark> remarks)
        {
            Taken++;
            _airborneS += row.AirborneS;
            _armedS += row.ArmedS;
            flights.Add(row.VehicleId, new(row.Id, row.TakeoffAt, row.LandedAt ?? row.LastHeardAt, read.Row));
            Say(read, "taken", isDryRun ? null : row.Id, remarks);
        }

        public ImportReport.Totals Added(ImportReport.Totals before) =>
            new(before.Sorties + Taken, Math.Round(before.AirborneSeconds + _airborneS, 3), Math.Round(before.ArmedSeconds + _armedS, 3));

        public ImportReport Report(ImportReport.Totals before, ImportReport.Totals after) => new(
            file.Name, file.Format, file.Sha256, reader.Encoding, reader.Separator, isDryRun, reader.Columns, reader.Remarks, _items, _said - _items.Count, Taken, Known, Refused, before, after);

        private void Say(ReadFlight read, string result, Guid? sortie, IReadOnlyList<ImportRemark> remarks)
        {
            if (result != "refused" && remarks.Count == 0)
                return;
            _said++;
            if (_items.Count < ItemsInReport)
                _items.Add(new(read.Row, read.Flight?.Number, read.Flight?.Vehicle, read.Flight?.Draft.TakeoffAt, result, sortie, remarks));
        }
    }
}

/// <summary>A file is not what it is said to be; the message is a sentence for the user.</summary>
internal sealed class UnreadableFileException(string message) : Exception(message);
