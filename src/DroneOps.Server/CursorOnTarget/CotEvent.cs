using System.Globalization;
using System.Text;
using System.Xml;
using DroneOps.Mavlink;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>An event as it goes over the wire: encoded once, sent to all.</summary>
/// <param name="Uid">What it is about; a newer event about the same thing replaces it.</param>
/// <param name="Stale">When it is no longer true unless told again.</param>
/// <param name="Xml">One whole document.</param>
internal sealed record CotEvent(string Uid, DateTimeOffset Stale, ReadOnlyMemory<byte> Xml)
{
    /// <summary>"No upper bound is known", for heights and errors (MITRE, The Developer's Guide to Cursor on Target, 2005).</summary>
    public const string Unknown = "9999999.0";

    private static readonly XmlWriterSettings Settings = new() { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), CheckCharacters = true };

    /// <summary>Writes an event of the base schema (CoT event data model 2.0), as TAK streams it: the declaration, a line end, the element,
    /// and nothing behind it, because receivers cut the stream right after <c>&lt;/event&gt;</c>.</summary>
    /// <param name="head">What the base schema asks for.</param>
    /// <param name="detail">Writes what is in <c>detail</c>.</param>
    public static CotEvent Write(CotHead head, Action<XmlWriter> detail)
    {
        using MemoryStream bytes = new(1024);
        bytes.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"u8);
        using (var xml = XmlWriter.Create(bytes, Settings))
        {
            xml.WriteStartElement("event");
            xml.Attribute("version", "2.0");
            xml.Attribute("uid", Clean(head.Uid));
            xml.Attribute("type", head.Type);
            xml.Attribute("time", Time(head.Time));
            xml.Attribute("start", Time(head.Start));
            xml.Attribute("stale", Time(head.Stale));
            xml.Attribute("how", head.How);
            xml.WriteStartElement("point");
            xml.Attribute("lat", Number(head.Point.LatitudeDeg, 7));
            xml.Attribute("lon", Number(head.Point.LongitudeDeg, 7));
            xml.Attribute("hae", head.HaeM is { } hae ? Number(hae, 2) : Unknown);
            xml.Attribute("ce", head.CircularErrorM is { } error ? Number(error, 2) : Unknown);
            xml.Attribute("le", Unknown);
            xml.WriteEndElement();
            xml.WriteStartElement("detail");
            detail(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return new(head.Uid, head.Stale, bytes.ToArray());
    }

    /// <summary>A number as the schema has it: no exponent, no group marks, and "unknown" for what is no number.</summary>
    public static string Number(double value, int decimals) => double.IsFinite(value) && Math.Abs(value) < 1e9
        ? Math.Round(value, decimals).ToString("0.0######", CultureInfo.InvariantCulture)
        : Unknown;

    /// <summary>Names come from people and vehicles; a character that XML forbids would end the stream for every reader.</summary>
    public static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar))
            return text;
        StringBuilder clean = new(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (at + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[at + 1], text[at]))
                clean.Append(text[at++]).Append(text[at]);
            else
                clean.Append(XmlConvert.IsXmlChar(text[at]) ? text[at] : '\uFFFD');
        }

        return clean.ToString();
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What the base schema asks of every event.</summary>
/// <param name="Uid">What it is about.</param>
/// <param name="Type">Its place in the tree of types.</param>
/// <param name="How">How the point is known.</param>
/// <param name="Time">When the event was made.</param>
/// <param name="Start">From when it is true.</param>
/// <param name="Stale">Until when.</param>
/// <param name="Point">WGS-84.</param>
/// <param name="HaeM">Metres above the WGS-84 ellipsoid, or null.</param>
/// <param name="CircularErrorM">Metres, one standard deviation, or null.</param>
internal readonly record struct CotHead(
    string Uid, string Type, string How, DateTimeOffset Time, DateTimeOffset Start, DateTimeOffset Stale, GeoPoint Point, double? HaeM, double? CircularErrorM);

/// <summary>Shorter ways to write attributes and elements.</summary>
internal static class CotXml
{
    public static void Attribute(this XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, value);

    public static void Element(this XmlWriter xml, string name, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes)
        {
            if (value is not null)
                xml.WriteAttributeString(attribute, CotEvent.Clean(value));
        }

        xml.WriteEndElement();
    }

    public static void Remarks(this XmlWriter xml, IEnumerable<string?> words) =>
        xml.WriteElementString("remarks", CotEvent.Clean(string.Join(" · ", words.Where(word => !string.IsNullOrWhiteSpace(word)))));
}
