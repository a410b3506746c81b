using System.Text.Json;
using DroneOps.Server.Airspace;
using NetTopologySuite.Features;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.IO.Converters;
using NetTopologySuite.Precision;

namespace DroneOps.Server.FieldLinks;

/// <summary>The base map around a place, cut out of the library's so that a phone on a poor line is sent tens of kilobytes and not a city.</summary>
/// <remarks>Reads the library once, when the first phone asks. Safe to share.</remarks>
internal sealed class FieldMap(LibraryFolder library)
{
    private const double MetresPerDegree = 111_320;

    /// <summary>The layers, from the ground up, each with how far from the place it is wanted, metres.</summary>
    private static readonly (string Layer, double WithinM)[] Layers =
        [("green", 1500), ("water", 1500), ("buildings", 350), ("railways", 1500), ("roads", 1500), ("bridges", 1500)];

    // A metre; corners that lie closer than that are one.
    private static readonly PrecisionModel Metre = new(100_000);

    private readonly Lazy<IReadOnlyList<(string Layer, double WithinM, STRtree<IFeature> Index)>> _layers = new(() => [.. Layers.Select(layer => (layer.Layer, layer.WithinM, Read(library, layer.Layer)))]);

    /// <summary>What lies around a place, each feature with its <c>layer</c>, its <c>kind</c> and its names.</summary>
    public FeatureCollection Around(Point place)
    {
        var found = new FeatureCollection();
        foreach (var (layer, withinM, index) in _layers.Value)
        {
            var box = Box(place, withinM);
            var frame = place.Factory.ToGeometry(box);
            foreach (var feature in index.Query(box))
            {
                var part = GeometryPrecisionReducer.ReducePointwise(frame.Contains(feature.Geometry) ? feature.Geometry : frame.Intersection(feature.Geometry), Metre);
                if (!part.IsEmpty)
                    found.Add(new NetTopologySuite.Features.Feature(part, Told(layer, feature.Attributes)));
            }
        }

        return found;
    }

    private static Envelope Box(Point place, double metres)
    {
        var north = metres / MetresPerDegree;
        var east = north / Math.Cos(place.Y * Math.PI / 180);
        return new(place.X - east, place.X + east, place.Y - north, place.Y + north);
    }

    private static AttributesTable Told(string layer, IAttributesTable all)
    {
        var told = new AttributesTable { { "layer", layer } };
        if ((all.GetOptionalValue("class") ?? all.GetOptionalValue("kind")) is { } kind)
            told.Add("kind", kind);
        foreach (var name in new[] { "nameZh", "nameEn" })
        {
            if (layer is "roads" or "water" && all.GetOptionalValue(name) is { } said)
                told.Add(name, said);
        }

        return told;
    }

    private static STRtree<IFeature> Read(LibraryFolder library, string layer)
    {
        var json = new JsonSerializerOptions { Converters = { new GeoJsonConverterFactory() } };
        var index = new STRtree<IFeature>();
        var file = Path.Combine(library.Path, "basemap", layer + ".geojson");
        if (File.Exists(file))
        {
            foreach (var feature in JsonSerializer.Deserialize<FeatureCollection>(File.ReadAllBytes(file), json) ?? [])
                index.Insert(feature.Geometry.EnvelopeInternal, feature);
        }

        index.Build();
        return index;
    }
}
