using DroneOps.Server.Airspace;

namespace DroneOps.Server.Incidents;

/// <summary>One step of the time axis.</summary>
/// <param name="At">The time in force; null until it happens.</param>
/// <param name="Source">event, hand or import.</param>
/// <param name="First">The first value, where a correction is in force.</param>
/// <param name="Corrections">What people said about it afterwards, oldest first.</param>
/// <param name="Doubts">Steps that usually come before this one and that the axis has after it.</param>
internal sealed record StageView(
    string Stage, DateTimeOffset? At, string? Source, FirstValue? First, IReadOnlyList<StageCorrection> Corrections, IReadOnlyList<string> Doubts)
{
    public static StageView Of(IncidentRecord row, IncidentStage stage) => row.Stages.Find(entry => entry.Stage == stage) switch
    {
        null => new(stage.ToString(), null, null, null, [], []),
        { Corrections: { Count: > 0 } corrections } entry => new(
            stage.ToString(), entry.InForce, "hand", new FirstValue(entry.At, entry.Source, entry.Actor), corrections, TimeAxis.Doubts(row, stage)),
        { } entry => new(stage.ToString(), entry.At, entry.Source, null, [], TimeAxis.Doubts(row, stage)),
    };
}

/// <summary>What a step said before it was corrected.</summary>
internal sealed record FirstValue(DateTimeOffset At, string Source, string Actor);

/// <summary>An incident as the API shows it.</summary>
/// <param name="IsAutomatic">Whether it gets a drone by itself.</param>
/// <param name="VehicleId">The primary of its drones.</param>
/// <param name="WaitsFor">Why it has none yet, drone by drone, or why its drone will not be relieved.</param>
internal sealed record IncidentView(
    Guid Id, string? ExternalNumber, string Type, int Priority, string Summary, PointGeometry Location, string? Address, DateTimeOffset ReportedAt,
    IncidentState State, string? VehicleId, IReadOnlyList<StageView> TimeAxis, OutcomeCounts Outcomes, string? Note, bool IsAutomatic, string? WaitsFor)
{
    /// <summary>The drones that work it or come home from it.</summary>
    public IReadOnlyList<IncidentDrone> Drones { get; init; } = [];

    /// <summary>The drones that did, with why they stopped.</summary>
    public IReadOnlyList<IncidentDrone> FormerDrones { get; init; } = [];

    /// <summary>How it came into the book.</summary>
    public IncidentSource Source { get; init; }

    /// <summary>What whoever works it should know; the answer to a report adds what was noticed about the report.</summary>
    public IReadOnlyList<IncidentWarning> Warnings { get; init; } = [];

    /// <summary>What the crews at it have told, in its order.</summary>
    public IReadOnlyList<CrewReport> CrewReports { get; init; } = [];

    /// <summary>Where it was before it moved.</summary>
    public IReadOnlyList<FormerPlace> FormerPlaces { get; init; } = [];

    /// <summary>The calls that were found to be this one.</summary>
    public IReadOnlyList<MergedCall> Merged { get; init; } = [];

    /// <summary>The incident this one was merged into, and from whom that comes; null unless it was.</summary>
    public MergeLink? MergedInto { get; init; }

    /// <summary>Open incidents that may be the same; only in the answer to a report and to a move.</summary>
    public IReadOnlyList<PossibleDuplicate>? PossibleDuplicates { get; init; }

    public static IncidentView Of(IncidentRecord row) => new(
        row.Id, row.ExternalNumber, row.Type, row.Priority, row.Summary, PointGeometry.Of(row.Scene), row.Address, row.ReportedAt,
        row.State, row.VehicleId,
        [.. Enum.GetValues<IncidentStage>().Select(stage => StageView.Of(row, stage))],
        row.Outcomes, row.Note, row.IsAutomatic, row.WaitsFor)
    {
        Drones = [.. row.Drones.Where(drone => drone.State != DroneState.Gone)],
        FormerDrones = [.. row.Drones.Where(drone => drone.State == DroneState.Gone)],
        Source = row.Source,
        Warnings = row.Warnings,
        CrewReports = row.CrewReports,
        FormerPlaces = row.FormerPlaces,
        Merged = row.Merged,
        MergedInto = row.MergedInto,
    };
}
