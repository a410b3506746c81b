using System.Globalization;
using System.Text.Json;
using System.Xml;
using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;

namespace DroneOps.Missions.Files;

/// <summary>Routes for maps and other programs: GeoJSON (RFC 7946), KML 2.2, GPX 1.1. All in WGS-84; circles become lines of 5 degrees each.
/// Pure; the bytes are UTF-8 without a byte order mark.</summary>
public static class RouteExport
{
    private const double ArcStepTurns = 1.0 / 72;
    private const string KmlNamespace = "http://www.opengis.net/kml/2.2";
    private const string GpxNamespace = "http://www.topografix.com/GPX/1/1";

    /// <summary>A FeatureCollection with one LineString for each leg, its circles included. Properties: <c>leg</c> (from 0), <c>camera</c>,
    /// <c>altitudeM</c> and <c>altitudeDatum</c>, <c>altitudeAboveHomeM</c>, <c>speedMps</c>, <c>dwellS</c>, <c>orbitRadiusM</c>,
    /// <c>orbitTurns</c>. Coordinates carry no height, because RFC 7946 means the ellipsoid's.</summary>
    /// <param name="route">The route; its positions must be valid.</param>
    /// <param name="heights">Launch point and ground.</param>
    public static byte[] GeoJson(Route route, HeightFrame heights)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "FeatureCollection");
            json.WriteStartArray("features");
            foreach (var leg in Lines(route, heights))
                Feature(json, route, heights, leg);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>A KML document with one line for the whole route and a mark for each leg's end. Heights are absolute (above mean sea
    /// level).</summary>
    /// <param name="route">The route; its positions must be valid.</param>
    /// <param name="heights">Launch point and ground.</param>
    public static byte[] Kml(Route route, HeightFrame heights) => Xml(xml =>
    {
        xml.WriteStartElement("kml", KmlNamespace);
        xml.WriteStartElement("Document", KmlNamespace);
        xml.WriteElementString("name", KmlNamespace, Clean(route.Name));
        xml.WriteStartElement("Placemark", KmlNamespace);
        xml.WriteElementString("name", KmlNamespace, Clean(route.Name));
        xml.WriteStartElement("LineString", KmlNamespace);
        xml.WriteElementString("altitudeMode", KmlNamespace, "absolute");
        var points = Lines(route, heights).SelectMany(static (leg, index) => index == 0 ? leg.Points : leg.Points.Skip(1));
        xml.WriteElementString("coordinates", KmlNamespace, string.Join(' ', points.Select(static at => Coordinates(at.Position, at.AmslM))));
        xml.WriteEndElement();
        xml.WriteEndElement();
        for (var i = 0; i < route.Legs.Count; i++)
        {
            xml.WriteStartElement("Placemark", KmlNamespace);
            xml.WriteElementString("name", KmlNamespace, (i + 1).ToString(CultureInfo.InvariantCulture));
            xml.WriteStartElement("Point", KmlNamespace);
            xml.WriteElementString("altitudeMode", KmlNamespace, "absolute");
            xml.WriteElementString("coordinates", KmlNamespace, Coordinates(route.Legs[i].To, AmslM(route.Legs[i], heights)));
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>A GPX route (<c>rte</c>) with one point for each leg's end; <c>ele</c> is above mean sea level.</summary>
    /// <param name="route">The route; its positions must be valid.</param>
    /// <param name="heights">Launch point and ground.</param>
    public static byte[] Gpx(Route route, HeightFrame heights) => Xml(xml =>
    {
        xml.WriteStartElement("gpx", GpxNamespace);
        xml.WriteAttributeString("version", "1.1");
        xml.WriteAttributeString("creator", "DroneOps");
        xml.WriteStartElement("rte", GpxNamespace);
        xml.WriteElementString("name", GpxNamespace, Clean(route.Name));
        for (var i = 0; i < route.Legs.Count; i++)
        {
            var leg = route.Legs[i];
            xml.WriteStartElement("rtept", GpxNamespace);
            xml.WriteAttributeString("lat", Degrees(leg.To.LatitudeDeg));
            xml.WriteAttributeString("lon", Degrees(leg.To.LongitudeDeg));
            xml.WriteElementString("ele", GpxNamespace, Metres(AmslM(leg, heights)));
            xml.WriteElementString("name", GpxNamespace, (i + 1).ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    private static IEnumerable<LegPath> Lines(Route route, HeightFrame heights)
    {
        var plane = new LocalPlane(heights.Home.Position);
        var at = (heights.Home.Position, AmslM: heights.Home.AmslM + Math.Max(0, route.TakeoffHeightM ?? 0));
        for (var i = 0; i < route.Legs.Count; i++)
        {
            var leg = route.Legs[i];
            var amsl = AmslM(leg, heights);
            if (i == 0 && route.TakeoffHeightM is null)
                at.AmslM = amsl;
            var points = new List<(GeoPoint Position, double AmslM)> { at, (leg.To, amsl) };
            if (leg.Orbit is { } orbit)
            {
                var circle = OrbitGeometry.Of(plane, leg, orbit);
                var turns = orbit.Turns <= 1 ? orbit.Turns : 1 + (orbit.Turns % 1);
                var steps = Math.Max(1, (int)Math.Ceiling(turns / ArcStepTurns));
                for (var step = 1; step <= steps; step++)
                    points.Add((plane.ToGeo(circle.At(turns * step / steps)), amsl));
            }

            at = points[^1];
            yield return new(i, points);
        }
    }

    private static void Feature(Utf8JsonWriter json, Route route, HeightFrame heights, LegPath path)
    {
        var leg = route.Legs[path.Index];
        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("geometry");
        json.WriteString("type", "LineString");
        json.WriteStartArray("coordinates");
        foreach (var (position, _) in path.Points)
        {
            json.WriteStartArray();
            json.WriteNumberValue(Math.Round(position.LongitudeDeg, 7));
            json.WriteNumberValue(Math.Round(position.LatitudeDeg, 7));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteNumber("leg", path.Index);
        json.WriteString("camera", JsonNamingPolicy.CamelCase.ConvertName(leg.Camera.ToString()));
        json.WriteNumber("altitudeM", leg.Altitude.Metres);
        json.WriteString("altitudeDatum", JsonNamingPolicy.CamelCase.ConvertName(leg.Altitude.Datum.ToString()));
        if (heights.AboveHomeM(leg.Altitude, leg.To) is { } aboveHome)
            json.WriteNumber("altitudeAboveHomeM", Math.Round(aboveHome, 2));
        json.WriteNumber("speedMps", leg.SpeedMps ?? route.CruiseSpeedMps);
        json.WriteNumber("dwellS", leg.Dwell.TotalSeconds);
        if (leg.Orbit is { } orbit)
        {
            json.WriteNumber("orbitRadiusM", orbit.RadiusM);
            json.WriteNumber("orbitTurns", orbit.Turns);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static byte[] Xml(Action<XmlWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new() { Encoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n" }))
            write(xml);
        return bytes.ToArray();
    }

    // A height that cannot be converted is drawn on the ground of the launch point; the check of the route reports it.
    private static double AmslM(RouteLeg leg, HeightFrame heights) => heights.Home.AmslM + (heights.AboveHomeM(leg.Altitude, leg.To) ?? 0);

    private static string Coordinates(GeoPoint at, double amslM) => $"{Degrees(at.LongitudeDeg)},{Degrees(at.LatitudeDeg)},{Metres(amslM)}";

    private static string Degrees(double degrees) => degrees.ToString("0.0######", CultureInfo.InvariantCulture);

    private static string Metres(double metres) => metres.ToString("0.0##", CultureInfo.InvariantCulture);

    // XML 1.0 has no way to say some characters at all.
    private static string Clean(string name) => string.Concat(name.Where(XmlConvert.IsXmlChar));

    private readonly record struct LegPath(int Index, List<(GeoPoint Position, double AmslM)> Points);
}
