using System.Globalization;
using System.Xml;
using DroneOps.Mavlink;

namespace DroneOps.Missions.Files;

/// <summary>A drawn polygon: not yet an <see cref="Zones.Area"/>, because it has not been checked to be one.</summary>
/// <param name="Name">The placemark's name; empty when it has none.</param>
/// <param name="Outer">The outline, WGS-84.</param>
/// <param name="Holes">The holes.</param>
public sealed record KmlPolygon(string Name, IReadOnlyList<GeoPoint> Outer, IReadOnlyList<IReadOnlyList<GeoPoint>> Holes);

/// <summary>A drawn line.</summary>
/// <param name="Name">The placemark's name; empty when it has none.</param>
/// <param name="Points">Its points, WGS-84.</param>
public sealed record KmlLine(string Name, IReadOnlyList<GeoPoint> Points);

/// <summary>A drawn point.</summary>
/// <param name="Name">The placemark's name; empty when it has none.</param>
/// <param name="Position">WGS-84.</param>
public sealed record KmlPoint(string Name, GeoPoint Position);

/// <summary>The polygons, lines and points of a KML 2.2 document, for areas, corridors and sites. Styles, heights, tours, network links and
/// everything else are passed over; nothing outside the document is ever fetched.</summary>
public sealed class KmlShapes
{
    /// <summary>The longest document that is read, bytes.</summary>
    public const int MaxLength = 8 * 1024 * 1024;

    /// <summary>The most points that are read, all shapes together.</summary>
    public const int MaxPoints = 20_000;

    private const int MaxDepth = 64;

    private readonly List<KmlPolygon> _polygons = [];
    private readonly List<KmlLine> _lines = [];
    private readonly List<KmlPoint> _points = [];
    private readonly List<InputFault> _faults = [];
    private int _pointCount;

    private KmlShapes()
    {
    }

    /// <summary>The polygons in the document's order.</summary>
    public IReadOnlyList<KmlPolygon> Polygons => _polygons;

    /// <summary>The lines in the document's order.</summary>
    public IReadOnlyList<KmlLine> Lines => _lines;

    /// <summary>The points in the document's order.</summary>
    public IReadOnlyList<KmlPoint> Points => _points;

    /// <summary>Reads a document, or says what is wrong. Codes: <c>kml.tooLong</c>, <c>kml.xml</c> (also a document type
    /// declaration, which is refused), <c>kml.tooDeep</c>, <c>kml.tooMany</c>, <c>kml.coordinates</c>, <c>kml.empty</c>.</summary>
    /// <param name="utf8">The document's bytes, in the encoding it declares.</param>
    public static Validated<KmlShapes> Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
            return Validated<KmlShapes>.Wrong("kml.tooLong", "line 1", $"The document has {utf8.Length} bytes; at most {MaxLength} are read.");

        var shapes = new KmlShapes();
        try
        {
            using var bytes = new MemoryStream(utf8.ToArray(), writable: false);
            using var xml = XmlReader.Create(bytes, new()
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                MaxCharactersInDocument = MaxLength,
            });
            shapes.ReadDocument(xml);
        }
        catch (XmlException wrong)
        {
            return Validated<KmlShapes>.Wrong("kml.xml", $"line {wrong.LineNumber}, column {wrong.LinePosition}", "The document is not XML that is read: " + wrong.Message);
        }

        if (shapes._faults.Count > 0)
            return new(shapes._faults);
        return shapes._polygons.Count + shapes._lines.Count + shapes._points.Count == 0
            ? Validated<KmlShapes>.Wrong("kml.empty", "line 1", "The document has no polygon, line or point.")
            : new(shapes);
    }

    private void ReadDocument(XmlReader xml)
    {
        var path = new Stack<string>();
        var name = "";
        List<GeoPoint>? outer = null;
        var holes = new List<IReadOnlyList<GeoPoint>>();
        while (_faults.Count == 0 && xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement)
            {
                if (path.Pop() == "Polygon" && outer is not null)
                    _polygons.Add(new(name, outer, [.. holes]));
                continue;
            }

            if (xml.NodeType == XmlNodeType.Text || xml.NodeType == XmlNodeType.CDATA)
            {
                if (path.Count > 1 && path.Peek() == "name" && path.ElementAt(1) == "Placemark")
                    name = xml.Value.Trim();
                else if (path.Count > 1 && path.Peek() == "coordinates" && Coordinates(xml) is { } points)
                    (outer, holes) = Place(path, name, points, outer, holes);
                continue;
            }

            if (xml.NodeType != XmlNodeType.Element)
                continue;
            if (xml.LocalName == "Placemark")
                name = "";
            else if (xml.LocalName == "Polygon")
                (outer, holes) = (null, []);
            if (xml.IsEmptyElement)
                continue;
            path.Push(xml.LocalName);
            if (path.Count > MaxDepth)
                _faults.Add(new("kml.tooDeep", Where(xml), $"Elements are nested deeper than {MaxDepth}."));
        }
    }

    private (List<GeoPoint>? Outer, List<IReadOnlyList<GeoPoint>> Holes) Place(
        Stack<string> path, string name, List<GeoPoint> points, List<GeoPoint>? outer, List<IReadOnlyList<GeoPoint>> holes)
    {
        if (path.Contains("outerBoundaryIs"))
            return (points, holes);
        if (path.Contains("innerBoundaryIs"))
            holes.Add(points);
        else if (path.ElementAt(1) == "LineString")
            _lines.Add(new(name, points));
        else if (path.ElementAt(1) == "Point" && points.Count > 0)
            _points.Add(new(name, points[0]));
        return (outer, holes);
    }

    // Longitude, latitude and an optional height with commas between them; tuples with white space between them.
    private List<GeoPoint>? Coordinates(XmlReader xml)
    {
        var points = new List<GeoPoint>();
        foreach (var tuple in xml.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (++_pointCount > MaxPoints)
            {
                _faults.Add(new("kml.tooMany", Where(xml), $"The document has more than {MaxPoints} points."));
                return null;
            }

            var parts = tuple.Split(',');
            if (parts.Length is not (2 or 3)
                || !double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
                || !double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
                || !new GeoPoint(latitude, longitude).IsValid)
            {
                _faults.Add(new("kml.coordinates", Where(xml), $"\"{(tuple.Length <= 60 ? tuple : tuple[..60] + "...")}\" is not a longitude, a latitude and an optional height."));
                return null;
            }

            points.Add(new(latitude, longitude));
        }

        return points;
    }

    private static string Where(XmlReader xml) => xml is IXmlLineInfo info ? $"line {info.LineNumber}, column {info.LinePosition}" : "line 1";
}
