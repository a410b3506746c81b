using DroneOps.Server.Incidents;

namespace DroneOps.Server.Response;

/// <summary>A part of the time from the call to the drone on scene.</summary>
internal enum ResponsePart
{
    /// <summary>From the call to the incident in the book.</summary>
    Intake,

    /// <summary>From the book to the drone assigned.</summary>
    Decision,

    /// <summary>From the assignment to the air.</summary>
    Launch,

    /// <summary>Of the transit: up to the height over the scene.</summary>
    Climb,

    /// <summary>Of the transit: the straight line.</summary>
    Cruise,

    /// <summary>Of the transit: around the zones, against the straight line.</summary>
    Detour,

    /// <summary>What another drone would have saved, by the times that were expected at the instant of the choice; inside the other parts, not beside them.</summary>
    Choice,
}

/// <summary>What would have made a part shorter.</summary>
internal enum ResponseLever
{
    /// <summary>Incidents come from the dispatch system by themselves.</summary>
    AutomaticIntake,

    /// <summary>The best drone goes without anybody asking.</summary>
    AutomaticDispatch,

    /// <summary>A drone stands ready: charged, checked, its dock open.</summary>
    ReadyDrone,

    /// <summary>A lower height over the scene, or a drone that is up already.</summary>
    LowerScene,

    /// <summary>A drone nearer to where calls come from.</summary>
    NearerDrone,

    /// <summary>A permission to cross the zone.</summary>
    ZonePermission,

    /// <summary>Send the one that is offered first.</summary>
    BestOffered,
}

/// <summary>One part: what it took, what is usual, and what its lever would have given.</summary>
/// <param name="TookS">Seconds; null when a step of it is not known.</param>
/// <param name="UsualS">The median of the same type in the period, seconds; null where the part is compared with nothing or nothing is known.</param>
/// <param name="GainS">Seconds that the lever would have given: what it took over the usual, or the whole of what should not have been; null when not known.</param>
internal sealed record PartFigures(ResponsePart Part, double? TookS, double? UsualS, ResponseLever Lever, double? GainS);

/// <summary>Where an incident's seconds went.</summary>
/// <param name="CallToSceneS">From the call to the drone on scene, seconds; null when not known.</param>
/// <param name="ComparedWith">How many incidents of the type the usual is taken of.</param>
/// <param name="StraightM">Straight line that the drone had to fly, metres; null when not known.</param>
/// <param name="Considered">Who was considered at the instant of the choice; null when that is not known.</param>
internal sealed record IncidentResponse(
    Guid IncidentId, double? CallToSceneS, string Type, int ComparedWith, DateTimeOffset ComparedFrom, DateTimeOffset ComparedTo, IReadOnlyList<PartFigures> Parts, double? StraightM,
    string? VehicleId, IReadOnlyList<ConsideredDrone>? Considered);

/// <summary>Takes a response apart. Pure.</summary>
internal static class OneSecondFaster
{
    /// <summary>The parts of an incident.</summary>
    /// <param name="axis">Its packed times.</param>
    /// <param name="decision">Why its drone was sent, or null.</param>
    /// <param name="usual">The figures of its type in the period.</param>
    public static IReadOnlyList<PartFigures> Parts(ReadOnlySpan<byte> axis, DispatchDecision? decision, UsualTimes usual)
    {
        var intake = Between(axis, IncidentStage.CallReceived, IncidentStage.IncidentCreated);
        var decided = Between(axis, IncidentStage.IncidentCreated, IncidentStage.DroneAssigned);
        var launch = Between(axis, IncidentStage.DroneAssigned, IncidentStage.DroneAirborne);
        var transit = Between(axis, IncidentStage.DroneAirborne, IncidentStage.DroneOnScene);

        // Climb and detour are what the plan says they cost; the straight line is what remains of what was flown. A flight that was
        // shorter than its plan has no more of them than it took.
        var climb = transit is { } flown && decision is not null ? Math.Min(decision.ClimbS, flown) : (double?)null;
        var detour = transit - climb is { } left && decision is not null ? Math.Min(decision.DetourS, left) : (double?)null;
        var cruise = transit - climb - detour;
        return
        [
            Against(ResponsePart.Intake, intake, usual.IntakeS, ResponseLever.AutomaticIntake),
            Against(ResponsePart.Decision, decided, usual.DecisionS, ResponseLever.AutomaticDispatch),
            Against(ResponsePart.Launch, launch, usual.LaunchS, ResponseLever.ReadyDrone),
            new(ResponsePart.Climb, climb, null, ResponseLever.LowerScene, climb),
            // The usual of the whole transit: without the climb and the detour of this one it is the usual of what remains.
            Against(ResponsePart.Cruise, cruise, usual.TransitS - climb - detour is { } rest ? Math.Max(0, rest) : null, ResponseLever.NearerDrone),
            new(ResponsePart.Detour, detour, null, ResponseLever.ZonePermission, detour),
            Choice(decision),
        ];
    }

