using System.Security.Claims;
using System.Text.Json.Serialization;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using DroneOps.Vehicles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Fleet;

/// <summary><c>/vehicles/{id}/mission</c>: GET reads the mission that is on board, DELETE clears it. PUT is the route library's matter (Patrols/LoadMission.cs).</summary>
internal static class VehicleMission
{
    private const int MaxItems = 2000;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/{id}/mission", ReadAsync).ProducesProblem(StatusCodes.Status502BadGateway).WithSummary("The mission on board, read from the vehicle now");
        group.MapDelete("/{id}/mission", ClearAsync).RequireAuthorization(Policies.Fly).WithSummary("Clear the mission on board");
    }

    private static async Task<Results<Ok<Mission>, ProblemHttpResult>> ReadAsync(string id, VehicleBoard board, FleetCommands commands)
    {
        if (board.Find(id) is null)
            return Problems.NotFound("vehicle", id);
        return await commands.DownloadAsync(id, PlanKind.Mission) is PlanTransferResult.Downloaded plan
            ? TypedResults.Ok(new Mission([.. plan.Items.Select(item => Item.Of(PlanItem.FromWire(item)))]))
            : Problems.Other(StatusCodes.Status502BadGateway, "vehicle-not-answering", "The vehicle did not answer.", "The mission could not be read from the vehicle.");
    }

    /// <summary>Writes mission items, unless they lead into a keep-out zone, and reads them back.</summary>
    public static async Task<Results<Ok<Answer>, ProblemHttpResult>> WriteAsync(
        FleetVehicle vehicle, IReadOnlyList<Item>? sent, ClaimsPrincipal user, FleetCommands commands, AirspaceBook airspace, TimeProvider time, CancellationToken cancellation)
    {
        var faults = new List<Fault>();
        if (sent is not { Count: > 0 and <= MaxItems } items)
            return Problems.Invalid(new Fault("#/items", $"Send a routeId, or items: 1 to {MaxItems} mission items. DELETE clears a mission."));
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Problem() is { } problem)
                faults.Add(new Fault($"#/items/{i}", problem));
        }

        if (faults.Count > 0)
            return Problems.Invalid(faults);
        PlanItem[] plan = [.. items.Select(item => item.ToPlan())];
        if (ConflictOf(plan, vehicle, airspace.Current, time.GetUtcNow()) is { } conflict)
            return Problems.Refused("keep-out-zone", conflict.ToFault("#/items").Detail, conflict.ToFault("#/items"));
        return await TransferAsync(vehicle.Id, [.. plan.Select((item, i) => item.ToWire(0, 0, (ushort)i, MavMissionType.Mission))], user, commands, cancellation);
    }

    private static async Task<Results<Ok<Answer>, ProblemHttpResult>> ClearAsync(string id, ClaimsPrincipal user, VehicleBoard board, FleetCommands commands, CancellationToken cancellation) =>
        board.Find(id) is null ? Problems.NotFound("vehicle", id) : await TransferAsync(id, [], user, commands, cancellation);

    /// <summary>Writes items that were checked and reads them back.</summary>
    public static async Task<Results<Ok<Answer>, ProblemHttpResult>> TransferAsync(
        string id, IReadOnlyList<MissionItemInt> items, ClaimsPrincipal user, FleetCommands commands, CancellationToken cancellation)
    {
        var commander = CommandVehicle.Commander(user);
        if (commands.Refusal(id, new VehicleCommand.ContinueMission(), commander) is { } refusal)
            return Problems.Forbidden(refusal.Slug, refusal.Detail);
        return TypedResults.Ok(Answer.Of(await commands.UploadAsync(id, PlanKind.Mission, items, commander, cancellation)));
    }

    private static ZoneConflict? ConflictOf(PlanItem[] plan, FleetVehicle vehicle, AirspaceSnapshot airspace, DateTimeOffset now)
    {
        var s = vehicle.Snapshot;
        var home = s.Home?.Value.Amsl.Metres;
        // Items without a place of their own (a speed, a jump, a return) carry 0, 0.
        PlanItem[] places = [.. plan.Where(item => item is { HasGlobalFrame: true, X: not 0, Y: not 0, Position: not null } && (ushort)item.Command <= (ushort)MavCmd.NavLast)];
        double[] heights = [.. places.Select(HeightOf)];
        GeoPoint[] way = [.. places.Select(item => item.Position!.Value)];
        return (s.Position is { IsStale: false, Value: var here } ? WayThere(here) : null)
            ?? (way.Length == 0 ? null : KeepOut.Find(airspace, now, way, (heights.Min(), heights.Max()), home));

        // Apart from the rest: it begins on the ground, and a zone that is flown over further on does not reach down to there.
        ZoneConflict? WayThere(PositionReading from)
        {
            var isInAir = s.InAir == true;
            var first = heights.Length > 0 ? heights[0] : from.AboveHome.Metres;
            var top = Math.Max(from.AboveHome.Metres, plan.Where(item => item.Command == MavCmd.NavTakeoff).Select(HeightOf).DefaultIfEmpty(first).First());
            var bottom = Math.Min(isInAir ? from.AboveHome.Metres : top, first);
            return (isInAir ? null : KeepOut.Find(airspace, now, [from.Point], (0, top), home))
                ?? (way.Length == 0 ? null : KeepOut.Find(airspace, now, [from.Point, way[0]], (bottom, Math.Max(top, first)), home));
        }

        double HeightOf(PlanItem item) => item.Altitude is { Datum: AltitudeDatum.Amsl } amsl ? amsl.Metres - (home ?? 0) : item.Altitude?.Metres ?? 0;
    }

    /// <summary>A mission without its home.</summary>
    internal sealed record Mission(IReadOnlyList<Item>? Items);

    /// <summary>One mission item in MAVLink's terms.</summary>
    /// <param name="Command">MAV_CMD, its number.</param>
    /// <param name="Frame">MAV_FRAME, its number; 6 (above home) by custom.</param>
    /// <param name="Params">The first four parameters; null is "left to the autopilot".</param>
    /// <param name="Lon">Degrees, or null where the command has no place.</param>
    /// <param name="Lat">Degrees, or null where the command has no place.</param>
    /// <param name="AltitudeM">Metres in the frame's datum, or the seventh parameter.</param>
    /// <param name="X">The fifth parameter of a command in a frame that is not global.</param>
    /// <param name="Y">The sixth.</param>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Item(int Command, int Frame, IReadOnlyList<double?>? Params, double? Lon, double? Lat, double AltitudeM, int? X, int? Y)
    {
        private const int NoPlace = 0;

        public static Item Of(PlanItem item)
        {
            var hasPlace = item.HasGlobalFrame && (item.X, item.Y) != (NoPlace, NoPlace) && item.Position is not null;
            return new(
                (int)item.Command,
                (int)item.Frame,
                [Number(item.Param1), Number(item.Param2), Number(item.Param3), Number(item.Param4)],
                hasPlace ? item.Position!.Value.LongitudeDeg : null,
                hasPlace ? item.Position!.Value.LatitudeDeg : null,
                item.Z,
                item.HasGlobalFrame ? null : item.X,
                item.HasGlobalFrame ? null : item.Y);
        }

        public string? Problem() => this switch
        {
            { Command: < 0 or > ushort.MaxValue } => "command is a MAV_CMD number.",
            { Frame: < 0 or > 21 } => "frame is a MAV_FRAME number.",
            { Params: { Count: not 4 } } => "params has four numbers; null is left to the autopilot.",
            { Lon: null, Lat: not null } or { Lon: not null, Lat: null } => "lon and lat come together.",
            { Lon: not (null or (>= -180 and <= 180)) } or { Lat: not (null or (>= -90 and <= 90)) } => "lon is -180 to 180 and lat -90 to 90 degrees.",
            { Lon: not null } when !PlanItem.IsGlobal((MavFrame)Frame) => "lon and lat need a global frame.",
            { AltitudeM: not (>= -1000 and <= 10_000) } => "altitudeM is -1000 to 10000 m.",
            _ => null,
        };

        public PlanItem ToPlan()
        {
            var place = Lon is { } lon && Lat is { } lat ? new GeoPoint(lat, lon) : (GeoPoint?)null;
            return new PlanItem((MavCmd)Command, (MavFrame)Frame)
            {
                Param1 = Wire(0),
                Param2 = Wire(1),
                Param3 = Wire(2),
                Param4 = Wire(3),
                X = place?.LatitudeE7 ?? X ?? NoPlace,
                Y = place?.LongitudeE7 ?? Y ?? NoPlace,
                Z = (float)AltitudeM,
            };
        }

        private static double? Number(float value) => float.IsFinite(value) ? value : null;

        private float Wire(int index) => Params is null ? 0 : (float)(Params[index] ?? double.NaN);
    }

    /// <summary>How writing a mission ended: verified (read back and equal), accepted (acknowledged only), rejected, failed, notSent.</summary>
    internal sealed record Answer(string Outcome, string? Reason)
    {
        public static Answer Of(PlanTransferResult result) => result switch
        {
            PlanTransferResult.Verified => new("verified", null),
            PlanTransferResult.Accepted => new("accepted", null),
            PlanTransferResult.Rejected rejected => new("rejected", rejected.Text ?? rejected.Type.ToString()),
            PlanTransferResult.Failed failed => new("failed", failed.Reason),
            PlanTransferResult.NotStarted notStarted => new("notSent", notStarted.Note),
            PlanTransferResult.Cancelled => new("failed", "The transfer was cancelled."),
            _ => new("failed", result.ToString()),
        };
    }
}
