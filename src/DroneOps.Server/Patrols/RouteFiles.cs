using System.Text;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Files;
using DroneOps.Missions.Items;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary>A form in which other ground stations and maps read a route.</summary>
/// <param name="MediaType">For HTTP.</param>
/// <param name="Write">Writes it.</param>
internal sealed record RouteForm(string MediaType, Func<CheckedRoute, CompiledMission, MissionDialect, byte[]> Write);

/// <summary>Routes as files: QGroundControl's .plan, .waypoints, .kml and .geojson out; the first three in.</summary>
internal static class RouteFiles
{
    // A line on a map says neither height nor speed: the usual ones of a patrol.
    private const double LineHeightM = 60;
    private const double LineSpeedMps = 8;

    /// <summary>The forms that are written, by the extension without its dot.</summary>
    public static readonly IReadOnlyDictionary<string, RouteForm> Forms = new Dictionary<string, RouteForm>
    {
        ["plan"] = new("application/json", (route, mission, dialect) => PlanFile.Of(route.Home, mission.Items, dialect, route.Route.CruiseSpeedMps, [], []).Write()),
        ["waypoints"] = new("text/plain; charset=utf-8", (route, mission, _) => Encoding.UTF8.GetBytes(WaypointsFile.Of(route.Home, mission.Items).Write())),
        ["kml"] = new("application/vnd.google-earth.kml+xml", (route, _, _) => RouteExport.Kml(route.Route, HeightFrame.Flat(route.Home))),
        ["geojson"] = new("application/geo+json", (route, _, _) => RouteExport.GeoJson(route.Route, HeightFrame.Flat(route.Home))),
    };

    /// <summary>The form of a file's name, or null.</summary>
    public static RouteForm? FormOf(string fileName) => Forms.GetValueOrDefault(Path.GetExtension(fileName).TrimStart('.').ToLowerInvariant());

    /// <summary>Compiles a route for an autopilot.</summary>
    public static Validated<CompiledMission> Compile(CheckedRoute planned, MissionDialect dialect) =>
        MissionCompiler.Compile(planned.Route, new CompileSettings { Heights = HeightFrame.Flat(planned.Home), Dialect = dialect });

    /// <summary>Makes a route of a file.</summary>
    /// <param name="fileName">Its extension tells the form.</param>
    /// <param name="name">What the route is called.</param>
    /// <param name="faults">Gets what is wrong; null is answered then.</param>
    /// <param name="notes">Gets what was not taken over.</param>
    public static Route? Read(string fileName, string name, string content, List<InputFault> faults, List<FindingView> notes)
    {
        switch (Path.GetExtension(fileName).ToLowerInvariant())
        {
            case ".plan":
                var plan = PlanFile.Read(Encoding.UTF8.GetBytes(content));
                faults.AddRange(plan.Faults);
                return plan.TryGet(out var file) ? OfItems(name, file.Items, faults, notes) : null;
            case ".waypoints" or ".txt":
                var waypoints = WaypointsFile.Read(content);
                faults.AddRange(waypoints.Faults);
                return waypoints.TryGet(out var rows) ? OfItems(name, rows.Items, faults, notes) : null;
            case ".kml":
                var kml = KmlShapes.Read(Encoding.UTF8.GetBytes(content));
                faults.AddRange(kml.Faults);
                return kml.TryGet(out var shapes) ? OfLine(name, shapes, faults) : null;
            default:
                faults.Add(new InputFault("import.form", "fileName", "The file is a .plan, .waypoints or .kml."));
                return null;
        }
    }

    private static Route? OfItems(string name, IReadOnlyList<PlanItem> items, List<InputFault> faults, List<FindingView> notes)
    {
        var made = RouteImport.FromItems(name, items);
        faults.AddRange(made.Faults);
        if (!made.TryGet(out var imported))
            return null;
        notes.AddRange(imported.Report.Notes.Select(note => new FindingView("info", note.Code, null, null, note.Message)));
        return imported.Route;
    }

    private static Route? OfLine(string name, KmlShapes shapes, List<InputFault> faults)
    {
        if (shapes.Lines is [var line, ..])
        {
            return new Route
            {
                Name = name,
                CruiseSpeedMps = LineSpeedMps,
                Legs = [.. line.Points.Select(point => new RouteLeg { To = point, Altitude = Altitude.Relative(LineHeightM), Camera = CameraDuty.Scene })],
            };
        }

        faults.Add(new InputFault("import.noLine", "kml", "The file has no line to fly along."));
        return null;
    }
}
