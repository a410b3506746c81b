using System.Globalization;
using DroneOps.Server.Airworthiness;

namespace DroneOps.Server.Alarms;

/// <summary>Maintenance that comes due, and packs that are worn. Owner: the loop of the alarms' sources.</summary>
internal sealed class UpkeepConditions(Fitness fitness, TimeProvider time)
{
    private FitnessPicture? _seen;

    /// <summary>What holds and what does not, where it was judged anew since the last look.</summary>
    public IReadOnlyList<Condition> Look()
    {
        var picture = fitness.Current;
        if (ReferenceEquals(picture, _seen))
            return [];
        _seen = picture;
        var now = time.GetUtcNow();
        return [.. picture.Airframes.Select(airframe => Of(airframe, now)), .. picture.Batteries.Select(pack => Of(pack, now))];
    }

    private static Condition Of(AirframeView airframe, DateTimeOffset now)
    {
        var subject = VehicleConditions.SubjectOf(airframe.VehicleId);
        var plans = string.Join(", ", airframe.Plans.Where(plan => plan.State == airframe.State).Select(plan => plan.Plan));
        return airframe.State switch
        {
            UpkeepState.Due => new Condition.Raise(AlarmCatalog.MaintenanceDue, subject, now, AlarmPriority.Caution, $"{airframe.Name}: maintenance is due: {plans}.") { VehicleId = airframe.VehicleId },
            UpkeepState.Soon => new Condition.Raise(AlarmCatalog.MaintenanceDue, subject, now, AlarmPriority.Advisory, $"{airframe.Name}: maintenance comes due soon: {plans}.") { VehicleId = airframe.VehicleId },
            _ => new Condition.Clear(AlarmCatalog.MaintenanceDue, subject, now),
        };
    }

    private static Condition Of(BatteryPack pack, DateTimeOffset now)
    {
        var subject = $"battery/{pack.Serial}";
        var (cycles, health) = (pack.ToldCycles ?? (int)pack.CountedCycles, pack.HealthPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent} %") : "?");
        return pack.State == UpkeepState.Due
            ? new Condition.Raise(AlarmCatalog.BatteryWorn, subject, now, AlarmPriority.Advisory, $"{pack.VehicleName}: the battery {pack.Serial} is worn: {cycles} cycles, health {health}.") { VehicleId = pack.VehicleId }
            : new Condition.Clear(AlarmCatalog.BatteryWorn, subject, now);
    }
}
