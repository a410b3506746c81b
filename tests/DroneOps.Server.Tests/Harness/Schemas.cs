using System.Text.Json;

namespace DroneOps.Server.Tests.Harness;

/// <summary>JSON held against a schema of the OpenAPI document: what the document promises must be there, and nothing else.</summary>
internal static class Schemas
{
    /// <summary>What does not agree, each with its place.</summary>
    public static IEnumerable<string> Differences(JsonElement value, JsonElement schema, JsonElement document) => Differences(value, schema, document, "$");

    /// <summary>The schema itself, where it is a reference.</summary>
    public static JsonElement Resolve(JsonElement schema, JsonElement document) =>
        schema.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]) : schema;

    private static IEnumerable<string> Differences(JsonElement value, JsonElement schema, JsonElement document, string at)
    {
        schema = Resolve(schema, document);
        if (schema.TryGetProperty("oneOf", out var either))
        {
            var each = either.EnumerateArray().Select(one => Differences(value, one, document, at).ToList()).ToList();
            return each.Exists(one => one.Count == 0) ? [] : each.MinBy(one => one.Count)!;
        }

        if (schema.TryGetProperty("type", out var type) && !Types(type).Contains(TypeOf(value)) && !(TypeOf(value) == "integer" && Types(type).Contains("number")))
            return [$"{at}: {value.ValueKind} is not {type}"];
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
            return [$"{at}: {value} is none of {words}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object when schema.TryGetProperty("properties", out var properties) => OfObject(value, schema, properties, document, at),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray().SelectMany((item, index) => Differences(item, items, document, $"{at}[{index}]")),
            _ => [],
        };
    }

    private static IEnumerable<string> OfObject(JsonElement value, JsonElement schema, JsonElement properties, JsonElement document, string at)
    {
        var members = value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!) : [];
        return required.Where(name => !members.ContainsKey(name)).Select(name => $"{at}: {name} is missing")
            .Concat(members.SelectMany(member => properties.TryGetProperty(member.Key, out var known)
                ? Differences(member.Value, known, document, $"{at}.{member.Key}")
                : [$"{at}: {member.Key} is not in the document"]));
    }

    private static string[] Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };
}
