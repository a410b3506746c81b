using DroneOps.Missions.Checks;
using DroneOps.Server.Api;

namespace DroneOps.Server.Patrols;

/// <summary>A GeoJSON line, longitude first.</summary>
internal sealed record LineView(string Type, double[][] Coordinates)
{
    public static LineView Of(double[][] line) => new("LineString", line);
}

/// <summary>One finding of a route check; <c>severity</c> is error, warning or info.</summary>
internal sealed record FindingView(string Severity, string Code, int? LegIndex, double[]? Where, string Message)
{
    public static FindingView Of(RouteFinding finding) => new(
        finding.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "info" },
        finding.Code, finding.LegIndex, finding.Where is { } where ? [where.LongitudeDeg, where.LatitudeDeg] : null, finding.Message);

    /// <summary>The errors of a report as faults of a request.</summary>
    public static IReadOnlyList<Fault> Errors(RouteReport report) =>
        [.. report.Findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => new Fault(finding.LegIndex is { } leg ? $"#/route/legs/{leg}" : "#/route", finding.Message))];
}

/// <summary>A route of the library. Lists leave the body and the findings out.</summary>
internal sealed record RouteView(
    string Id, string Name, long Version, LineView Geometry, double LengthM, double DurationS, double EnergyPercent, DateTimeOffset UpdatedAt, string UpdatedBy,
    RouteBody? Route, IReadOnlyList<FindingView>? Findings)
{
    public static RouteView Of(RouteRecord row) =>
        new(row.Id, row.Name, row.Version, LineView.Of(row.Line), row.LengthM, row.DurationS, row.EnergyPercent, row.UpdatedAt, row.UpdatedBy, null, null);

    public static RouteView Of(RouteRecord row, CheckedRoute checkedRoute, params IEnumerable<FindingView> notes) =>
        Of(row) with { Route = row.Body, Findings = [.. checkedRoute.Report.Findings.Select(FindingView.Of), .. notes] };
}
