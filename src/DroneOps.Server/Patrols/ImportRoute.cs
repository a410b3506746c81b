using System.Security.Claims;
using System.Text;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Files;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Route = DroneOps.Missions.Route;

namespace DroneOps.Server.Patrols;

/// <summary><c>POST /routes/import</c>: a .plan, .waypoints or .kml file becomes a route; what was not taken over is said.</summary>
internal static class ImportRoute
{
    // A line on a map says neither height nor speed: the usual ones of a patrol.
    private const double LineHeightM = 60;
    private const double LineSpeedMps = 8;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/import", HandleAsync).RequireAuthorization(Policies.Plan)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).WithSummary("Make a route of a .plan, .waypoints or .kml file");

    private static async Task<Results<Created<RouteView>, ProblemHttpResult>> HandleAsync(
        Request request, HttpContext context, ClaimsPrincipal user, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.FileName) || request.Content is not { Length: > 0 } content)
            return Problems.Invalid(new Fault("#/fileName", "fileName and content are needed."));
        var name = Path.GetFileNameWithoutExtension(request.FileName.Trim());
        name = name.Length is 0 or > 80 ? "import" : name;
        var faults = new List<InputFault>();
        var notes = new List<FindingView>();
        if (Read(Path.GetExtension(request.FileName).ToLowerInvariant(), name, content, faults, notes) is not { } route)
            return Problems.Invalid([.. faults.Select(fault => new Fault("#/content", fault.ToString()))]);
        if (RouteBody.Of(route).Check().ToList() is { Count: > 0 } unreadable)
            return Problems.Invalid(unreadable);
        var planned = planner.Check(route);
        if (SaveRoute.Refusal(planned) is { } refusal)
            return refusal;
        var row = await book.AddAsync(null, name, planned, user.Actor(), cancellation);
        ETags.Set(context, row);
        return TypedResults.Created($"{ApiGroups.Prefix}/routes/{row.Id}", RouteView.Of(row, planned, notes));
    }

    private static Route? Read(string form, string name, string content, List<InputFault> faults, List<FindingView> notes)
    {
        switch (form)
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

    private static Route? OfItems(string name, IReadOnlyList<DroneOps.Missions.Items.PlanItem> items, List<InputFault> faults, List<FindingView> notes)
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

    /// <summary>The request: a file as text.</summary>
    internal sealed record Request(string? FileName, string? Content);
}
