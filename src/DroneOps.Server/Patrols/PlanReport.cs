using System.Globalization;
using System.Text;

namespace DroneOps.Server.Patrols;

/// <summary>What <c>droneops plan</c> answers. Metres, seconds, percent of a full battery.</summary>
/// <param name="Launch">Longitude, latitude, metres above mean sea level.</param>
/// <param name="Flyable">Whether nothing found forbids flying it.</param>
/// <param name="BatteryAtLandingPercent">What is left; null where it cannot be told.</param>
/// <param name="Files">What was written.</param>
internal sealed record PlanReport(
    string Name, bool Flyable, double[] Launch, int Legs, double LengthM, double DurationS, double EnergyPercent, double? BatteryAtLandingPercent,
    IReadOnlyList<FindingView> Findings, IReadOnlyList<string> Files, LineView Geometry, RouteBody Route)
{
    public static PlanReport Of(CheckedRoute planned, IEnumerable<FindingView> notes, IReadOnlyList<string> files) => new(
        planned.Route.Name, planned.Report.IsFlyable, [planned.Home.Position.LongitudeDeg, planned.Home.Position.LatitudeDeg, planned.Home.AmslM], planned.Route.Legs.Count,
        Math.Round(planned.LengthM, 1), Math.Round(planned.DurationS, 1), Math.Round(planned.EnergyPercent, 1), planned.Report.BatteryAtLandingPercent is { } left ? Math.Round(left, 1) : null,
        [.. planned.Report.Findings.OrderByDescending(finding => finding.Severity).Select(FindingView.Of), .. notes], files, LineView.Of(RouteBody.Line(planned.Route, planned.Home)), RouteBody.Of(planned.Route));

    /// <summary>The same for a person.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Name}: {Legs} legs from {Launch[0]:0.000000}, {Launch[1]:0.000000} ({Launch[2]:0.#} m above sea level)");
        text.AppendLine(CultureInfo.InvariantCulture, $"  length {LengthM / 1000:0.00} km   time {TimeSpan.FromSeconds(Math.Round(DurationS)):hh\\:mm\\:ss}   energy {EnergyPercent:0.#} %   lands with {BatteryAtLandingPercent?.ToString("0.#", CultureInfo.InvariantCulture) ?? "?"} %");
        foreach (var finding in Findings)
            text.AppendLine(CultureInfo.InvariantCulture, $"  {finding.Severity,-7} {(finding.LegIndex is { } leg ? $"leg {leg}" : "route"),-8} {finding.Message}{(finding.Where is [var lon, var lat] ? string.Create(CultureInfo.InvariantCulture, $" ({lon:0.000000}, {lat:0.000000})") : "")}");
        foreach (var file in Files)
            text.AppendLine(CultureInfo.InvariantCulture, $"  written {file}");
        return text.Append(Flyable ? "It may be flown." : "It must not be flown; nothing is written.").ToString();
    }
}
