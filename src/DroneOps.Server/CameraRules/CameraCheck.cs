namespace DroneOps.Server.CameraRules;

/// <summary>How a camera breaks its duty.</summary>
internal enum BreachKind
{
    /// <summary>It is recorded inside a no-record zone.</summary>
    RecordedInNoRecordZone,

    /// <summary>It is recorded on the way, where the legs say when it is.</summary>
    RecordedOnTheWay,

    /// <summary>It is not recorded at the scene.</summary>
    NotRecordedAtScene,

    /// <summary>It looks down on the way, or in a no-record zone.</summary>
    LooksDown,
}

/// <summary>What a camera is to do at a moment.</summary>
/// <param name="Leg">What the leg says; null while no mission is flown, or it says nothing.</param>
/// <param name="NoRecordZone">The no-record zone that the vehicle is in.</param>
internal readonly record struct CameraDuties(LegDuty? Leg, string? NoRecordZone);

/// <summary>What a camera does at a moment.</summary>
/// <param name="IsRecorded">Whether its stream is being recorded.</param>
/// <param name="PitchDeg">How far up it looks; null where it does not say.</param>
internal readonly record struct CameraDoes(bool IsRecorded, double? PitchDeg);

/// <summary>Holds what a camera does against its duty. Pure.</summary>
internal static class CameraCheck
{
    public static IEnumerable<BreachKind> Of(CameraDuties duties, CameraDoes does, RecordingRule rule, double levelDeg)
    {
        var isHidden = duties.NoRecordZone is not null;
        if (isHidden && does.IsRecorded)
            yield return BreachKind.RecordedInNoRecordZone;
        if (!isHidden && rule == RecordingRule.Legs && duties.Leg is { Records: false } && does.IsRecorded)
            yield return BreachKind.RecordedOnTheWay;
        if (!isHidden && duties.Leg is { Records: true } && !does.IsRecorded)
            yield return BreachKind.NotRecordedAtScene;

        // A pilot who flies by hand looks where it is needed; a mission on its way has said that it does not look.
        if (duties.Leg is { } leg && (isHidden || !leg.Records) && does.PitchDeg < -levelDeg)
            yield return BreachKind.LooksDown;
    }
}
