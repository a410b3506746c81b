using DroneOps.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>GET /vehicles</c> and <c>GET /vehicles/{id}</c>.</summary>
internal static class ListVehicles
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("", (VehicleBoard board) => TypedResults.Ok(new Answer([.. board.All.OrderBy(vehicle => vehicle.Id.Length).ThenBy(vehicle => vehicle.Id, StringComparer.Ordinal).Select(VehicleView.Of)], null)))
            .WithSummary("Every vehicle of the fleet with its latest state");
        group.MapGet("/{id}", Results<Ok<VehicleView>, ProblemHttpResult> (string id, VehicleBoard board) =>
                board.Find(id) is { } vehicle ? TypedResults.Ok(VehicleView.Of(vehicle)) : Problems.NotFound("vehicle", id))
            .WithSummary("One vehicle with its latest state");
    }

    /// <summary>A fleet is small enough to be answered whole.</summary>
    internal sealed record Answer(IReadOnlyList<VehicleView> Items, string? NextCursor);
}
