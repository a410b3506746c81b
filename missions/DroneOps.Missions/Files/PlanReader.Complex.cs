using System.Text.Json.Nodes;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Missions.Files;

internal sealed partial class PlanReader
{
    // The flight of a transect item (survey, corridor) is stored with it. What stores none is computed where it can be.
    private void ReadComplex(JsonObject node, string path)
    {
        var type = PlanJson.Text(node, "complexItemType");
        var (least, most) = type switch
        {
            "survey" => (3, 6),
            "CorridorScan" => (2, 4),
            "StructureScan" => (2, 4),
            _ => (0, 1_000_000),
        };
        if (!Version(node, path, least, most))
            return;

        if (Stored(node, path) is var (items, itemsPath))
        {
            for (var i = 0; i < items.Count && !IsWrong; i++)
            {
                if (PlanJson.Text(items[i], "type") == "SimpleItem")
                    ReadSimple(items[i]!, $"{itemsPath}[{i}]");
                else
                    _json.Wrong("plan.item", $"{itemsPath}[{i}].type", "\"SimpleItem\" is expected here.");
            }
        }
        else if (type == "survey")
        {
            Recompute(node, path);
        }
        else
        {
            _notes.Add(new("plan.notFlown", path, $"A \"{type}\" item without stored flight is kept but not flown."));
        }
    }

    private static (JsonArray Items, string Path)? Stored(JsonObject node, string path)
    {
        if (PlanJson.Child(PlanJson.Child(node, "TransectStyleComplexItem"), "Items") is JsonArray nested)
            return (nested, $"{path}.TransectStyleComplexItem.Items");
        return PlanJson.Child(node, "Items") is JsonArray own ? (own, $"{path}.Items") : null;
    }

    private void Recompute(JsonObject node, string path)
    {
        var calculation = PlanJson.Child(PlanJson.Child(node, "TransectStyleComplexItem"), "CameraCalc");
        var calculationPath = $"{path}.TransectStyleComplexItem.CameraCalc";
        var swath = _json.Number(PlanJson.Child(calculation, "AdjustedFootprintSide"), $"{calculationPath}.AdjustedFootprintSide");
        var height = _json.Number(PlanJson.Child(calculation, "DistanceToSurface"), $"{calculationPath}.DistanceToSurface");
        var angle = _json.Number(PlanJson.Child(node, "angle"), $"{path}.angle");
        if (_json.Array(node, "polygon", path, PlanFile.MaxItems) is not { } points)
            return;

        var ring = new List<GeoPoint>(points.Count);
        for (var i = 0; i < points.Count && !IsWrong; i++)
            ring.Add(_json.Position(points[i], $"{path}.polygon[{i}]", 2) ?? default);
        if (IsWrong)
            return;
        if (!Area.Create(ring).TryGet(out var area))
        {
            _json.Wrong("plan.survey", $"{path}.polygon", "The survey's area cannot be used: " + Area.Create(ring).Faults[0].Message);
            return;
        }

        var settings = new SweepSettings { SwathM = swath, Altitude = Altitude.Relative(height), AngleDeg = double.IsNaN(angle) ? null : angle % 360, MarginM = 0 };
        var plan = Lawnmower.Plan("survey", area, settings, []);
        if (!plan.TryGet(out var coverage))
        {
            _json.Wrong("plan.survey", path, "The survey has no stored flight and cannot be computed: " + plan.Faults[0].Message);
            return;
        }

        foreach (var leg in coverage.Route.Legs.Take(PlanFile.MaxItems - _items.Count))
            _items.Add(PlanItem.At(MavCmd.NavWaypoint, MavFrame.GlobalRelativeAlt, leg.To, height) with { Param4 = float.NaN });
        _notes.Add(new("plan.recomputed", path, $"The survey has no stored flight; {coverage.PassCount} passes were computed from its area, direction and spacing."));
    }
}
