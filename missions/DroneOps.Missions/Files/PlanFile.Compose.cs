using System.Text.Json.Nodes;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;

namespace DroneOps.Missions.Files;

public sealed partial class PlanFile
{
    // MAV_AUTOPILOT_ARDUPILOTMEGA 3, MAV_AUTOPILOT_PX4 12, MAV_TYPE_QUADROTOR 2; altitude mode 1 is relative, 2 absolute, 4 terrain frame.
    private static JsonObject Compose(
        LaunchPoint home, IReadOnlyList<PlanItem> items, MissionDialect dialect, double cruiseSpeedMps, IReadOnlyList<PlanFence> fences, IReadOnlyList<PlanRally> rallyPoints) => new()
        {
            ["fileType"] = "Plan",
            ["geoFence"] = new JsonObject
            {
                ["circles"] = new JsonArray([.. fences.Where(static fence => fence.RadiusM > 0).Select(Circle)]),
                ["polygons"] = new JsonArray([.. fences.Where(static fence => fence.RadiusM <= 0).Select(Polygon)]),
                ["version"] = 2,
            },
            ["groundStation"] = "DroneOps",
            ["mission"] = new JsonObject
            {
                ["cruiseSpeed"] = cruiseSpeedMps,
                ["firmwareType"] = (int)(dialect == MissionDialect.Px4 ? MavAutopilot.Px4 : MavAutopilot.Ardupilotmega),
                ["globalPlanAltitudeMode"] = 1,
                ["hoverSpeed"] = cruiseSpeedMps,
                ["items"] = new JsonArray([.. items.Select(Simple)]),
                ["plannedHomePosition"] = new JsonArray(home.Position.LatitudeDeg, home.Position.LongitudeDeg, home.AmslM),
                ["vehicleType"] = (int)MavType.Quadrotor,
                ["version"] = 2,
            },
            ["rallyPoints"] = new JsonObject
            {
                ["points"] = new JsonArray([.. rallyPoints.Select(static rally => (JsonNode)new JsonArray(rally.Position.LatitudeDeg, rally.Position.LongitudeDeg, rally.HeightM))]),
                ["version"] = 2,
            },
            ["version"] = 1,
        };

    private static JsonNode Simple(PlanItem item, int index)
    {
        var isGlobal = item.HasGlobalFrame;
        var json = new JsonObject();
        if (isGlobal && item.Position is not null)
        {
            json["AMSLAltAboveTerrain"] = null;
            json["Altitude"] = Value(item.Z);
            json["AltitudeMode"] = item.Altitude?.Datum switch
            {
                AltitudeDatum.Amsl => 2,
                AltitudeDatum.Agl => 4,
                _ => 1,
            };
        }

        json["autoContinue"] = item.AutoContinue;
        json["command"] = (int)item.Command;
        json["doJumpId"] = index + 1;
        json["frame"] = (int)item.Frame;
        json["params"] = new JsonArray(
            Value(item.Param1), Value(item.Param2), Value(item.Param3), Value(item.Param4), Coordinate(item.X, isGlobal), Coordinate(item.Y, isGlobal), Value(item.Z));
        json["type"] = "SimpleItem";
        return json;
    }

    private static JsonNode Polygon(PlanFence fence) => new JsonObject
    {
        ["inclusion"] = fence.IsInclusion,
        ["polygon"] = new JsonArray([.. fence.Polygon.Select(static point => (JsonNode)new JsonArray(point.LatitudeDeg, point.LongitudeDeg))]),
        ["version"] = 1,
    };

    private static JsonNode Circle(PlanFence fence) => new JsonObject
    {
        ["circle"] = new JsonObject
        {
            ["center"] = new JsonArray(fence.Centre.LatitudeDeg, fence.Centre.LongitudeDeg),
            ["radius"] = fence.RadiusM,
        },
        ["inclusion"] = fence.IsInclusion,
        ["version"] = 1,
    };

    // Single precision is written with the digits it has, so 0.1 stays 0.1.
    private static JsonValue? Value(float value) => float.IsNaN(value) ? null : JsonValue.Create(Shortest(value));

    private static double Shortest(float value) => double.Parse(value.ToString("R", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static JsonValue? Coordinate(int value, bool isGlobal) => value == ItemNumbers.NotGiven ? null
        : isGlobal ? JsonValue.Create((double)(value / 10_000_000m))
        : JsonValue.Create(value);
}
