using DroneOps.Missions.Items;
using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Patrols;

/// <summary><c>GET /routes/{id}.plan</c>, <c>.waypoints</c>, <c>.kml</c>, <c>.geojson</c>: for other ground stations and maps.</summary>
internal static class ExportRoute
{
    public static void Map(RouteGroupBuilder group)
    {
        foreach (var (extension, form) in RouteFiles.Forms)
        {
            group.MapGet($"/{{id}}.{extension}", (string id, RouteBook book, RoutePlanner planner, CancellationToken cancellation) => HandleAsync(id, extension, form, book, planner, cancellation))
                .Produces<Stream>(contentType: form.MediaType.Split(';')[0])
                .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
                .WithSummary($"A route as a .{extension} file");
        }
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        string id, string extension, RouteForm form, RouteBook book, RoutePlanner planner, CancellationToken cancellation)
    {
        if (await book.FindAsync(id, cancellation) is not { } row)
            return Problems.NotFound("route", id);
        var planned = planner.Check(row.Body.ToRoute(row.Name));
        var compiled = RouteFiles.Compile(planned, MissionDialect.ArduPilotCopter);
        if (!compiled.TryGet(out var mission))
            return Problems.Refused("route-not-exportable", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
        return TypedResults.File(form.Write(planned, mission, MissionDialect.ArduPilotCopter), form.MediaType, $"{id}.{extension}");
    }
}
