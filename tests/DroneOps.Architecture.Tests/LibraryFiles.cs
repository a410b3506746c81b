using System.Text.Json;
using DroneOps.Tests;
using NetTopologySuite.Geometries;

namespace DroneOps.Architecture.Tests;

/// <summary>A feature of a library file, with its geometry as drawn: NetTopologySuite neither closes nor turns rings here.</summary>
internal sealed record LibraryFeature(string File, string Id, JsonElement Properties, Geometry Geometry)
{
    public string Text(string property) => Properties.GetProperty(property).GetString()!;

    public double Number(string property) => Properties.GetProperty(property).GetDouble();

    public override string ToString() => $"{File}#{Id}";
}

/// <summary>Reads the sample city under missions/library of the working tree the tests were built from.</summary>
internal static class LibraryFiles
{
    public static string Root { get; } = Checkout.PathOf("missions", "library");

    /// <summary>Every data file, as a path relative to the library with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => path.EndsWith("json", StringComparison.Ordinal) && !path.StartsWith("schema/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<string> Collections => All.Where(path => path.EndsWith(".geojson", StringComparison.Ordinal));

    public static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, path)));
        return document.RootElement.Clone();
    }

    public static IReadOnlyList<LibraryFeature> Features(string path) =>
    [
        .. Read(path).GetProperty("features").EnumerateArray().Select(feature => new LibraryFeature(
            path,
            feature.GetProperty("id").GetString()!,
            feature.GetProperty("properties"),
            Shape(feature.GetProperty("geometry")))),
    ];

    private static Geometry Shape(JsonElement geometry)
    {
        var factory = GeometryFactory.Default;
        var coordinates = geometry.GetProperty("coordinates");
        return geometry.GetProperty("type").GetString() switch
        {
            "Point" => factory.CreatePoint(At(coordinates)),
            "LineString" => factory.CreateLineString(Line(coordinates)),
            "MultiLineString" => factory.CreateMultiLineString([.. coordinates.EnumerateArray().Select(line => factory.CreateLineString(Line(line)))]),
            "Polygon" => Polygon(coordinates),
            "MultiPolygon" => factory.CreateMultiPolygon([.. coordinates.EnumerateArray().Select(Polygon)]),
            var other => throw new InvalidDataException($"{other} is no geometry the library uses"),
        };

        Polygon Polygon(JsonElement rings)
        {
            var drawn = rings.EnumerateArray().Select(ring => factory.CreateLinearRing(Line(ring))).ToArray();
            return factory.CreatePolygon(drawn[0], drawn[1..]);
        }

        static Coordinate[] Line(JsonElement line) => [.. line.EnumerateArray().Select(At)];

        static Coordinate At(JsonElement position) => new(position[0].GetDouble(), position[1].GetDouble());
    }
}
