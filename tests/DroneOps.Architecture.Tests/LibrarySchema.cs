using System.Text.Json;
using System.Text.RegularExpressions;

namespace DroneOps.Architecture.Tests;

/// <summary>
/// The part of JSON Schema 2020-12 that the library's schemas use. A keyword it does not know is an error, never a pass:
/// a schema that says more than is checked would be worse than none.
/// </summary>
internal sealed class LibrarySchema
{
    private readonly Dictionary<string, JsonElement> _documents = [];
    private readonly List<string> _faults = [];

    /// <summary>What is wrong with the instance, each line with the JSON path of the place; empty when it conforms.</summary>
    public IReadOnlyList<string> Check(string schemaFile, JsonElement instance)
    {
        _faults.Clear();
        Check(schemaFile, Document(schemaFile), instance, "$");
        return [.. _faults];
    }

    private JsonElement Document(string file)
    {
        if (!_documents.TryGetValue(file, out var document)) _documents[file] = document = LibraryFiles.Read($"schema/{file}");
        return document;
    }

    private void Check(string file, JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type) && !IsOfType(value, type.GetString()!))
        {
            // The other keywords ask for the value as this type: they can say nothing more.
            Require(false, path, $"is not a {type}");
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            var rule = keyword.Value;
            switch (keyword.Name)
            {
                case "$schema" or "$defs" or "title" or "description" or "type":
                    break;
                case "$ref":
                    var (target, definition) = Resolve(file, rule.GetString()!);
                    Check(target, definition, value, path);
                    break;
                case "allOf":
                    foreach (var part in rule.EnumerateArray()) Check(file, part, value, path);
                    break;
                case "anyOf":
                    Require(rule.EnumerateArray().Any(part => Conforms(file, part, value)), path, "matches none of anyOf");
                    break;
                case "const":
                    Require(JsonElement.DeepEquals(rule, value), path, $"is not {rule}");
                    break;
                case "enum":
                    Require(rule.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)), path, $"{value} is none of {rule}");
                    break;
                case "minimum":
                    Require(value.GetDouble() >= rule.GetDouble(), path, $"{value} is under {rule}");
                    break;
                case "maximum":
                    Require(value.GetDouble() <= rule.GetDouble(), path, $"{value} is over {rule}");
                    break;
                case "minLength":
                    Require(value.GetString()!.Length >= rule.GetInt32(), path, "is too short");
                    break;
                case "pattern":
                    Require(Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)), path, $"{value} is not like {rule}");
                    break;
                case "minItems":
                    Require(value.GetArrayLength() >= rule.GetInt32(), path, "has too few items");
                    break;
                case "maxItems":
                    Require(value.GetArrayLength() <= rule.GetInt32(), path, "has too many items");
                    break;
                case "items":
                    var index = 0;
                    foreach (var item in value.EnumerateArray()) Check(file, rule, item, $"{path}[{index++}]");
                    break;
                case "required":
                    foreach (var name in rule.EnumerateArray()) Require(value.TryGetProperty(name.GetString()!, out _), path, $"lacks {name}");
                    break;
                case "properties":
                    foreach (var property in rule.EnumerateObject())
                    {
                        if (value.TryGetProperty(property.Name, out var inner)) Check(file, property.Value, inner, $"{path}.{property.Name}");
                    }

                    break;
                case "additionalProperties" when rule.ValueKind is JsonValueKind.False:
                    foreach (var property in value.EnumerateObject())
                    {
                        Require(schema.GetProperty("properties").TryGetProperty(property.Name, out _), path, $"has an unknown {property.Name}");
                    }

                    break;
                default:
                    throw new NotSupportedException($"{file}: keyword {keyword.Name} is not checked by {nameof(LibrarySchema)}");
            }
        }
    }

    private bool Conforms(string file, JsonElement schema, JsonElement value)
    {
        var before = _faults.Count;
        Check(file, schema, value, "$");
        var conforms = _faults.Count == before;
        _faults.RemoveRange(before, _faults.Count - before);
        return conforms;
    }

    private (string File, JsonElement Schema) Resolve(string file, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var target = hash == 0 ? file : reference[..hash];
        var schema = Document(target);
        foreach (var step in reference[(hash + 1)..].Split('/', StringSplitOptions.RemoveEmptyEntries)) schema = schema.GetProperty(step);
        return (target, schema);
    }

    private void Require(bool holds, string path, string fault)
    {
        if (!holds) _faults.Add($"{path} {fault}");
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "number" => value.ValueKind is JsonValueKind.Number,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new NotSupportedException($"type {type}"),
    };
}
