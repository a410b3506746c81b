using DroneOps.Server.Airspace;

namespace DroneOps.Server.Incidents;

/// <summary>What whoever works an incident should know at once. It never holds a call back.</summary>
/// <param name="Code">A stable word that programs may branch on.</param>
/// <param name="Detail">For a person.</param>
/// <param name="Place">A place that it is about: where a drone can stand instead, for example.</param>
internal sealed record IncidentWarning(string Code, string Detail, PointGeometry? Place = null)
{
    /// <summary>Said of an incident whose drones are to go to another place, until they have answered.</summary>
    public static IncidentWarning NotYetRerouted { get; } = new(WarningCodes.NotRerouted, "The drone has not confirmed the order to the new place yet.");
}

/// <summary>The codes of <see cref="IncidentWarning"/>.</summary>
internal static class WarningCodes
{
    public const string UnknownType = "unknown-type";
    public const string AlreadyReported = "already-reported";
    public const string Merged = "merged";
    public const string ShiftedPlace = "shifted-place";
    public const string NoFlyZone = "no-fly-zone";
    public const string NotRerouted = "drone-not-rerouted";
}

/// <summary>A place an incident was at before it moved.</summary>
/// <param name="Location">Where, WGS-84.</param>
/// <param name="Address">How it was described.</param>
/// <param name="Until">When it was left.</param>
/// <param name="By">Who said so.</param>
/// <param name="Reason">Why.</param>
internal sealed record FormerPlace(PointGeometry Location, string? Address, DateTimeOffset Until, string By, string Reason);

/// <summary>A call that was found to be the same as another one.</summary>
/// <param name="Id">The call that was closed for it.</param>
/// <param name="ExternalNumber">Its number, which goes on leading here.</param>
/// <param name="At">When it was merged.</param>
/// <param name="By">By whom.</param>
/// <param name="Reason">Why.</param>
/// <param name="CallReceivedBefore">The surviving incident's own first step, when the merged call had come in earlier and gave it its time; null when it kept its own.</param>
/// <param name="PriorityBefore">The surviving incident's own priority, when the merged call was more urgent; null when it kept its own.</param>
/// <param name="VehicleIds">The drones that went over with it.</param>
/// <param name="MadeAutomatic">Whether the surviving incident gets a drone by itself for its sake.</param>
internal sealed record MergedCall(
    Guid Id, string? ExternalNumber, DateTimeOffset At, string By, string Reason, StageEntry? CallReceivedBefore, int? PriorityBefore, IReadOnlyList<string> VehicleIds,
    bool MadeAutomatic = false)
{
    /// <summary>The other steps of the time axis that the surviving incident has from it.</summary>
    public IReadOnlyList<GivenStep> Gave { get; init; } = [];

    /// <summary>What stood before it where it gave a step; null when it gave none.</summary>
    public GivenStep? StepBefore(IncidentStage stage) => stage != IncidentStage.CallReceived ? Gave.FirstOrDefault(step => step.Stage == stage)
        : CallReceivedBefore is { } before ? new(stage, before) : null;

    /// <summary>The same one with a step that it gives.</summary>
    /// <param name="before">What stood there.</param>
    public MergedCall Giving(IncidentStage stage, StageEntry? before) => stage == IncidentStage.CallReceived
        ? this with { CallReceivedBefore = before }
        : this with { Gave = [.. Gave, new(stage, before)] };
}

/// <summary>A step that a merged call gave the surviving incident.</summary>
/// <param name="Before">What the surviving incident had there itself; null when it had not reached it.</param>
internal sealed record GivenStep(IncidentStage Stage, StageEntry? Before);

/// <summary>Into which incident one was merged.</summary>
/// <param name="Into">The surviving incident.</param>
/// <param name="StateBefore">Where it stood.</param>
/// <param name="WasAutomatic">Whether it was to get a drone by itself.</param>
internal sealed record MergeLink(Guid Into, DateTimeOffset At, string By, string Reason, IncidentState StateBefore, bool WasAutomatic = false);
