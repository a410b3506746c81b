using System.Security.Claims;
using System.Text.Json.Serialization;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Patrols;

/// <summary><c>PUT /vehicles/{id}/mission</c>: writes a route of the library, checked from the vehicle's own home with its own battery, or mission items as they
/// are; reads it back; does not start it.</summary>
internal static class LoadMission
{
    public static void Map(RouteGroupBuilder vehicles) => vehicles.MapPut("/{id}/mission", HandleAsync)
        .RequireAuthorization(Policies.Fly)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .WithSummary("Write a route or mission items and read them back; nothing is started");

    private static async Task<Results<Ok<VehicleMission.Answer>, ProblemHttpResult>> HandleAsync(
        string id, Request request, ClaimsPrincipal user, VehicleBoard board, FleetCommands commands, AirspaceBook airspace, RouteBook routes, RoutePlanner planner, TimeProvider time,
        CancellationToken cancellation)
    {
        if (board.Find(id) is not { } vehicle)
            return Problems.NotFound("vehicle", id);
        if (request is not { RouteId: { } routeId, Items: null })
        {
            return request.RouteId is null
                ? await VehicleMission.WriteAsync(vehicle, request.Items, user, commands, airspace, time, cancellation)
                : Problems.Invalid(new Fault("#/items", "Send a routeId or items, not both."));
        }

        if (await routes.FindAsync(routeId, cancellation) is not { } route)
            return Problems.Invalid(new Fault("#/routeId", $"There is no route '{routeId}'."));
        if (vehicle.Snapshot is not { Home.Value: var home, Battery.Value.RemainingPercent: { } percent })
            return Problems.Conflict("vehicle-not-ready", $"The home or the battery of {vehicle.Name} is not known, so the route cannot be checked for it.");
        var planned = planner.Check(route.Body.ToRoute(route.Name), id, new LaunchPoint(home.Point, home.Amsl.Metres), percent);
        if (SaveRoute.Refusal(planned) is { } refusal)
            return refusal;
        var compiled = RouteFiles.Compile(planned, vehicle.Snapshot.Identity?.Autopilot == MavAutopilot.Px4 ? MissionDialect.Px4 : MissionDialect.ArduPilotCopter);
        return compiled.TryGet(out var mission)
            ? await VehicleMission.TransferAsync(id, [.. mission.Items.Select((item, index) => item.ToWire(vehicle.Snapshot.Key.SystemId, 1, (ushort)index, MavMissionType.Mission))], user, commands, cancellation)
            : Problems.Refused("route-not-exportable", string.Join(" ", compiled.Faults.Select(fault => fault.Message)));
    }

    /// <summary>What to write: a route of the library, or items.</summary>
    /// <param name="RouteId">A route of <c>/routes</c>, in its newest version.</param>
    /// <param name="Items">Mission items in MAVLink's terms, without home.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Request(string? RouteId, IReadOnlyList<VehicleMission.Item>? Items);
}