    /// <summary>Why the drone was sent whose way the axis tells: the one that came first, each time a drone was sent being a decision of its own. Where
    /// none is known to have come, it is the last one that was sent before; a recalled one's decision explains nothing here.</summary>
    /// <param name="axis">The incident's packed times.</param>
    /// <param name="decisions">Its decisions, the earliest first.</param>
    /// <param name="drones">The drones that were sent.</param>
    public static DispatchDecision? DecisionOf(ReadOnlySpan<byte> axis, IEnumerable<DispatchDecision> decisions, IEnumerable<IncidentDrone> drones)
    {
        var arrived = IncidentTimes.At(axis, IncidentStage.DroneOnScene);
        var before = decisions.Where(row => arrived == IncidentTimes.NotReached || row.At.ToUnixTimeMilliseconds() <= arrived).ToList();
        var first = drones.Where(drone => drone.OnSceneAt is not null).MinBy(drone => drone.OnSceneAt)?.VehicleId;
        return before.FindLast(row => row.VehicleId == first) ?? before.LastOrDefault();
    }

    /// <summary>Seconds between two steps, or null when one is missing or they are out of order.</summary>
    public static double? Between(ReadOnlySpan<byte> axis, IncidentStage from, IncidentStage to)
    {
        var (begin, end) = (IncidentTimes.At(axis, from), IncidentTimes.At(axis, to));
        return begin == IncidentTimes.NotReached || end == IncidentTimes.NotReached || end < begin ? null : (end - begin) / 1000.0;
    }

    private static PartFigures Against(ResponsePart part, double? took, double? usual, ResponseLever lever) => new(part, took, usual, lever, took - usual is { } over ? Math.Max(0, over) : null);

    private static PartFigures Choice(DispatchDecision? decision)
    {
        var sent = decision?.Considered.Find(drone => drone.VehicleId == decision.VehicleId)?.EtaS;
        var best = decision?.Considered.Where(drone => drone.Excluded is null && drone.EtaS is not null).Min(drone => drone.EtaS);
        return new(ResponsePart.Choice, sent, best, ResponseLever.BestOffered, sent - best);
    }
}

/// <summary>The medians of a type in a period, seconds; null where nothing was measured.</summary>
internal sealed record UsualTimes(int Count, double? IntakeS, double? DecisionS, double? LaunchS, double? TransitS)
{
    /// <summary>Nearest-rank, as in the report.</summary>
    public static UsualTimes Of(IReadOnlyList<byte[]> axes) => new(
        axes.Count, Median(axes, IncidentStage.CallReceived, IncidentStage.IncidentCreated), Median(axes, IncidentStage.IncidentCreated, IncidentStage.DroneAssigned),
        Median(axes, IncidentStage.DroneAssigned, IncidentStage.DroneAirborne), Median(axes, IncidentStage.DroneAirborne, IncidentStage.DroneOnScene));

    private static double? Median(IReadOnlyList<byte[]> axes, IncidentStage from, IncidentStage to)
    {
        double[] known = [.. axes.Select(axis => OneSecondFaster.Between(axis, from, to)).OfType<double>().Order()];
        return known.Length == 0 ? null : known[(known.Length - 1) / 2];
    }
}
