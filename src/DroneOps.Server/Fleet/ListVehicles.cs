using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>GET /vehicles</c> and <c>GET /vehicles/{id}</c>.</summary>
internal static class ListVehicles
{
    private const int LongestNumber = 10;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", List).WithSummary("Every vehicle of the fleet with its latest state, by id; a fleet fits on one page");
        group.MapGet("/{id}", Show).HasETag().WithSummary("One vehicle with its latest state; the ETag is of what people decide about it");
    }

    private static Results<Ok<Page<VehicleView>>, ProblemHttpResult> List([AsParameters] PageRequest page, VehicleBoard board) => page.Fault is { } fault
        ? Problems.Invalid(fault)
        : TypedResults.Ok(page.OrLimit(PageRequest.MaxLimit).OfAll(board.All.Select(VehicleView.Of), vehicle => vehicle.Id.PadLeft(LongestNumber, '0'), newestFirst: false));

    private static Results<Ok<VehicleView>, ProblemHttpResult> Show(string id, HttpContext context, VehicleBoard board, VehicleRegistry registry)
    {
        if (board.Find(id) is not { } vehicle)
            return Problems.NotFound("vehicle", id);
        if (registry.Find(id) is { } entry)
            context.Response.Headers.ETag = ETags.Of(entry.Version);
        return TypedResults.Ok(VehicleView.Of(vehicle));
    }
}
