using DroneOps.Server.Sorties;

namespace DroneOps.Server.Airworthiness;

/// <summary>How a vehicle, a plan or a pack stands; the worse has the greater number.</summary>
internal enum UpkeepState
{
    Good,

    /// <summary>It comes due.</summary>
    Soon,

    /// <summary>A limit is reached.</summary>
    Due,
}

/// <summary>A flight as maintenance counts it.</summary>
internal readonly record struct FlownFor(DateTimeOffset TakeoffAt, double AirborneS, bool HasLanded);

/// <summary>How much of a limit is used.</summary>
/// <param name="Kind">hours, landings or days.</param>
internal sealed record LimitUse(string Kind, double Used, double Every)
{
    public double Share => Used / Every;
}

/// <summary>How a plan stands with one vehicle.</summary>
/// <param name="Since">The last time it was done, or since when the airframe is in service.</param>
/// <param name="WasDone">Whether it was ever done.</param>
/// <param name="DueOn">When its calendar limit is reached, where it has one.</param>
internal sealed record PlanStanding(
    Guid PlanId, string Plan, bool Grounds, DateTimeOffset Since, bool WasDone, double Hours, int Landings, double Days, IReadOnlyList<LimitUse> Limits, DateTimeOffset? DueOn, UpkeepState State);

/// <summary>When maintenance comes due. Pure.</summary>
internal static class Upkeep
{
    /// <summary>How a plan stands.</summary>
    /// <param name="lastDone">When it was last done; null where it never was, and then what the airframe brought with it counts.</param>
    /// <param name="flights">The flights of the vehicle; one that took off before the work counts for the time before it.</param>
    public static PlanStanding Of(MaintenancePlan plan, Airframe airframe, DateTimeOffset? lastDone, IReadOnlyCollection<FlownFor> flights, DateTimeOffset now)
    {
        var counted = lastDone is { } done ? flights.Where(flight => flight.TakeoffAt >= done) : flights;
        var (milliseconds, landings) = counted.Aggregate((0L, 0), (sum, flight) => (sum.Item1 + PurposeSpan.Milliseconds(flight.AirborneS), sum.Item2 + (flight.HasLanded ? 1 : 0)));
        var hours = (milliseconds / 3_600_000.0) + (lastDone is null ? airframe.BroughtHours : 0);
        landings += lastDone is null ? airframe.BroughtLandings : 0;
        var since = lastDone ?? airframe.InServiceSince;
        var days = Math.Max(0, (now - since).TotalDays);
        List<LimitUse> limits = [];
        if (plan.EveryHours is { } everyHours)
            limits.Add(new("hours", Math.Round(hours, 4), everyHours));
        if (plan.EveryLandings is { } everyLandings)
            limits.Add(new("landings", landings, everyLandings));
        if (plan.EveryDays is { } everyDays)
            limits.Add(new("days", Math.Round(days, 4), everyDays));
        var share = limits.Max(limit => limit.Share);
        var state = share >= 1 ? UpkeepState.Due : share * 100 >= plan.WarnPercent ? UpkeepState.Soon : UpkeepState.Good;
        return new(plan.Id, plan.Name, plan.Grounds, since, lastDone is not null, Math.Round(hours, 4), landings, Math.Round(days, 4), limits, plan.EveryDays is { } calendar ? since.AddDays(calendar) : null, state);
    }

    /// <summary>Why a vehicle must not fly.</summary>
    public static List<string> Groundings(IEnumerable<PlanStanding> plans, IEnumerable<Defect> open) =>
    [
        .. open.Where(defect => defect.Grounds).Select(defect => $"Defect not released ({Short(defect.Text)})"),
        .. plans.Where(plan => plan is { Grounds: true, State: UpkeepState.Due }).Select(plan => $"Maintenance is due ({plan.Plan})"),
    ];

    /// <summary>How worn a pack is.</summary>
    public static UpkeepState OfPack(int? cycles, int? healthPercent, AirworthinessOptions options)
    {
        const double Nearly = 0.9;
        return cycles >= options.BatteryCycles || healthPercent < options.BatteryHealthPercent ? UpkeepState.Due
            : cycles >= options.BatteryCycles * Nearly || healthPercent * Nearly < options.BatteryHealthPercent ? UpkeepState.Soon
            : UpkeepState.Good;
    }

    private static string Short(string text)
    {
        const int Longest = 60;
        return text.Length <= Longest ? text : $"{text[..Longest]}…";
    }
}
