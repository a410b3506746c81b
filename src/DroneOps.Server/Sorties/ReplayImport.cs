using System.Globalization;
using System.Security.Cryptography;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Server.Audit;
using DroneOps.Server.Cli;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Sorties;

/// <summary>Writes the sorties of a recording into a data folder, with their tracks and frames: flights from before this service, or from where its
/// link did not reach. A vehicle is known by its hardware id; a sortie that is there already is left alone.</summary>
internal static class ReplayImport
{
    /// <summary>Where imported vehicles are said to be: their ids mean nothing in the networks of today.</summary>
    private const string Network = "replay";

    private const int PointsInAPiece = 600;
    private static readonly TimeSpan SameTakeoff = TimeSpan.FromSeconds(2);

    /// <summary>Writes them.</summary>
    /// <param name="recording">The file they are from.</param>
    /// <param name="settings">The command-line layer of the configuration.</param>
    /// <exception cref="StartupException">A server holds the folder, or it cannot be written.</exception>
    public static async Task<Report> RunAsync(string recording, IReadOnlyList<FlownSortie> flown, IReadOnlyDictionary<string, string?> settings, CancellationToken cancellation)
    {
        var storage = CommonOptions.Read<StorageOptions>("Storage", settings);
        var options = CommonOptions.Read<SortiesOptions>("Sorties", settings);
        using var folder = DataFolder.Take(storage.DataFolder);
        await using var audit = AuditModule.Open(folder, TimeProvider.System, problem => Environment.FailFast("The audit log cannot be written.", problem), NullLogger<AuditLog>.Instance);
        await using var db = StorageModule.Open(storage);
        await db.Database.MigrateAsync(cancellation);
        var actor = $"shell:{Environment.UserName}";
        var sha256 = Convert.ToHexStringLower(await HashAsync(recording, cancellation));
        var written = new List<(SortieRecord Row, FlownSortie Flown)>();
        foreach (var sortie in flown)
        {
            var vehicle = await VehicleAsync(sortie, db, audit, actor, cancellation);
            var id = vehicle.Number.ToString(CultureInfo.InvariantCulture);
            var (earliest, latest) = (sortie.Draft.TakeoffAt - SameTakeoff, sortie.Draft.TakeoffAt + SameTakeoff);
            if (await db.Set<SortieRecord>().AnyAsync(row => row.VehicleId == id && row.TakeoffAt >= earliest && row.TakeoffAt <= latest, cancellation))
                continue;
            var record = RowOf(sortie, id, vehicle.Name, options.HopS);
            await audit.AppendAsync(
                new AuditEntry(actor, "sortie.imported", $"sortie/{record.Id}", new { record.VehicleId, record.TakeoffAt, record.LandedAt, record.AirborneS, file = Path.GetFileName(recording), sha256 }), cancellation);
            db.Add(record);
            db.AddRange(sortie.Track.Chunk(PointsInAPiece).Select((points, number) => new TrackPiece { SortieId = record.Id, Number = number, Points = [.. points] }));
            await db.SaveChangesAsync(cancellation);
            written.Add((record, sortie));
        }

        if (written.Count > 0)
            CopyFrames(recording, written.ToLookup(sortie => sortie.Flown.SystemId, sortie => sortie.Row.VehicleId), folder);
        return new Report(folder.Path, written.Count, flown.Count - written.Count);
    }

    private static async Task<VehicleRecord> VehicleAsync(FlownSortie sortie, FleetDb db, AuditLog audit, string actor, CancellationToken cancellation)
    {
        var hardware = sortie.Identity?.HardwareId;
        var known = hardware is not null
            ? await db.Set<VehicleRecord>().FirstOrDefaultAsync(row => row.HardwareId == hardware, cancellation)
            : await db.Set<VehicleRecord>().FirstOrDefaultAsync(row => row.Network == Network && row.SystemId == sortie.SystemId && row.HardwareId == null, cancellation);
        if (known is not null)
            return known;
        var number = (await db.Set<VehicleRecord>().MaxAsync(row => (int?)row.Number, cancellation) ?? 0) + 1;
        var made = new VehicleRecord
        {
            Number = number,
            Name = string.Create(CultureInfo.InvariantCulture, $"UAV-{number:00}"),
            HardwareId = hardware,
            Network = Network,
            SystemId = sortie.SystemId,
            RegisteredAt = TimeProvider.System.GetUtcNow(),
        };
        await audit.AppendAsync(new AuditEntry(actor, "vehicle.registered", $"vehicle/{number}", new { made.Name, made.Network, made.SystemId, made.HardwareId }), cancellation);
        db.Add(made);
        await db.SaveChangesAsync(cancellation);
        return made;
    }

    private static SortieRecord RowOf(FlownSortie sortie, string vehicleId, string vehicleName, double hopS)
    {
        var draft = sortie.Draft;
        var row = new SortieRecord
        {
            Id = Guid.CreateVersion7(draft.TakeoffAt),
            VehicleId = vehicleId,
            VehicleName = vehicleName,
            HardwareId = sortie.Identity?.HardwareId,
            Firmware = sortie.Identity?.Firmware,
            SystemId = sortie.SystemId,
            Pilot = null,
            Purpose = null,
            TaskKind = null,
            TaskId = null,
            TaskLabel = null,
            DockId = null,
            BatterySerial = sortie.BatterySerial,
            ArmedAt = draft.ArmedAt,
            TakeoffAt = draft.TakeoffAt,
            TakeoffSource = draft.TakeoffSource,
        };

        // The recording is over: what was still open in it ends with what is known.
        if (draft.LandedAt is null)
            (draft.LandedAt, draft.LandingSource) = (draft.LastHeardAt, ClockSource.LastKnown);
        draft.DisarmedAt ??= draft.LastHeardAt;
        draft.WriteTo(row, hopS);
        Coordinate[] line = [.. sortie.Track.Select(point => new Coordinate(point.Lon, point.Lat))];
        row.Shape = line.Length > 1 ? new LineString(line) : line.Length == 1 ? new Point(line[0]) : Point.Empty;
        return row;
    }

    /// <summary>Puts the frames of the imported vehicles beside those of live flights, where the flight log of a sortie is read from.</summary>
    private static void CopyFrames(string recording, ILookup<byte, string> vehicles, DataFolder folder)
    {
        var logs = new Dictionary<string, TlogWriter>(StringComparer.Ordinal);
        try
        {
            using var stream = new FileStream(recording, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var reader = new TlogReader(stream, MessageCatalog.Default);
            while (reader.TryRead(out var record))
            {
                if (record.SentByUs || vehicles[record.Frame.SystemId].FirstOrDefault() is not { } vehicle)
                    continue;
                var path = FlightRecorder.FilesOf(folder, vehicle, record.Stamp, record.Stamp).First();
                if (!logs.TryGetValue(path, out var log))
                    logs[path] = log = TlogWriter.Append(path, new TlogWriterOptions { StripsSignatures = true });
                log.Append(record.Stamp, sentByUs: false, record.Frame.Bytes);
            }
        }
        finally
        {
            foreach (var log in logs.Values)
                log.Dispose();
        }
    }

    private static async Task<byte[]> HashAsync(string path, CancellationToken cancellation)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await SHA256.HashDataAsync(stream, cancellation);
    }

    /// <summary>What was done.</summary>
    /// <param name="Folder">The data folder.</param>
    /// <param name="Written">Sorties that are new in it.</param>
    /// <param name="Known">Sorties that were there already.</param>
    internal sealed record Report(string Folder, int Written, int Known);
}
