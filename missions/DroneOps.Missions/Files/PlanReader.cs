using System.Globalization;
using System.Text.Json.Nodes;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;

namespace DroneOps.Missions.Files;

/// <summary>Reads the tree of a plan file.</summary>
internal sealed partial class PlanReader(JsonObject root)
{
    private readonly PlanJson _json = new();
    private readonly List<PlanItem> _items = [];
    private readonly Dictionary<int, int> _indexOfJumpId = [];
    private readonly List<(int Index, int JumpId, string Path)> _jumps = [];
    private readonly List<ImportNote> _notes = [];

    private bool IsWrong => _json.Faults.Count > 0;

    public Validated<PlanFile> Read()
    {
        if (Version(root, "$", 1, 1) && _json.Object(root, "mission", "$") is { } mission && Version(mission, "$.mission", 2, 2)
            && _json.Position(PlanJson.Child(mission, "plannedHomePosition"), "$.mission.plannedHomePosition", 2) is { } home)
        {
            var homeNode = (JsonArray)mission["plannedHomePosition"]!;
            var homeM = homeNode.Count > 2 ? _json.Number(homeNode[2], "$.mission.plannedHomePosition[2]") : double.NaN;
            ReadItems(mission);
            ResolveJumps();
            var fences = ReadFences();
            var rally = ReadRally();
            if (!IsWrong)
                return new(PlanFile.Kept(root, new(home, double.IsNaN(homeM) ? 0 : homeM), _items, fences, rally, _notes));
        }

        return new(_json.Faults);
    }

    private bool Version(JsonNode parent, string path, int least, int most)
    {
        var version = _json.Integer(parent, "version", path, 0, 1_000_000);
        if (version is null)
            return false;
        if (version >= least && version <= most)
            return true;
        _json.Wrong("plan.version", $"{path}.version", least == most ? $"Version {version} is not read; {least} is." : $"Version {version} is not read; {least} to {most} are.");
        return false;
    }

    private void ReadItems(JsonObject mission)
    {
        if (_json.Array(mission, "items", "$.mission", PlanFile.MaxItems) is not { } items)
            return;
        for (var i = 0; i < items.Count && !IsWrong; i++)
        {
            var path = $"$.mission.items[{i}]";
            switch (PlanJson.Text(items[i], "type"))
            {
                case "SimpleItem":
                    ReadSimple(items[i]!, path);
                    break;
                case "ComplexItem":
                    ReadComplex((JsonObject)items[i]!, path);
                    break;
                default:
                    _json.Wrong("plan.item", $"{path}.type", "\"SimpleItem\" or \"ComplexItem\" is expected here.");
                    break;
            }
        }
    }

    private void ReadSimple(JsonNode node, string path)
    {
        if (_items.Count == PlanFile.MaxItems)
        {
            _json.Wrong("plan.tooMany", path, $"The plan has more than {PlanFile.MaxItems} items.");
            return;
        }

        if (_json.Integer(node, "command", path, 0, 65_535) is not { } command || _json.Integer(node, "frame", path, 0, 255) is not { } frame)
            return;
        if (PlanJson.Child(node, "params") is not JsonArray { Count: 7 } values)
        {
            _json.Wrong("plan.item", $"{path}.params", "A list of seven numbers is expected here.");
            return;
        }

        var item = new PlanItem((MavCmd)command, (MavFrame)frame)
        {
            Param1 = _json.Parameter(values[0], $"{path}.params[0]"),
            Param2 = _json.Parameter(values[1], $"{path}.params[1]"),
            Param3 = _json.Parameter(values[2], $"{path}.params[2]"),
            Param4 = _json.Parameter(values[3], $"{path}.params[3]"),
            X = Coordinate(values[4], (MavFrame)frame, 90, $"{path}.params[4]"),
            Y = Coordinate(values[5], (MavFrame)frame, 180, $"{path}.params[5]"),
            Z = _json.Parameter(values[6], $"{path}.params[6]"),
            AutoContinue = PlanJson.Child(node, "autoContinue") is not JsonValue flag || !flag.TryGetValue<bool>(out var on) || on,
        };
        if (PlanJson.Child(node, "doJumpId") is not null)
        {
            if (_json.Integer(node, "doJumpId", path, 0, int.MaxValue) is not { } jumpId)
                return;
            _indexOfJumpId.TryAdd(jumpId, _items.Count);
        }

        if (item.Command == MavCmd.DoJump)
            _jumps.Add((_items.Count, (int)Math.Clamp(float.IsNaN(item.Param1) ? -1 : item.Param1, -1, 1e6f), $"{path}.params[0]"));
        _items.Add(item);
    }

