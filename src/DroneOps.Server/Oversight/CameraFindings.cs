using System.Globalization;
using DroneOps.Missions;
using DroneOps.Server.CameraRules;
using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using DroneOps.Server.Video.Recording;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Oversight;

/// <summary>What a camera did against its duty.</summary>
/// <param name="Breach">What it did.</param>
/// <param name="Duty">What it was to do: by its leg, or by the no-record zone that it was in.</param>
/// <param name="Item">The item of the mission that was flown to; null outside of one.</param>
/// <param name="EndedAt">Null while it goes on.</param>
/// <param name="RecordingId">The recording that shows it; null where there is none.</param>
internal sealed record CameraUse(BreachKind Breach, CameraDuty Duty, string StreamId, int? Item, DateTimeOffset? EndedAt, Guid? RecordingId);

/// <summary>Cameras that did not do their duty, each time with the sortie that it was on.</summary>
/// <remarks>The sortie is looked for when it is asked and not kept with the breach: sorties are merged, split and corrected afterwards, and a breach belongs to
/// the record that stands. One that is on no sortie is listed by itself: a camera was seen in the air and nothing is on record of the flight, so
/// leaving it out would hide two things at once.</remarks>
internal static class CameraFindings
{
    /// <summary>By how much a sortie's clocks and the look that is taken each second may differ.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>How long before its take-off a sortie may have been armed.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromHours(1);

    /// <param name="sorties">Those of the period.</param>
    public static async Task<List<Finding>> OfAsync(FleetDb db, IReadOnlyDictionary<Guid, SortieRecord> sorties, Period period, RecordingShelf shelf, DateTimeOffset now, CancellationToken cancellation)
    {
        // A sortie of the period is armed before it begins or lands after it ends, and takes its breaches with it.
        var from = period.From - LongestStart;
        var to = sorties.Values.Where(sortie => sortie.TakeoffAt < period.To).Select(sortie => sortie.IsClosed ? EndOf(sortie) : now).Append(period.To).Max();
        var breaches = await db.Set<BreachRecord>().AsNoTracking().Where(row => row.At < to && (row.EndedAt == null || row.EndedAt >= from)).OrderBy(row => row.At).ToListAsync(cancellation);
        if (breaches.Count == 0)
            return [];
        List<string> vehicles = [.. breaches.Select(row => row.VehicleId).Distinct()];
        var (first, last) = (breaches[0].At - Slack, breaches.Max(row => row.EndedAt ?? now) + LongestStart);
        var flown = (await db.WithoutShape<SortieRecord>()
            .Where(sortie => vehicles.Contains(sortie.VehicleId) && sortie.TakeoffAt <= last && (!sortie.IsClosed || sortie.LastHeardAt >= first || sortie.LandedAt >= first || sortie.DisarmedAt >= first))
            .ToListAsync(cancellation)).ToLookup(sortie => sortie.VehicleId, StringComparer.Ordinal);
        var names = (await db.Set<VehicleRecord>().AsNoTracking().Select(vehicle => new { vehicle.Number, vehicle.Name }).ToListAsync(cancellation))
            .ToDictionary(vehicle => vehicle.Number.ToString(CultureInfo.InvariantCulture), vehicle => vehicle.Name, StringComparer.Ordinal);
        var recordings = shelf.All.ToLookup(folder => folder.Identity.StreamId, StringComparer.Ordinal);

        var findings = new List<Finding>();
        foreach (var breach in breaches)
        {
            var use = new CameraUse(breach.Kind, breach.Duty, breach.StreamId, breach.Item, breach.EndedAt, RecordingOf(breach, recordings[breach.StreamId]));
            var seconds = ((breach.EndedAt ?? now) - breach.At).TotalSeconds;
            if (SortieOf(breach, flown[breach.VehicleId]) is not { } sortie)
            {
                if (breach.At >= period.From && breach.At < period.To)
                    findings.Add(new(FindingKind.CameraBreach, null, names.GetValueOrDefault(breach.VehicleId, breach.VehicleId), null, null, breach.At, Math.Round(seconds, 1), breach.Zone, use));
            }
            else if (sorties.ContainsKey(sortie.Id))
            {
                findings.Add(Finding.Of(sortie, FindingKind.CameraBreach, breach.At, seconds, breach.Zone) with { Camera = use });
            }
        }

        return findings;
    }

    /// <summary>The sortie on which a breach was: of those that were armed while it went on, the one that was in the air nearest to its beginning. Pure.</summary>
    /// <param name="own">Sorties of the same vehicle.</param>
    public static SortieRecord? SortieOf(BreachRecord breach, IEnumerable<SortieRecord> own) => own
        .Where(sortie => (sortie.ArmedAt ?? sortie.TakeoffAt) - Slack <= (breach.EndedAt ?? DateTimeOffset.MaxValue) && EndOf(sortie) >= breach.At - Slack)
        .OrderBy(sortie => Distance(sortie, breach.At)).ThenBy(sortie => sortie.TakeoffAt)
        .FirstOrDefault();

    private static TimeSpan Distance(SortieRecord sortie, DateTimeOffset at)
    {
        var landed = sortie.IsClosed ? sortie.LandedAt ?? sortie.LastHeardAt : DateTimeOffset.MaxValue;
        return at < sortie.TakeoffAt ? sortie.TakeoffAt - at : at > landed ? at - landed : TimeSpan.Zero;
    }

    /// <summary>Until when it was armed; for ever while it flies.</summary>
    private static DateTimeOffset EndOf(SortieRecord sortie) => sortie.DisarmedAt ?? (sortie.IsClosed ? sortie.LandedAt ?? sortie.LastHeardAt : DateTimeOffset.MaxValue);

    private static Guid? RecordingOf(BreachRecord breach, IEnumerable<RecordingFolder> recordings) =>
        // The breach of not being recorded is in no recording, though one may end where it begins.
        breach.Kind == BreachKind.NotRecordedAtScene ? null : recordings.FirstOrDefault(folder => folder.Identity.StartedAt <= (breach.EndedAt ?? DateTimeOffset.MaxValue) && (folder.ClosedAt ?? DateTimeOffset.MaxValue) >= breach.At)?.Identity.Id;
}
