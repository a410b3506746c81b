using System.Text;
using DroneOps.Missions;
using DroneOps.Missions.Files;
using DroneOps.Missions.Items;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Patrols;

/// <summary><c>GET /routes/{id}.plan</c>, <c>.waypoints</c>, <c>.kml</c>, <c>.geojson</c>: for other ground stations and maps.</summary>
internal static class ExportRoute
{
    private static readonly Dictionary<string, (string MediaType, Func<CheckedRoute, CompiledMission, byte[]> Write)> Forms =
        new()
        {
            ["plan"] = ("application/json", (route, mission) =>
                PlanFile.Of(route.Home, mission.Items, MissionDialect.ArduPilotCopter, route.Route.CruiseSpeedMps, [], []).Write()),
            ["waypoints"] = ("text/plain; charset=utf-8", (route, mission) => Encoding.UTF8.GetBytes(WaypointsFile.Of(route.Home, mission.Items).Write())),
            ["kml"] = ("application/vnd.google-earth.kml+xml", (route, _) => RouteExport.Kml(route.Route, HeightFrame.Flat(route.Home))),
            ["geojson"] = ("application/geo+json", (route, _) => RouteExport.GeoJson(route.Route, HeightFrame.Flat(route.Home))),
        };

    public static void Map(RouteGroupBuilder group)
    {
        foreach (var (form, _) in Forms)
            group.MapGet($"/{{id}}.{form}", (string id, RouteBook book, RoutePlanner planner, CancellationToken cancellation) => HandleAsync(id, form, book, planner, cancellation)).WithSummary($"A route as a .{form} file");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(string id, string form, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } row)
            return Problems.NotFound("route", id);
        var planned = planner.Check(row.Body.ToRoute(row.Name));
        var compiled = MissionCompiler.Compile(planned.Route, new CompileSettings { Heights = HeightFrame.Flat(planned.Home) });
        if (!compiled.TryGet(out var mission))
            return Problems.Refused("route-not-exportable", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
        var (mediaType, write) = Forms[form];
        return TypedResults.File(write(planned, mission), mediaType, $"{id}.{form}");
    }
}
