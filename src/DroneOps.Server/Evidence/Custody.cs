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
        var first = recorded.Count == 0 ? long.MaxValue : recorded.Min();
        foreach (var (record, entry) in log.ReadRaw(Math.Min(first, log.FirstAt(file.Begin)), log.Count))
        {
            cancellation.ThrowIfCancellationRequested();
            if (subjects.Contains(record.Subject) || recorded.Contains(record.Sequence) || file.Sorties.Any(sortie => IsCommand(record, sortie)) || record.Action == AuditFormat.ClockSteppedBack)
                yield return (record, entry);
        }
    }

    private static HashSet<string> SubjectsOf(CaseFile file, Guid package) =>
    [
        $"evidence/{package}", $"{file.Case.Kind}/{file.Case.Id}",
        .. file.Sorties.Select(sortie => $"sortie/{sortie.Id}"),
        .. file.Recordings.Select(recording => $"recording/{recording.Identity.Id}"),
    ];

    /// <summary>What was told to the vehicle, and who had it and watched it, while it flew.</summary>
    private static bool IsCommand(AuditRecord record, SortieRecord sortie) =>
        (record.Subject == $"vehicle/{sortie.VehicleId}" || record.Subject.StartsWith($"video/{sortie.VehicleId}-", StringComparison.Ordinal))
        && record.At >= (sortie.ArmedAt ?? sortie.TakeoffAt) - Around && record.At <= (sortie.DisarmedAt ?? sortie.LastHeardAt) + Around;
}
