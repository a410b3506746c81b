using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml;

namespace DroneOps.Server.Sorties;

/// <summary>A track in the formats that other programs read. WGS-84; heights above mean sea level where the format has no other.</summary>
internal static class TrackFiles
{
    private static readonly XmlWriterSettings Xml = new() { Indent = true, Encoding = new UTF8Encoding(false) };

    /// <summary>RFC 7946: a LineString with the times beside it; of a single point a Point, and of none no geometry, since a line has two positions at least.</summary>
    public static byte[] GeoJson(SortieRecord sortie, List<TrackPoint> points) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = "Feature",
        id = sortie.Id,
        geometry = points switch
        {
            [] => null,
            [var only] => new { type = "Point", coordinates = (object)Position(only) },
            _ => new { type = "LineString", coordinates = (object)points.Select(Position) },
        },
        properties = new
        {
            vehicle = sortie.VehicleName,
            takeoffAt = Time(sortie.TakeoffAt),
            landedAt = sortie.LandedAt is { } landed ? Time(landed) : null,
            times = points.Select(point => Time(point.At)),
            altitudesAboveHomeM = points.Select(point => Math.Round(point.AltitudeAboveHomeM, 2)),
            speedsMps = points.Select(point => Math.Round(point.SpeedMps, 2)),
        },
    });

    /// <summary>GPX 1.1, one track with one segment.</summary>
    public static byte[] Gpx(SortieRecord sortie, List<TrackPoint> points) => Write(xml =>
    {
        xml.WriteStartElement("gpx", "http://www.topografix.com/GPX/1/1");
        xml.WriteAttributeString("version", "1.1");
        xml.WriteAttributeString("creator", "DroneOps");
        xml.WriteStartElement("trk");
        xml.WriteElementString("name", $"{sortie.VehicleName} {Time(sortie.TakeoffAt)}");
        xml.WriteStartElement("trkseg");
        foreach (var point in points)
        {
            xml.WriteStartElement("trkpt");
            xml.WriteAttributeString("lat", Number(point.Lat));
            xml.WriteAttributeString("lon", Number(point.Lon));
            xml.WriteElementString("ele", Number(point.AltitudeAmslM));
            xml.WriteElementString("time", Time(point.At));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>KML 2.2 with absolute heights; a LineString has two points at least (OGC 12-007r2, 10.7).</summary>
    public static byte[] Kml(SortieRecord sortie, List<TrackPoint> points) => Write(xml =>
    {
        xml.WriteStartElement("kml", "http://www.opengis.net/kml/2.2");
        xml.WriteStartElement("Placemark");
        xml.WriteElementString("name", $"{sortie.VehicleName} {Time(sortie.TakeoffAt)}");
        if (points.Count > 0)
        {
            xml.WriteStartElement(points.Count == 1 ? "Point" : "LineString");
            xml.WriteElementString("altitudeMode", "absolute");
            xml.WriteElementString("coordinates", string.Join(' ', points.Select(point => $"{Number(point.Lon)},{Number(point.Lat)},{Number(point.AltitudeAmslM)}")));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>RFC 4180, one row a point, units in the header.</summary>
    public static byte[] Csv(SortieRecord sortie, List<TrackPoint> points)
    {
        var text = new StringBuilder("time,lon,lat,altitudeAmslM,altitudeAboveHomeM,speedMps\r\n");
        foreach (var point in points)
            text.Append(CultureInfo.InvariantCulture, $"{Time(point.At)},{Number(point.Lon)},{Number(point.Lat)},{Number(point.AltitudeAmslM)},{Number(point.AltitudeAboveHomeM)},{Number(point.SpeedMps)}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Write(Action<XmlWriter> content)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, Xml))
        {
            xml.WriteStartDocument();
            content(xml);
            xml.WriteEndDocument();
        }

        return stream.ToArray();
    }

    private static double[] Position(TrackPoint point) => [point.Lon, point.Lat, Math.Round(point.AltitudeAmslM, 2)];

    private static string Number(double value) => Math.Round(value, 7).ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
