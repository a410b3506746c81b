using DroneOps.Server.Airspace;

namespace DroneOps.Server.Incidents;

/// <summary>One step of the time axis; <c>at</c> is null until it happens.</summary>
internal sealed record StageView(string Stage, DateTimeOffset? At, string? Source);

/// <summary>An incident as the API shows it.</summary>
/// <param name="IsAutomatic">Whether it gets a drone by itself.</param>
/// <param name="WaitsFor">Why it has none yet, drone by drone.</param>
internal sealed record IncidentView(
    Guid Id, string? ExternalNumber, string Type, int Priority, string Summary, PointGeometry Location, string? Address, DateTimeOffset ReportedAt,
    IncidentState State, string? VehicleId, IReadOnlyList<StageView> TimeAxis, OutcomeCounts Outcomes, string? Note, bool IsAutomatic, string? WaitsFor)
{
    public static IncidentView Of(IncidentRecord row) => new(
        row.Id, row.ExternalNumber, row.Type, row.Priority, row.Summary, new("Point", [row.Scene.LongitudeDeg, row.Scene.LatitudeDeg]), row.Address, row.ReportedAt,
        row.State, row.VehicleId,
        [.. Enum.GetValues<IncidentStage>().Select(stage => row.Stages.Find(entry => entry.Stage == stage) is { } entry ? new StageView(stage.ToString(), entry.At, entry.Source) : new StageView(stage.ToString(), null, null))],
        row.Outcomes, row.Note, row.IsAutomatic, row.WaitsFor);
}
