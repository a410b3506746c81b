using DroneOps.Server.Fleet;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Airworthiness;

/// <summary>Reads how airframes and packs stand. Counters are not kept: they are the sum of the flight log since the last work, so a corrected sortie corrects them.</summary>
internal static class AirframeBook
{
    /// <summary>Airframes with the reasons for which the slice grounds each; all, or one.</summary>
    public static async Task<List<(AirframeView View, List<string> Groundings)>> ReadAsync(FleetDb db, VehicleRegistry registry, string? vehicleId, DateTimeOffset now, CancellationToken cancellation)
    {
        var plans = await db.Set<MaintenancePlan>().AsNoTracking().Where(plan => plan.RetiredAt == null && (vehicleId == null || plan.VehicleId == null || plan.VehicleId == vehicleId)).ToListAsync(cancellation);
        var brought = await db.Set<Airframe>().AsNoTracking().Where(airframe => vehicleId == null || airframe.VehicleId == vehicleId).ToDictionaryAsync(airframe => airframe.VehicleId, cancellation);
        var works = (await db.Set<MaintenanceWork>().AsNoTracking().Where(work => work.WithdrawnAt == null && (vehicleId == null || work.VehicleId == vehicleId)).ToListAsync(cancellation)).ToLookup(work => work.VehicleId);
        var defects = (await db.Set<Defect>().AsNoTracking().Where(defect => defect.ReleasedAt == null && (vehicleId == null || defect.VehicleId == vehicleId)).OrderBy(defect => defect.ReportedAt).ToListAsync(cancellation)).ToLookup(defect => defect.VehicleId);
        var flown = (await db.Set<SortieRecord>().Where(sortie => vehicleId == null || sortie.VehicleId == vehicleId).Select(sortie => new { sortie.VehicleId, sortie.TakeoffAt, sortie.AirborneS, sortie.LandedAt }).ToListAsync(cancellation))
            .ToLookup(sortie => sortie.VehicleId, sortie => new FlownFor(sortie.TakeoffAt, sortie.AirborneS, sortie.LandedAt is not null));
        var since = await db.Set<VehicleRecord>().AsNoTracking().Select(vehicle => new { vehicle.Number, vehicle.RegisteredAt }).ToDictionaryAsync(vehicle => $"{vehicle.Number}", vehicle => vehicle.RegisteredAt, cancellation);
        return [.. registry.All.Where(entry => vehicleId is null || entry.Id == vehicleId).Select(entry => Of(entry))];

        (AirframeView View, List<string> Groundings) Of(VehicleRegistry.Entry entry)
        {
            var airframe = brought.GetValueOrDefault(entry.Id) ?? new Airframe { VehicleId = entry.Id, InServiceSince = since.GetValueOrDefault(entry.Id, now) };
            FlownFor[] flights = [.. flown[entry.Id]];
            List<PlanStanding> standings =
            [
                .. plans.Where(plan => plan.VehicleId is null || plan.VehicleId == entry.Id)
                    .Select(plan => Upkeep.Of(plan, airframe, LastDone(works[entry.Id], plan.Id), flights, now)).OrderByDescending(standing => standing.Limits.Max(limit => limit.Share)).ThenBy(standing => standing.Plan, StringComparer.Ordinal),
            ];
            Defect[] open = [.. defects[entry.Id]];
            var hours = airframe.BroughtHours + (flights.Sum(flight => PurposeSpan.Milliseconds(flight.AirborneS)) / 3_600_000.0);
            return (
                new(entry.Id, entry.Name, airframe.InServiceSince, airframe.BroughtHours, airframe.BroughtLandings, Math.Round(hours, 4), airframe.BroughtLandings + flights.Count(flight => flight.HasLanded),
                    standings.Count == 0 ? UpkeepState.Good : standings.Max(standing => standing.State), entry.GroundedFor, standings, [.. open.Select(DefectView.Of)]),
                Upkeep.Groundings(standings, open));
        }
    }

    /// <summary>Every pack that a flight told of, by its serial number; all, or those that a vehicle has carried.</summary>
    public static async Task<List<BatteryPack>> BatteriesAsync(FleetDb db, string? vehicleId, AirworthinessOptions options, CancellationToken cancellation)
    {
        var carried = db.Set<SortieRecord>().Where(sortie => sortie.VehicleId == vehicleId).Select(sortie => sortie.BatterySerial);
        var flights = await db.Set<SortieRecord>().Where(sortie => sortie.BatterySerial != null && (vehicleId == null || carried.Contains(sortie.BatterySerial))).OrderBy(sortie => sortie.TakeoffAt)
            .Select(sortie => new { sortie.BatterySerial, sortie.VehicleId, sortie.VehicleName, sortie.TakeoffAt, sortie.AirborneS, sortie.BatteryCycles, sortie.BatteryHealthPercent, sortie.BatteryStartPercent, sortie.BatteryEndPercent }).ToListAsync(cancellation);
        return [.. flights.GroupBy(flight => flight.BatterySerial!, StringComparer.Ordinal).OrderBy(pack => pack.Key, StringComparer.Ordinal).Select(pack =>
        {
            var last = pack.Last();
            var told = pack.LastOrDefault(flight => flight.BatteryCycles is not null)?.BatteryCycles;
            var health = pack.LastOrDefault(flight => flight.BatteryHealthPercent is not null)?.BatteryHealthPercent;
            var counted = pack.Sum(flight => Math.Max(0, (flight.BatteryStartPercent - flight.BatteryEndPercent) ?? 0)) / 100.0;
            return new BatteryPack(
                pack.Key, last.VehicleId, last.VehicleName, pack.Count(), pack.Sum(flight => PurposeSpan.Milliseconds(flight.AirborneS)) / 1000.0, told, counted, health, pack.First().TakeoffAt, last.TakeoffAt,
                Upkeep.OfPack(told ?? (int)counted, health, options));
        })];
    }

    /// <summary>When a plan was last done.</summary>
    private static DateTimeOffset? LastDone(IEnumerable<MaintenanceWork> works, Guid plan) =>
        works.Where(work => work.Resets.Exists(reset => reset.PlanId == plan)).Select(work => (DateTimeOffset?)work.DoneAt).Max();
}
