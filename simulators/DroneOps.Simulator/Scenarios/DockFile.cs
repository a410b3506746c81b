using System.Text.Json;

namespace DroneOps.Simulator.Scenarios;

/// <summary>Reads homes from a GeoJSON file of docks: the pad is the vehicle's ground. Docks with a demonstration vehicle come first.</summary>
internal static class DockFile
{
    /// <exception cref="ScenarioException">The file is not a collection of points.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static IReadOnlyList<ScenarioHome> Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!document.RootElement.TryGetProperty("features", out var features) || features.ValueKind != JsonValueKind.Array)
            throw new ScenarioException($"{path} is not a GeoJSON feature collection");
        var homes = new List<(int Order, ScenarioHome Home)>();
        foreach (var feature in features.EnumerateArray())
        {
            if (!feature.TryGetProperty("geometry", out var geometry) || !geometry.TryGetProperty("coordinates", out var coordinates)
                || coordinates.ValueKind != JsonValueKind.Array || coordinates.GetArrayLength() < 2
                || !coordinates[0].TryGetDouble(out var longitude) || !coordinates[1].TryGetDouble(out var latitude)
                || !feature.TryGetProperty("properties", out var properties))
                throw new ScenarioException($"{path}: a dock is not a point with properties");
            homes.Add((
                (int)Number(properties, "demoSystemId", int.MaxValue),
                new(
                    properties.TryGetProperty("nameEn", out var name) ? name.ToString() : "dock",
                    latitude,
                    longitude,
                    Number(properties, "padAmslM", 10),
                    Number(properties, "headingDeg", 0))));
        }

        return [.. homes.OrderBy(h => h.Order).Select(h => h.Home)];
    }

    private static double Number(JsonElement properties, string name, double otherwise) =>
        properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : otherwise;
}
