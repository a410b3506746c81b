using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DroneOps.Links.FlightLog;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Audit.Witnessing;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Evidence;

/// <summary>Writes the package of a case into the answer.</summary>
/// <remarks>
/// The order is what makes it provable: that it is exported is in the audit log before the first byte; then come the originals, each hashed as it passes; then the
/// manifest with all hashes; then the manifest's own hash goes into the audit log; and last comes the seal with that entry, the paths from it and from every entry of
/// the chain of custody to one signed head, and what the witnesses vouch for. A package that broke off has no seal, and no entry <c>evidence.sealed</c>.
/// </remarks>
internal sealed class PackageExport(
    IDbContextFactory<FleetDb> databases, AuditLog audit, DataFolder data, TimeProvider time, IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
{
    private static readonly string[] Readers = ["README.txt", AuditFiles.VerifierName];

    /// <summary>Enters the export in the audit log; when it returns, bytes may go out.</summary>
    public async Task<Guid> EnterAsync(CaseFile file, string actor, string reason, CancellationToken cancellation)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await audit.AppendAsync(new AuditEntry(actor, "evidence.exported", $"evidence/{id}", new
        {
            file.Case.Kind,
            file.Case.Id,
            reason,
            sorties = file.Sorties.Select(sortie => sortie.Id),
            recordings = file.Recordings.Select(recording => recording.Identity.Id),
        }), cancellation);
        return id;
    }

    /// <summary>Writes all of it.</summary>
    public async Task WriteAsync(CaseFile file, Guid id, string actor, string reason, Stream to, CancellationToken cancellation)
    {
        await using var answer = new ArchiveAnswer(to);
        await using (var zip = await ZipArchive.CreateAsync(answer, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation))
            await WriteAsync(file, id, actor, reason, zip, cancellation);
        await answer.FlushAsync(cancellation);
    }

    private async Task WriteAsync(CaseFile file, Guid id, string actor, string reason, ZipArchive zip, CancellationToken cancellation)
    {
        var at = time.GetUtcNow();
        var writer = new PackageWriter(zip, at);
        foreach (var name in Readers)
            await writer.AddAsync(name, "reader", Resource(name), cancellation);
        await writer.AddAsync(PackageManifest.KeyName, "audit", Encoding.UTF8.GetBytes(audit.PublicKey), cancellation);
        if (file.Incident is { } incident)
            await writer.AddAsync("incident.json", "record", Written(IncidentView.Of(incident)), cancellation);
        var missing = new List<string>();
        List<PackageSortie> sorties = [];
        foreach (var sortie in file.Sorties)
            sorties.Add(await AddSortieAsync(writer, sortie, missing, cancellation));
        var recorded = new HashSet<long>();
        List<PackageRecording> recordings = [];
        foreach (var recording in file.Recordings)
            recordings.Add(await RecordingParts.AddAsync(writer, recording, recorded, missing, cancellation));
        missing.AddRange(file.Deleted.Select(RecordingParts.Deleted));
        if (recordings.Count + file.Deleted.Count == 0)
            missing.Add("There is no recording of the case: none of its vehicles was recorded while it flew.");

        // Read now and not at the head of the export: looks at the case while it was written belong to it too.
        List<long> entries = [];
        await writer.AddAsync(PackageManifest.EntriesName, "audit", isPacked: true, async stream =>
        {
            foreach (var (record, entry) in Custody.Of(file, id, recorded, audit, cancellation))
            {
                entries.Add(record.Sequence);
                await stream.WriteAsync((byte[])[.. entry, (byte)'\n'], cancellation);
            }
        }, cancellation);

        var software = $"droneops {typeof(PackageExport).Assembly.GetName().Version}";
        var manifest = new PackageManifest(PackageManifest.Current, id, file.Case, at, actor, reason, software, sorties, recordings, entries, missing, writer.Files);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, PackageManifest.Json);
        await writer.CloseWithAsync(PackageManifest.ManifestName, bytes, cancellation);
        var seal = await SealAsync(id, bytes, writer.Files, entries, cancellation);
        await writer.CloseWithAsync(PackageManifest.SealName, JsonSerializer.SerializeToUtf8Bytes(seal, PackageManifest.Json), cancellation);
    }

    private static byte[] Resource(string name)
    {
        using var resource = typeof(PackageExport).Assembly.GetManifestResourceStream(name == AuditFiles.VerifierName ? "audit-verify.html" : "evidence-readme.txt")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }

    private async Task<PackageSortie> AddSortieAsync(PackageWriter writer, SortieRecord sortie, List<string> missing, CancellationToken cancellation)
    {
        var folder = $"sorties/{sortie.Id}";
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await writer.AddAsync($"{folder}/record.json", "record", Written(await ShowSortie.AnswerAsync(sortie, db, cancellation)), cancellation);
        List<TrackPoint> points = [];
        await foreach (var piece in db.Set<TrackPiece>().AsNoTracking().Where(piece => piece.SortieId == sortie.Id).OrderBy(piece => piece.Number).AsAsyncEnumerable().WithCancellation(cancellation))
            points.AddRange(piece.Points);
        if (points.Count == 0)
            missing.Add($"There is no track of the sortie {sortie.Id}.");
        await writer.AddAsync($"{folder}/track.geojson", "track", TrackFiles.GeoJson(sortie, points), cancellation);
        await writer.AddAsync($"{folder}/track.csv", "track", TrackFiles.Csv(sortie, points), cancellation);
        var kept = ExportLog.FramesOf(sortie, data);
        var (frames, clock) = ClockOf(kept, cancellation);
        if (frames > 0)
            await writer.AddAsync($"{folder}/flight.tlog", "flightLog", isPacked: true, stream => ExportLog.CopyAsync(kept, stream, cancellation), cancellation);
        else
            missing.Add($"There is no flight log of the sortie {sortie.Id}.");
        return new(
            sortie.Id, sortie.VehicleId, sortie.VehicleName, sortie.HardwareId, sortie.Firmware, sortie.SystemId, sortie.BatterySerial, sortie.Pilot, sortie.Purpose, sortie.AuthorisedBy,
            sortie.ArmedAt, sortie.TakeoffAt, sortie.TakeoffSource, sortie.LandedAt, sortie.LandingSource, sortie.DisarmedAt, sortie.Gaps, points.Count, frames, clock);
    }

    /// <summary>Reads the frames of a flight for what its vehicle says of the time.</summary>
    private static (long Frames, VehicleClock? Clock) ClockOf(FlightFrames kept, CancellationToken cancellation)
    {
        var (frames, offsets) = (0L, new List<double>());
        foreach (var file in kept.Files)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var reader = new TlogReader(stream, MessageCatalog.Default);
            while (reader.TryRead(out var record))
            {
                if (!kept.Has(record))
                    continue;
                if (frames++ % 4096 == 0)
                    cancellation.ThrowIfCancellationRequested();

                // Before it knows the time a vehicle sends 0.
                if (!record.SentByUs && record.Frame.Is<SystemTime>() && record.Frame.Decode<SystemTime>().TimeUnixUsec is > 0 and < 253_402_300_799_000_000 and var said)
                    offsets.Add((DateTimeOffset.UnixEpoch.AddMicroseconds((long)said) - record.Stamp).TotalMilliseconds);
            }
        }

        if (offsets.Count == 0)
            return (frames, null);
        var (first, last) = (offsets[0], offsets[^1]);
        offsets.Sort();
        return (frames, new(offsets.Count, Math.Round(first, 1), Math.Round(offsets[offsets.Count / 2], 1), Math.Round(last, 1)));
    }

    private async Task<PackageSeal> SealAsync(Guid id, byte[] manifest, IReadOnlyList<PackageFile> files, List<long> entries, CancellationToken cancellation)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(manifest));
        var number = await audit.AppendAsync(
            new AuditEntry(Api.Actors.System, "evidence.sealed", $"evidence/{id}", new { manifestSha256 = hash, files = files.Count, bytes = files.Sum(file => file.Bytes) }), cancellation);
        var tree = audit.Freeze();
        List<IReadOnlyList<string>> proofs = [.. entries.Select(tree.Prove)];
        return new(hash, Encoding.UTF8.GetString(audit.ReadRaw(number, number + 1).Single().Entry), tree.Prove(number), proofs, tree.Checkpoint, [.. Witnesses(tree)]);
    }

    private IEnumerable<PackageWitness> Witnesses(FrozenTree tree)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(audit.PublicKey);
        var folder = data.Sub("audit");
        foreach (var file in AuditFiles.WitnessFiles(folder))
        {
            var note = File.ReadAllText(file);
            var name = Path.GetFileName(file)["witness-".Length..^".checkpoint".Length];
            if (Cosignature.IsName(name) && Checkpoint.Open(note, key, out _) is { } head && head.Size <= tree.Size)
                yield return new(name, note, tree.ProveGrowth(head.Size));
        }
    }

    private byte[] Written<T>(T answer) => JsonSerializer.SerializeToUtf8Bytes(answer, json.Value.SerializerOptions);
}
