using System.Security.Claims;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Vehicles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>POST /vehicles/{id}/commands</c>: sends one command and answers how it ended. Nothing is sent twice.</summary>
internal static class CommandVehicle
{
    private const int OrbitCorners = 36;

    public static void Map(RouteGroupBuilder group) => group
        .MapPost("/{id}/commands", HandleAsync)
        .RequireAuthorization(Policies.Dispatch)
        .WithSummary("Command a vehicle; the outcome is accepted, inProgress, rejected, unknown or notSent. A launch needs its purpose");

    /// <summary>Who commands by a request.</summary>
    public static Commander Commander(ClaimsPrincipal user) => new(user.Actor(), user.IsInRole(Roles.Pilot) || user.IsInRole(Roles.Admin), null);

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> HandleAsync(
        string id, CommandRequest request, ClaimsPrincipal user, FleetCommands commands, VehicleBoard board, AirspaceBook airspace, LaunchPurposes purposes, TimeProvider time,
        CancellationToken cancellation)
    {
        if (board.Find(id) is not { } vehicle)
            return Problems.NotFound("vehicle", id);
        var faults = new List<Fault>();
        var grounds = request.ReadGrounds(purposes, faults);
        if (request.Read(faults) is not { } command)
            return Problems.Invalid(faults);
        if (ConflictOf(command, vehicle, airspace.Current, time.GetUtcNow()) is { } conflict)
            return Problems.Refused("keep-out-zone", conflict.ToFault("#/lon").Detail, conflict.ToFault("#/lon"));
        var receipt = await commands.ExecuteAsync(id, command, Commander(user) with { Grounds = grounds }, cancellation);
        return receipt.Refusal switch
        {
            null => TypedResults.Ok(Answer.Of(receipt)),
            { IsPurposeMissing: true } missing => Problems.Conflict(missing.Slug, missing.Detail, LaunchRules.Missing),
            var refusal => Problems.Forbidden(refusal.Slug, refusal.Detail),
        };
    }

    /// <summary>Where a command would lead a vehicle into a keep-out zone. What stops it, lands it or brings it home is never refused for one.</summary>
    private static ZoneConflict? ConflictOf(VehicleCommand command, FleetVehicle vehicle, AirspaceSnapshot airspace, DateTimeOffset now)
    {
        var s = vehicle.Snapshot;
        PositionReading? here = s.Position is { IsStale: false, Value: var position } ? position : null;
        return command switch
        {
            VehicleCommand.GoTo to => Find(here is { } from ? [from.Point, to.Target] : [to.Target], to.Height),
            VehicleCommand.Orbit orbit when (orbit.Centre ?? here?.Point) is { } centre => OrbitConflict(centre, orbit),
            // It climbs from the ground: the whole column counts.
            VehicleCommand.Takeoff up when here is { } from => KeepOut.Find(airspace, now, [from.Point], (0, up.Height.Metres), s.Home?.Value.Amsl.Metres),
            _ => null,
        };

        ZoneConflict? Find(GeoPoint[] way, Altitude height)
        {
            var present = here?.AboveHome.Metres ?? height.Metres;
            return KeepOut.Find(airspace, now, way, (Math.Min(present, height.Metres), Math.Max(present, height.Metres)), s.Home?.Value.Amsl.Metres);
        }

        // Apart, because a vehicle inside a zone may leave it, and may not circle through it.
        ZoneConflict? OrbitConflict(GeoPoint centre, VehicleCommand.Orbit orbit)
        {
            var circle = CircleOf(centre, Math.Abs(orbit.RadiusM), here is { } from ? Geodesic.Inverse(centre, from.Point).StartAzimuthDeg : 0);
            return (here is { } start ? Find([start.Point, circle[0]], orbit.Height) : null) ?? Find(circle, orbit.Height);
        }
    }

    /// <summary>A circle from where it is met, on the side that the vehicle comes from, once around.</summary>
    private static GeoPoint[] CircleOf(GeoPoint centre, double radiusM, double startDeg) =>
        [.. Enumerable.Range(0, OrbitCorners + 1).Select(corner => Geodesic.Direct(centre, startDeg + (corner * 360.0 / OrbitCorners), radiusM))];

    /// <summary>How a command ended.</summary>
    /// <param name="Outcome">accepted, inProgress, rejected, unknown or notSent.</param>
    /// <param name="Reason">The autopilot's or our reason; null when there is nothing to say.</param>
    /// <param name="CommandId">Under which it is in the audit log.</param>
    internal sealed record Answer(string Outcome, string? Reason, string CommandId)
    {
        public static Answer Of(CommandReceipt receipt) => new(
            CommandWords.NameOf(receipt.Outcome),
            receipt.Outcome is CommandOutcome.Accepted ? null : FleetCommands.Describe(receipt.Outcome),
            receipt.CommandId);
    }
}
