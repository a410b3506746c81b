using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.CursorOnTarget;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.CursorOnTarget;

/// <summary>Things to tell, and what the base schema says of how they were told.</summary>
internal static class CotSamples
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "cot");
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 8, 30, 0, 250, TimeSpan.Zero);

    private static readonly XmlSchemaSet Schema = ReadSchema();

    public static CursorOnTargetOptions Options { get; } = new() { Language = CotLanguage.En };

    public static FleetVehicle Vehicle(string id, string name, DateTimeOffset at) => new(
        id,
        name,
        new VehicleSnapshot
        {
            Key = new("default", 7),
            At = at,
            Readiness = Readiness.NotHeard,
            Link = VehicleLinkState.Up,
            InAir = true,
            Mode = "GUIDED",
            Position = new Reading<PositionReading>(
                new(new GeoPoint(24.5131234, 117.6554321), Altitude.Amsl(71.4), Altitude.Relative(52), new(3, 4, 0), 88.5, 1000), at, TimeSpan.Zero, false),
            Attitude = new Reading<AttitudeReading>(new(-1.5, -6.25, 53.1, 1000), at, TimeSpan.Zero, false),
            Battery = new Reading<BatteryReading>(new(84, 23.1, 11.2, null, null, null, BatteryLevel.Ok), at, TimeSpan.Zero, false),
            Gps = new Reading<GpsReading>(new(GpsFixType.RtkFixed, 17, 0.8, 0.3, 9.6), at, TimeSpan.Zero, false),
        },
        null,
        null,
        false,
        new Assignment(AssignmentKind.Incident, "1", "110-0042 <fight> & \"noise\"", 3, "user:dispatcher", "incident"),
        null);

    public static IncidentView Incident(IncidentState state) => new(
        Guid.Parse("0196a1b2-0000-7000-8000-000000000042"), "110-0042", "fight", 2, "Zhang San, 13800000000", new("Point", [117.66, 24.52]), "7 Yanan Road", Now, state, "7", [], OutcomeCounts.None, "said by the neighbour", false, null);

    public static Unit Unit(DateTimeOffset at) => new("巡警-12", new(24.51, 117.65), at, 270, 8.4, UnitStatus.Dispatched, null, null);

    /// <summary>Reads an event as a client does, and holds it to the base schema.</summary>
    public static XElement Valid(CotEvent told) => Valid(told.Xml.ToArray());

    public static XElement Valid(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<event ", text, StringComparison.Ordinal);
        Assert.EndsWith("</event>", text, StringComparison.Ordinal);
        Assert.Equal(text.IndexOf("</event>", StringComparison.Ordinal), text.Length - "</event>".Length);
        var document = XDocument.Parse(text);
        document.Validate(Schema, (_, fault) => Assert.Fail($"{fault.Message}\n{text}"));
        return document.Root!;
    }

    public static string Of(this XElement element, string path)
    {
        var names = path.Split('/');
        foreach (var name in names[..^1])
            element = element.Element(name) ?? throw new InvalidOperationException($"There is no {name} of {path} in {element}.");
        return element.Attribute(names[^1])?.Value ?? "";
    }

    private static XmlSchemaSet ReadSchema()
    {
        XmlSchemaSet set = new();
        using var reader = XmlReader.Create(Path.Combine(Folder, "event.xsd"));
        set.Add(null, reader);
        set.Compile();
        return set;
    }
}
