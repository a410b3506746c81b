using DroneOps.Server.Audit;
using DroneOps.Server.Sorties;

namespace DroneOps.Server.Evidence;

/// <summary>The chain of custody: all that the audit log says of a case's things, and what was commanded while they flew.</summary>
internal static class Custody
{
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(2);

    /// <summary>Finds the entries, in their order.</summary>
    /// <param name="recorded">The numbers of the entries that the recordings' ledgers name.</param>
    public static IEnumerable<(AuditRecord Record, byte[] Entry)> Of(CaseFile file, Guid package, IReadOnlySet<long> recorded, AuditLog log, CancellationToken cancellation)
    {
        var subjects = SubjectsOf(file, package);
        List<Flown> flown = [.. file.Sorties.Select(Flown.Of)];
        var first = recorded.Count == 0 ? long.MaxValue : recorded.Min();
        foreach (var (record, entry) in log.ReadRaw(Math.Min(first, log.FirstAt(file.Begin)), log.Count))
        {
            cancellation.ThrowIfCancellationRequested();
            if (subjects.Contains(record.Subject) || recorded.Contains(record.Sequence) || flown.Exists(flight => flight.Concerns(record)) || record.Action == AuditFormat.ClockSteppedBack)
                yield return (record, entry);
        }
    }

    private static HashSet<string> SubjectsOf(CaseFile file, Guid package) =>
    [
        $"evidence/{package}", $"{file.Case.Kind}/{file.Case.Id}",
        .. file.Sorties.Select(sortie => $"sortie/{sortie.Id}"),
        .. file.Bound.Select(sortie => $"sortie/{sortie}"),
        .. file.Sorties.Where(sortie => sortie.ImportId is not null).Select(sortie => $"import/{sortie.ImportId}"),
        .. file.Recordings.Concat(file.Deleted).Select(recording => $"recording/{recording.Identity.Id}"),
    ];

    /// <summary>A vehicle while it flew, and what the log calls it: worked out once for a log of millions of entries.</summary>
    private sealed record Flown(string Vehicle, string Cameras, DateTimeOffset From, DateTimeOffset To)
    {
        public static Flown Of(SortieRecord sortie) => new(
            $"vehicle/{sortie.VehicleId}", $"video/{sortie.VehicleId}-", (sortie.ArmedAt ?? sortie.TakeoffAt) - Around, (sortie.DisarmedAt ?? sortie.LastHeardAt) + Around);

        /// <summary>What was told to the vehicle, and who had it and watched it.</summary>
        public bool Concerns(AuditRecord record) =>
            record.At >= From && record.At <= To && (record.Subject == Vehicle || record.Subject.StartsWith(Cameras, StringComparison.Ordinal));
    }
}
