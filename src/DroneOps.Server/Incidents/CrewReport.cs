namespace DroneOps.Server.Incidents;

/// <summary>What a crew on the ground tells of an incident.</summary>
internal enum CrewReportKind
{
    /// <summary>It is there. The first of these sets the step <see cref="IncidentStage.UnitOnScene"/>.</summary>
    Arrived,

    /// <summary>It sees the place with its own eyes.</summary>
    PlaceSeen,

    /// <summary>It needs help.</summary>
    HelpNeeded,

    /// <summary>It needs none any more.</summary>
    HelpOver,
}

/// <summary>A crew's word on the time axis, beside the twelve steps.</summary>
/// <param name="Unit">The crew's call sign.</param>
internal sealed record CrewReport(CrewReportKind Kind, DateTimeOffset At, string Unit)
{
    /// <summary>Enough for every crew of a large incident to call for help several times; a thumb that hammers fills no database.</summary>
    public const int Most = 200;

    /// <summary>The crews that call for help now, by their last word about it.</summary>
    public static IEnumerable<CrewReport> CallsForHelp(IEnumerable<CrewReport> reports) => reports
        .Where(report => report.Kind is CrewReportKind.HelpNeeded or CrewReportKind.HelpOver)
        .GroupBy(report => report.Unit, StringComparer.OrdinalIgnoreCase)
        .Select(ofUnit => ofUnit.Last())
        .Where(report => report.Kind == CrewReportKind.HelpNeeded);

    /// <summary>Notes a crew's word. What it has said already changes nothing: a button is pressed twice.</summary>
    /// <returns>Whether it is new.</returns>
    public static bool Note(IncidentRecord incident, CrewReport report)
    {
        var before = incident.CrewReports.FindLast(known => Same(known.Unit, report.Unit) && IsOfHelp(known.Kind) == IsOfHelp(report.Kind) && (IsOfHelp(report.Kind) || known.Kind == report.Kind));
        if (before?.Kind == report.Kind || (before is null && report.Kind == CrewReportKind.HelpOver) || incident.CrewReports.Count >= Most)
            return false;
        incident.CrewReports = [.. incident.CrewReports, report];
        if (report.Kind == CrewReportKind.Arrived)
            TimeAxis.Reach(incident, IncidentStage.UnitOnScene, report.At, "hand", ActorOf(report.Unit));
        return true;
    }

    /// <summary>A crew as the audit log writes it.</summary>
    public static string ActorOf(string unit) => $"unit:{unit}";

    private static bool IsOfHelp(CrewReportKind kind) => kind is CrewReportKind.HelpNeeded or CrewReportKind.HelpOver;

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
