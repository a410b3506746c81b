namespace DroneOps.Server.Incidents;

/// <summary>What a time axis may say. Pure.</summary>
/// <remarks>Two kinds of rule, because they fail differently. What cannot have happened (a step in the future or before the call, a drone at
/// the place before it flew) is refused when a person enters it: one of two entries is wrong, and the person is there to say which. What is only
/// unusual (a crew on scene before anybody sent it: it was passing by) is kept, and the axis shows the doubt. What the drones report is never
/// refused: it is what was measured.</remarks>
internal static class TimeAxis
{
    /// <summary>How far the clock of the person who enters may be ahead of ours.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    private static readonly (IncidentStage Earlier, IncidentStage Later)[] Necessary =
    [
        .. Enum.GetValues<IncidentStage>().Where(stage => stage != IncidentStage.CallReceived).Select(stage => (IncidentStage.CallReceived, stage)),
        (IncidentStage.DroneRequested, IncidentStage.DroneAssigned),
        (IncidentStage.DroneAirborne, IncidentStage.DroneOnScene),
        (IncidentStage.DroneAirborne, IncidentStage.FirstFrame),
        (IncidentStage.DroneAirborne, IncidentStage.DroneRecovered),
        (IncidentStage.DroneOnScene, IncidentStage.DroneRecovered),
    ];

    private static readonly (IncidentStage Earlier, IncidentStage Later)[] Usual =
    [
        .. Necessary,
        (IncidentStage.IncidentCreated, IncidentStage.UnitDispatched),
        (IncidentStage.IncidentCreated, IncidentStage.DroneRequested),
        (IncidentStage.UnitDispatched, IncidentStage.UnitOnScene),
        (IncidentStage.UnitOnScene, IncidentStage.Resolved),
        (IncidentStage.Resolved, IncidentStage.Closed),
    ];

    /// <summary>Why a person may not enter this time for a step, or null.</summary>
    public static string? Refuses(IncidentRecord incident, IncidentStage stage, DateTimeOffset at, DateTimeOffset now)
    {
        if (at > now + Ahead)
            return "The time lies in the future.";
        foreach (var (earlier, later) in Necessary)
        {
            if (stage == later && incident.ReachedAt(earlier) is { } before && at < before)
                return $"{later} cannot be before {earlier}, which was at {before.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.";
            if (stage == earlier && incident.ReachedAt(later) is { } after && at > after)
                return $"{earlier} cannot be after {later}, which was at {after.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.";
        }

        return null;
    }

    /// <summary>The steps that usually come before this one and that the axis has after it.</summary>
    public static IReadOnlyList<string> Doubts(IncidentRecord incident, IncidentStage stage) =>
        incident.ReachedAt(stage) is not { } at
            ? []
            : [.. Usual.Where(pair => pair.Later == stage && incident.ReachedAt(pair.Earlier) is { } before && before > at).Select(pair => pair.Earlier.ToString())];

    /// <summary>Notes that a step was reached, the first time it is.</summary>
    public static bool Reach(IncidentRecord incident, IncidentStage stage, DateTimeOffset at, string source, string actor)
    {
        if (incident.ReachedAt(stage) is not null)
            return false;
        incident.Stages = [.. incident.Stages, new StageEntry(stage, at, source, actor)];
        return true;
    }

    /// <summary>Puts another time in force for a step that was reached; what was there stays beside it.</summary>
    public static void Correct(IncidentRecord incident, IncidentStage stage, StageCorrection correction) =>
        incident.Stages = [.. incident.Stages.Select(entry => entry.Stage == stage ? entry with { Corrections = [.. entry.Corrections ?? [], correction] } : entry)];

    /// <summary>Reads a step's name. Not a number: enums read those, too.</summary>
    public static bool TryRead(string? text, out IncidentStage stage)
    {
        stage = default;
        return Enum.GetNames<IncidentStage>().Contains(text, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(text, ignoreCase: true, out stage);
    }
}
