using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DroneOps.Mavlink;

namespace DroneOps.Missions.Files;

/// <summary>Reads values out of a JSON tree, naming the path of the first thing that is not what it should be.</summary>
internal sealed class PlanJson
{
    /// <summary>What is wrong; reading goes on only while it is empty.</summary>
    public List<InputFault> Faults { get; } = [];

    public JsonObject? Object(JsonNode? parent, string name, string path)
    {
        if (Child(parent, name) is JsonObject found)
            return found;
        Wrong("plan.missing", $"{path}.{name}", "An object is expected here.");
        return null;
    }

    public JsonArray? Array(JsonNode? parent, string name, string path, int most)
    {
        if (Child(parent, name) is not JsonArray found)
        {
            Wrong("plan.missing", $"{path}.{name}", "A list is expected here.");
            return null;
        }

        if (found.Count <= most)
            return found;
        Wrong("plan.tooMany", $"{path}.{name}", $"The list has {found.Count} entries; at most {most} are read.");
        return null;
    }

    public int? Integer(JsonNode? parent, string name, string path, int least, int most)
    {
        if (Child(parent, name) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number)
            && number == Math.Floor(number) && number >= least && number <= most)
            return (int)number;
        Wrong("plan.number", $"{path}.{name}", $"A whole number from {least} to {most} is expected here.");
        return null;
    }

    /// <summary>A number, null for JSON's null (which stands for "not a number" in plans); a fault otherwise.</summary>
    public double Number(JsonNode? node, string path)
    {
        if (node is null)
            return double.NaN;
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number) && double.IsFinite(number))
            return number;
        Wrong("plan.number", path, "A number is expected here.");
        return double.NaN;
    }

    /// <summary>A parameter as it is carried: single precision.</summary>
    public float Parameter(JsonNode? node, string path)
    {
        var number = (float)Number(node, path);
        if (float.IsInfinity(number))
            Wrong("plan.number", path, "The number is too large.");
        return number;
    }

    /// <summary>A position [latitude, longitude, ...]; at least <paramref name="count"/> numbers.</summary>
    public GeoPoint? Position(JsonNode? node, string path, int count)
    {
        if (node is not JsonArray { Count: >= 2 } array || array.Count < count)
        {
            Wrong("plan.position", path, $"A list of at least {count} numbers, latitude first, is expected here.");
            return null;
        }

        var point = new GeoPoint(Number(array[0], $"{path}[0]"), Number(array[1], $"{path}[1]"));
        if (point.IsValid)
            return point;
        if (Faults.Count == 0)
        {
            Wrong("plan.position", path, string.Create(CultureInfo.InvariantCulture,
                $"Latitude {point.LatitudeDeg}, longitude {point.LongitudeDeg} is not on the earth{(Math.Abs(point.LatitudeDeg) <= 180 && Math.Abs(point.LongitudeDeg) <= 90 ? "; they look swapped" : "")}."));
        }

        return null;
    }

    public void Wrong(string code, string path, string message) => Faults.Add(new(code, path, message));

    /// <summary>Whether every name and string of a tree is text: bytes that are not UTF-8 and halves of surrogate pairs pass the parser and
    /// fail only when they are looked at. Afterwards the whole tree is laid out and reading it changes nothing in it.</summary>
    public static bool IsText(JsonNode? node)
    {
        try
        {
            Visit(node);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static JsonNode? Child(JsonNode? parent, string name) => parent is JsonObject found && found.TryGetPropertyValue(name, out var child) ? child : null;

    public static string? Text(JsonNode? parent, string name) =>
        Child(parent, name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static void Visit(JsonNode? node)
    {
        if (node is JsonObject found)
        {
            foreach (var (_, child) in found)
                Visit(child);
        }
        else if (node is JsonArray list)
        {
            foreach (var child in list)
                Visit(child);
        }
        else if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            _ = value.GetValue<string>();
        }
    }
}
