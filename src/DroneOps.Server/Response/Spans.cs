using DroneOps.Server.Incidents;

namespace DroneOps.Server.Response;

/// <summary>A time between two steps of an incident that the report counts.</summary>
internal enum ResponseSpan
{
    /// <summary>From the call to the incident in the book.</summary>
    Intake,

    /// <summary>From the book to the request for a drone.</summary>
    Request,

    /// <summary>From the request to the drone assigned: the wait for one that is free.</summary>
    Assignment,

    /// <summary>From the assignment to the air.</summary>
    Launch,

    /// <summary>From the air to the place.</summary>
    Transit,

    /// <summary>From the place to the first picture.</summary>
    FirstFrame,

    /// <summary>From the call to the drone on scene: the promise.</summary>
    DroneToScene,

    /// <summary>From the call to the crew on scene.</summary>
    UnitToScene,

    /// <summary>From the first on scene, drone or crew, to resolved.</summary>
    Handling,

    /// <summary>From resolved to the drone on the ground again.</summary>
    Recovery,

    /// <summary>From resolved to closed.</summary>
    Closing,

    /// <summary>How long the drone was there before the crew, where it was.</summary>
    DroneLead,

    /// <summary>How long the crew was there before the drone, where it was.</summary>
    UnitLead,
}

/// <summary>The times between the steps of one axis. Pure.</summary>
internal static class Spans
{
    /// <summary>What a step that was not reached, or that the axis has before the one it is measured from, measures.</summary>
    public const long Unknown = -1;

    /// <summary>How many there are.</summary>
    public const int Count = (int)ResponseSpan.UnitLead + 1;

    /// <summary>The spans between two steps of the axis; the two leads are between the drone and the crew.</summary>
    private static readonly (ResponseSpan Span, IncidentStage From, IncidentStage To)[] Simple =
    [
        (ResponseSpan.Intake, IncidentStage.CallReceived, IncidentStage.IncidentCreated),
        (ResponseSpan.Request, IncidentStage.IncidentCreated, IncidentStage.DroneRequested),
        (ResponseSpan.Assignment, IncidentStage.DroneRequested, IncidentStage.DroneAssigned),
        (ResponseSpan.Launch, IncidentStage.DroneAssigned, IncidentStage.DroneAirborne),
        (ResponseSpan.Transit, IncidentStage.DroneAirborne, IncidentStage.DroneOnScene),
        (ResponseSpan.FirstFrame, IncidentStage.DroneOnScene, IncidentStage.FirstFrame),
        (ResponseSpan.DroneToScene, IncidentStage.CallReceived, IncidentStage.DroneOnScene),
        (ResponseSpan.UnitToScene, IncidentStage.CallReceived, IncidentStage.UnitOnScene),
        (ResponseSpan.Recovery, IncidentStage.Resolved, IncidentStage.DroneRecovered),
        (ResponseSpan.Closing, IncidentStage.Resolved, IncidentStage.Closed),
    ];

    /// <summary>Measures an axis as <see cref="IncidentTimes.Axis"/> packs it.</summary>
    /// <param name="axis">The packed times.</param>
    /// <param name="into">Milliseconds for each <see cref="ResponseSpan"/>, or <see cref="Unknown"/>.</param>
    public static void Measure(ReadOnlySpan<byte> axis, Span<long> into)
    {
        foreach (var (span, from, to) in Simple)
            into[(int)span] = Between(IncidentTimes.At(axis, from), IncidentTimes.At(axis, to));
        var (drone, unit) = (IncidentTimes.At(axis, IncidentStage.DroneOnScene), IncidentTimes.At(axis, IncidentStage.UnitOnScene));
        var first = drone == IncidentTimes.NotReached ? unit : unit == IncidentTimes.NotReached ? drone : Math.Min(drone, unit);
        into[(int)ResponseSpan.Handling] = Between(first, IncidentTimes.At(axis, IncidentStage.Resolved));
        into[(int)ResponseSpan.DroneLead] = drone < unit ? Between(drone, unit) : Unknown;
        into[(int)ResponseSpan.UnitLead] = unit < drone ? Between(unit, drone) : Unknown;
    }

    private static long Between(long from, long to) => from == IncidentTimes.NotReached || to == IncidentTimes.NotReached || to < from ? Unknown : to - from;
}
