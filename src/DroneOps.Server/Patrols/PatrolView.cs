using System.Globalization;

namespace DroneOps.Server.Patrols;

/// <summary>A patrol as the API shows it; the times are on the city's clock, HH:mm.</summary>
internal sealed record PatrolView(
    Guid Id, string Name, string RouteId, IReadOnlyList<string> VehicleIds, int VehicleCount, int? EveryMinutes, string? From, string? To, IReadOnlyList<int>? Days, bool Enabled,
    string ApprovedBy)
{
    public static PatrolView Of(PatrolRecord row) => new(
        row.Id, row.Name, row.RouteId, row.VehicleIds, row.VehicleCount, row.Schedule?.EveryMinutes,
        row.Schedule?.From.ToString("HH:mm", CultureInfo.InvariantCulture), row.Schedule?.To.ToString("HH:mm", CultureInfo.InvariantCulture), row.Schedule?.Days, row.Enabled, row.ApprovedBy);
}

/// <summary>An occurrence as the API and the feed show it.</summary>
internal sealed record OccurrenceView(string Id, Guid PatrolId, string PatrolName, DateTimeOffset PlannedAt, OccurrenceState State, string? VehicleId, string? Reason)
{
    public static OccurrenceView Of(OccurrenceRecord row) => new(row.Id, row.PatrolId, row.PatrolName, row.PlannedAt, row.State, row.VehicleId, row.Reason);
}
