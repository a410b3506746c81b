using System.Text.Json;
using System.Text.RegularExpressions;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>A GeoJSON feature that passed every check.</summary>
/// <param name="Id">As sent, or null.</param>
internal sealed partial record FeatureInput(string? Id, Geometry Shape, FeatureProperties Properties)
{
    /// <summary>Reads a feature of a kind; null with at least one fault.</summary>
    public static FeatureInput? Read(JsonElement sent, FeatureKind kind, Envelope city, List<Fault> faults)
    {
        try
        {
            return ReadText(sent, kind, city, faults);
        }
        catch (InvalidOperationException problem) when (problem.Source?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true)
        {
            // JSON is parsed before its strings are decoded, so bad UTF-8 and lone surrogates (RFC 8259 8.2) show only here.
            faults.Add(new Fault("#", "A string in the body is not valid Unicode."));
            return null;
        }
    }

    private static FeatureInput? ReadText(JsonElement sent, FeatureKind kind, Envelope city, List<Fault> faults)
    {
        if (sent.ValueKind != JsonValueKind.Object || !sent.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || type.GetString() != "Feature")
        {
            faults.Add(new Fault("#/type", "The body is a GeoJSON Feature."));
            return null;
        }

        string? id = null;
        if (sent.TryGetProperty("id", out var given) && given.ValueKind != JsonValueKind.Null)
        {
            id = given.ValueKind == JsonValueKind.String ? given.GetString() : "";
            if (!IsId().IsMatch(id!) || id!.Length > 80)
            {
                faults.Add(new Fault("#/id", "id is lower-case words and numbers joined by hyphens, at most 80 characters."));
            }
        }

        var shape = new DrawnGeometry(city, faults).Read(sent.TryGetProperty("geometry", out var geometry) ? geometry : default, kind.Geometries);
        var properties = kind.Check(sent.TryGetProperty("properties", out var named) ? named : JsonDocument.Parse("null").RootElement, shape ?? Point.Empty, faults);
        return faults.Count == 0 && shape is not null && properties is not null ? new FeatureInput(id, shape, properties) : null;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex IsId();
}
