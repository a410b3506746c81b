using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Sorties.Revisions;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Evidence;

/// <summary>What belongs to a case: the incident, the sorties that were flown for it, and the recordings that run while they did.</summary>
/// <param name="Recordings">Those that are still kept.</param>
/// <param name="Deleted">Those of which only the ledger is left.</param>
/// <param name="Bound">The records that those sorties were put together from or taken out of, whose entries in the log are about them too.</param>
internal sealed record CaseFile(PackageCase Case, IncidentRecord? Incident, IReadOnlyList<SortieRecord> Sorties, IReadOnlyList<RecordingFolder> Recordings, IReadOnlyList<RecordingFolder> Deleted, IReadOnlyList<Guid> Bound)
{
    /// <summary>When the first of it happened: older audit entries are not about it.</summary>
    public DateTimeOffset Begin => Sorties.Select(sortie => sortie.ArmedAt ?? sortie.TakeoffAt).Concat(Recordings.Concat(Deleted).Select(recording => recording.Identity.StartedAt))
        .Concat(Incident is null ? [] : [Incident.ReportedAt]).Min().AddMinutes(-10);

    /// <summary>The case of one flight; null when there is none.</summary>
    public static async Task<CaseFile?> OfSortieAsync(Guid id, FleetDb db, RecordingShelf shelf, CancellationToken cancellation)
    {
        if (await db.Set<SortieRecord>().IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(sortie => sortie.Id == id, cancellation) is not { } sortie)
            return null;
        return new(new("sortie", id, ExportTrack.NameOf(sortie)), null, [sortie], RecordingsOf([sortie], shelf, areDeleted: false), RecordingsOf([sortie], shelf, areDeleted: true), await BoundAsync([sortie], db, cancellation));
    }

    /// <summary>The case of an incident with all flights that it took; null when there is none.</summary>
    public static async Task<CaseFile?> OfIncidentAsync(Guid id, FleetDb db, RecordingShelf shelf, CancellationToken cancellation)
    {
        if (await db.Set<IncidentRecord>().AsNoTracking().SingleOrDefaultAsync(incident => incident.Id == id, cancellation) is not { } incident)
            return null;
        var sorties = await new ListSorties.Filter { Incident = id.ToString() }.Apply(db.Set<SortieRecord>().AsNoTracking()).OrderBy(sortie => sortie.TakeoffAt).ToListAsync(cancellation);
        return new(new("incident", id, incident.ExternalNumber ?? $"{incident.Type}-{incident.ReportedAt.UtcDateTime:yyyyMMdd-HHmmss}"), incident, sorties,
            RecordingsOf(sorties, shelf, areDeleted: false), RecordingsOf(sorties, shelf, areDeleted: true), await BoundAsync(sorties, db, cancellation));
    }

    private static async Task<IReadOnlyList<Guid>> BoundAsync(List<SortieRecord> sorties, FleetDb db, CancellationToken cancellation) =>
        [.. (await SortieRevision.BoundToAsync(sorties.Select(sortie => sortie.Id), db, cancellation)).SelectMany(revision => revision.Parts).Select(part => part.SortieId).Distinct()];

    private static List<RecordingFolder> RecordingsOf(List<SortieRecord> sorties, RecordingShelf shelf, bool areDeleted) =>
        [.. shelf.All.Where(recording => recording.Tombstone is null != areDeleted && sorties.Exists(sortie => Overlaps(recording, sortie))).OrderBy(recording => recording.Identity.StartedAt).ThenBy(recording => recording.Identity.Id)];

    private static bool Overlaps(RecordingFolder recording, SortieRecord sortie) =>
        recording.Identity.VehicleId == sortie.VehicleId && recording.Identity.StartedAt <= (sortie.DisarmedAt ?? sortie.LastHeardAt)
        && (recording.ClosedAt is not { } to || to >= (sortie.ArmedAt ?? sortie.TakeoffAt));
}
