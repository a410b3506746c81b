using DroneOps.Server.Api;
using DroneOps.Server.Licences;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Oversight;

/// <summary>Flights by pilots who lacked something when they took off. Judged by what held then, whoever launched them and from wherever.</summary>
internal static class PilotFindings
{
    public static async Task<List<Finding>> OfAsync(FleetDb db, IReadOnlyList<SortieRecord> sorties, Period period, LicencesOptions options, CancellationToken cancellation)
    {
        var files = await PilotFile.ReadAsync(db, null, period.From, period.To, options, cancellation);
        return
        [
            .. from sortie in sorties
               where sortie.Pilot is { } pilot && Actors.IsPerson(pilot)
               let file = files.GetValueOrDefault(sortie.Pilot!)
               where file is not null
               from kind in file.LacksAt(sortie.TakeoffAt, options).Select(lack => lack.Kind).Distinct()
               select Finding.Of(sortie, KindOf(kind)),
        ];
    }

    private static FindingKind KindOf(LackKind kind) => kind switch
    {
        LackKind.NoLicence => FindingKind.NoLicence,
        LackKind.LicenceExpired => FindingKind.LicenceExpired,
        LackKind.MedicalExpired => FindingKind.MedicalExpired,
        LackKind.NotCurrent => FindingKind.NotCurrent,
        _ => FindingKind.DutyExceeded,
    };
}
