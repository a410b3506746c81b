using System.Numerics;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Simulator.Camera;

/// <summary>Reads a base map in the form of the library's: one GeoJSON file for each layer.</summary>
internal sealed partial class CityMap
{
    private static readonly string[] Layers = ["green", "blocks", "water", "buildings", "railways", "bridges", "roads"];

    private static readonly Lazy<CityMap> Built = new(() => Read(layer =>
    {
        using var stream = typeof(CityMap).Assembly.GetManifestResourceStream($"basemap/{layer}.geojson")!;
        return JsonDocument.Parse(stream);
    }));

    /// <summary>The sample city.</summary>
    public static CityMap Sample => Built.Value;

    /// <summary>Reads the layers in a folder; those that are not there are left out.</summary>
    /// <exception cref="ScenarioException">There is no layer, or one is not GeoJSON.</exception>
    public static CityMap Read(string folder)
    {
        try
        {
            if (!Layers.Any(layer => File.Exists(Path.Combine(folder, $"{layer}.geojson"))))
                throw new ScenarioException($"{folder} has no layer of a base map: {string.Join(", ", Layers.Select(layer => $"{layer}.geojson"))}");
            return Read(layer =>
            {
                var path = Path.Combine(folder, $"{layer}.geojson");
                return File.Exists(path) ? JsonDocument.Parse(File.ReadAllBytes(path)) : null;
            });
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ScenarioException($"{folder}: {failure.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static CityMap Read(Func<string, JsonDocument?> open)
    {
        var documents = Layers.Select(open).ToArray();
        try
        {
            var points = documents.OfType<JsonDocument>().SelectMany(Features).SelectMany(feature => Lines(feature.GetProperty("geometry"))).SelectMany(Points);
            var (low, high) = points.Aggregate(
                (Low: new Degrees(180, 90), High: new Degrees(-180, -90)),
                (edges, p) => (
                    new(Math.Min(edges.Low.Longitude, p.Longitude), Math.Min(edges.Low.Latitude, p.Latitude)),
                    new(Math.Max(edges.High.Longitude, p.Longitude), Math.Max(edges.High.Latitude, p.Latitude))));
            var map = new CityMap(new LocalFrame(new GeoPoint((low.Latitude + high.Latitude) / 2, (low.Longitude + high.Longitude) / 2), 0));
            for (var i = 0; i < Layers.Length; i++)
            {
                foreach (var feature in documents[i] is { } document ? Features(document) : [])
                    map.Add(Layers[i], feature);
            }

            map.FillEmptyBlocks();

            return map;
        }
        finally
        {
            foreach (var document in documents)
                document?.Dispose();
        }
    }

    private readonly record struct Degrees(double Longitude, double Latitude);

    private static IEnumerable<JsonElement> Features(JsonDocument document) => document.RootElement.GetProperty("features").EnumerateArray();

    private static IEnumerable<Degrees> Points(JsonElement line) => line.EnumerateArray().Select(p => new Degrees(p[0].GetDouble(), p[1].GetDouble()));

    /// <summary>Every line or ring of a geometry.</summary>
    private static IEnumerable<JsonElement> Lines(JsonElement geometry) => Polygons(geometry).SelectMany(polygon => polygon);

    /// <summary>Polygons with their rings; a line string is one with a single ring.</summary>
    private static IEnumerable<IEnumerable<JsonElement>> Polygons(JsonElement geometry)
    {
        var coordinates = geometry.GetProperty("coordinates");
        return geometry.GetProperty("type").GetString() switch
        {
            "Polygon" => [coordinates.EnumerateArray()],
            "MultiPolygon" => coordinates.EnumerateArray().Select(polygon => (IEnumerable<JsonElement>)polygon.EnumerateArray()),
            "LineString" => [[coordinates]],
            "MultiLineString" => coordinates.EnumerateArray().Select(line => (IEnumerable<JsonElement>)[line]),
            _ => [],
        };
    }

    private static Surface SurfaceOf(string layer, string kind) => (layer, kind) switch
    {
        ("water", _) => Surface.Water,
        ("green", "Farmland") => Surface.Farmland,
        ("green", "Hill") => Surface.Hill,
        ("green", "Square") => Surface.Square,
        ("green", "Island") => Surface.Island,
        ("green", _) => Surface.Park,
        (_, "Old") => Surface.OldBlock,
        (_, "Commercial") => Surface.CommercialBlock,
        (_, "Civic") => Surface.CivicBlock,
        (_, "Industrial") => Surface.IndustrialBlock,
        _ => Surface.ResidentialBlock,
    };

    private void Add(string layer, JsonElement feature)
    {
        var properties = feature.GetProperty("properties");
        string Word(string name) => properties.TryGetProperty(name, out var value) ? value.ToString() : "";
        foreach (var polygon in Polygons(feature.GetProperty("geometry")))
        {
            var rings = polygon.Select(ring => Points(ring).Select(ToMap).ToArray()).Where(ring => ring.Length > 1).ToArray();
            if (rings.Length == 0)
                continue;
            switch (layer)
            {
                case "buildings":
                    Build(Word("use"), rings);
                    break;
                case "railways" or "roads" or "bridges":
                    Pave(layer, Word("class"), rings[0]);
                    break;
                default:
                    Add(new MapArea(SurfaceOf(layer, Word(layer == "blocks" ? "use" : "kind")), rings, Box.Of(rings[0], 0)));
                    break;
            }
        }
    }

    private Vector2 ToMap(Degrees place)
    {
        var local = Frame.ToLocal(new GeoPoint(place.Latitude, place.Longitude), 0);
        return new((float)local.East, (float)local.North);
    }

    private void Build(string use, Vector2[][] rings)
    {
        var mark = Scatter.Hash((uint)_buildings.Count, 77);
        var share = Scatter.Unit(mark);
        // Not higher than the roofs where the docks stand: the drones must be able to leave.
        var (surface, height) = use switch
        {
            "Old" => (mark % 4 == 0 ? Surface.RoofGrey : mark % 4 == 1 ? Surface.RoofBrown : Surface.RoofTile, 5 + (4 * share)),
            "Commercial" => (mark % 3 == 0 ? Surface.RoofBlue : Surface.RoofLight, 9 + (13 * share)),
            "Industrial" => (mark % 3 == 0 ? Surface.RoofGrey : Surface.RoofBlue, 7 + (4 * share)),
            "Civic" => (mark % 2 == 0 ? Surface.RoofLight : Surface.RoofBrown, 8 + (8 * share)),
            "Landmark" => (Surface.RoofTile, 14f),
            _ => (mark % 5 == 0 ? Surface.RoofTile : mark % 5 < 3 ? Surface.RoofGrey : Surface.RoofLight, 11 + (10 * share)),
        };
        AddBuilding(new MapArea(surface, rings, Box.Of(rings[0], 0)) { Height = height, Mark = mark });
    }

    private void Pave(string layer, string roadClass, Vector2[] line)
    {
        var kind = RoadKind.All.FirstOrDefault(k => k.Class == roadClass) ?? RoadKind.All[2]; // what the map calls otherwise is drawn as a lane
        // Bridges lie under the road that crosses them, a little wider.
        if (layer == "bridges")
            kind = kind with { Class = "bridge", Width = kind.Width + 6, Kerb = 1, Surface = Surface.Deck, Speed = 0, Rank = RoadKind.Bridge };
        var start = 0f;
        _lines++;
        for (var i = 1; i < line.Length; i++)
        {
            var (from, to) = (line[i - 1], line[i]);
            if (from == to)
                continue;
            Add(new MapStretch(kind, from, to, start, _lines, Box.Of([from, to], (kind.Width / 2) + kind.Kerb)));
            start += Vector2.Distance(from, to);
        }
    }

    private int _lines;
}
