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
    /// <summary>Reports of a crew after which it cannot call for help once more: enough for many calls, and a thumb that hammers fills no database. The
    /// other words come once, or once for each call.</summary>
    public const int MostOfCrew = 200;

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
        if (before?.Kind == report.Kind || (before is null && report.Kind == CrewReportKind.HelpOver)
            || (report.Kind == CrewReportKind.HelpNeeded && incident.CrewReports.Count(known => Same(known.Unit, report.Unit)) >= MostOfCrew))
            return false;
        incident.CrewReports = [.. incident.CrewReports, report];
        Arrive(incident);
        return true;
    }

    /// <summary>A call becomes another incident: what its crews told is told of that one, so that who calls for help goes on calling.</summary>
    public static void GoOver(IncidentRecord from, IncidentRecord into)
    {
        into.CrewReports = [.. into.CrewReports.Union(from.CrewReports).OrderBy(report => report.At)];
        Arrive(into);
    }

    /// <summary>They are two again: the survivor keeps what it was told itself, before the merge and since. A crew of the other that needs help no more
    /// could say so only there, so it counts for both.</summary>
    public static void GoBack(IncidentRecord from, IncidentRecord into, DateTimeOffset mergedAt)
    {
        var told = from.CrewReports;
        into.CrewReports = [.. into.CrewReports.Except(told)];
        var over = CallsForHelp(told).Select(call => into.CrewReports.Find(report => report.Kind == CrewReportKind.HelpOver && report.At >= mergedAt && Same(report.Unit, call.Unit)));
        from.CrewReports = [.. told, .. over.OfType<CrewReport>().OrderBy(report => report.At)];
        into.Stages = [.. into.Stages.Where(entry => entry.Stage != IncidentStage.UnitOnScene || !told.Exists(report => IsArrival(report, entry)))];
        Arrive(into);
    }

    /// <summary>A crew as the audit log writes it.</summary>
    public static string ActorOf(string unit) => $"unit:{unit}";

    /// <summary>The first crew that arrives sets the step.</summary>
    private static void Arrive(IncidentRecord incident)
    {
        if (incident.CrewReports.Find(report => report.Kind == CrewReportKind.Arrived) is { } first)
            TimeAxis.Reach(incident, IncidentStage.UnitOnScene, first.At, "hand", ActorOf(first.Unit));
    }

    private static bool IsArrival(CrewReport report, StageEntry entry) => report.Kind == CrewReportKind.Arrived && report.At == entry.At && ActorOf(report.Unit) == entry.Actor;

    private static bool IsOfHelp(CrewReportKind kind) => kind is CrewReportKind.HelpNeeded or CrewReportKind.HelpOver;

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