    private int Coordinate(JsonNode? node, MavFrame frame, double most, string path)
    {
        var value = _json.Number(node, path);
        var plain = PlanItem.IsGlobal(frame) ? ItemNumbers.Degrees(value, most) : ItemNumbers.Plain(value);
        if (plain is null)
            _json.Wrong("plan.position", path, string.Create(CultureInfo.InvariantCulture, $"{value} is out of range."));
        return plain ?? 0;
    }

    // In the file a jump names its target's doJumpId; in the vehicle it names the target's number, with home as number 0.
    private void ResolveJumps()
    {
        foreach (var (index, jumpId, path) in _jumps)
        {
            if (!_indexOfJumpId.TryGetValue(jumpId, out var target))
                _json.Wrong("plan.jump", path, $"The jump's target {jumpId} does not exist.");
            else
                _items[index] = _items[index] with { Param1 = target + 1 };
        }
    }

    private List<PlanFence> ReadFences()
    {
        var fences = new List<PlanFence>();
        if (PlanJson.Child(root, "geoFence") is not JsonObject fence || IsWrong)
            return fences;
        if (PlanJson.Child(fence, "version") is not JsonValue version || !version.TryGetValue<int>(out var number) || number != 2)
        {
            _notes.Add(new("plan.fenceNotRead", "$.geoFence.version", "Only version 2 of a fence is read; this one is kept but not used."));
            return fences;
        }

        var corners = 0;
        if (PlanJson.Child(fence, "circles") is not null && _json.Array(fence, "circles", "$.geoFence", PlanFile.MaxItems) is { } circles)
        {
            for (var i = 0; i < circles.Count && !IsWrong; i++)
            {
                var path = $"$.geoFence.circles[{i}]";
                if (_json.Object(circles[i], "circle", path) is not { } circle || _json.Position(PlanJson.Child(circle, "center"), $"{path}.circle.center", 2) is not { } centre)
                    return fences;
                var radius = _json.Number(PlanJson.Child(circle, "radius"), $"{path}.circle.radius");
                if (!(radius > 0))
                    _json.Wrong("plan.number", $"{path}.circle.radius", "A radius above 0 is expected here.");
                fences.Add(new(Inclusion(circles[i], path), [], centre, radius));
            }
        }

        if (PlanJson.Child(fence, "polygons") is not null && _json.Array(fence, "polygons", "$.geoFence", PlanFile.MaxItems) is { } polygons)
        {
            for (var i = 0; i < polygons.Count && !IsWrong; i++)
            {
                var path = $"$.geoFence.polygons[{i}]";
                if (_json.Array(polygons[i], "polygon", path, PlanFile.MaxItems) is not { } points)
                    return fences;
                corners += points.Count;
                if (points.Count < 3 || corners > PlanFile.MaxItems)
                    _json.Wrong("plan.tooMany", $"{path}.polygon", $"A polygon has at least 3 corners, and all together at most {PlanFile.MaxItems}.");
                var ring = new List<GeoPoint>(points.Count);
                for (var j = 0; j < points.Count && !IsWrong; j++)
                    ring.Add(_json.Position(points[j], $"{path}.polygon[{j}]", 2) ?? default);
                fences.Add(new(Inclusion(polygons[i], path), ring, default, 0));
            }
        }

        return fences;
    }

    private bool Inclusion(JsonNode? node, string path)
    {
        if (PlanJson.Child(node, "inclusion") is JsonValue value && value.TryGetValue<bool>(out var inclusion))
            return inclusion;
        _json.Wrong("plan.missing", $"{path}.inclusion", "true or false is expected here.");
        return false;
    }

    private List<PlanRally> ReadRally()
    {
        var rally = new List<PlanRally>();
        if (PlanJson.Child(root, "rallyPoints") is not JsonObject section || IsWrong || PlanJson.Child(section, "points") is null)
            return rally;
        if (_json.Array(section, "points", "$.rallyPoints", PlanFile.MaxItems) is not { } points)
            return rally;
        for (var i = 0; i < points.Count && !IsWrong; i++)
        {
            var path = $"$.rallyPoints.points[{i}]";
            if (_json.Position(points[i], path, 3) is { } position)
                rally.Add(new(position, _json.Number(points[i]![2], $"{path}[2]")));
        }

        return rally;
    }
}
