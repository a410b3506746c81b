using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Server.Incidents;
using DroneOps.Server.Units;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Incidents and ground crews as events.</summary>
internal static class PlaceEvents
{
    /// <summary>How long an incident stays on a client's map after it was told last; it is told again well before.</summary>
    public static readonly TimeSpan IncidentLife = TimeSpan.FromMinutes(2);

    public static string UidOf(IncidentView incident, CursorOnTargetOptions options) => $"{options.UidPrefix}.incident.{incident.Id}";

    public static string UidOf(string callSign, CursorOnTargetOptions options) => $"{options.UidPrefix}.unit.{callSign}";

    public static GeoPoint PointOf(IncidentView incident) => new(incident.Location.Coordinates![1], incident.Location.Coordinates[0]);

    /// <summary>An open incident as a point of unknown affiliation on the ground. Its summary, address and notes stay in the house: they name
    /// people, and a TAK server hands on what it gets.</summary>
    public static CotEvent Incident(IncidentView incident, DateTimeOffset now, CursorOnTargetOptions options)
    {
        CotHead head = new(UidOf(incident, options), "a-u-G", "h-t", now, now, now + IncidentLife, PointOf(incident), null, null);
        var zh = options.Language == CotLanguage.Zh;
        return CotEvent.Write(head, xml =>
        {
            xml.Element("contact", ("callsign", incident.ExternalNumber ?? incident.Type));
            xml.Remarks([incident.Type, string.Create(CultureInfo.InvariantCulture, $"{(zh ? "优先级 " : "priority ")}{incident.Priority}"), StateOf(incident.State, zh)]);
        });
    }

    /// <summary>A ground crew where it reported last.</summary>
    /// <returns>Null when that was too long ago.</returns>
    public static CotEvent? Unit(Unit unit, DateTimeOffset now, TimeSpan life, CursorOnTargetOptions options)
    {
        var stale = unit.PositionAt + life;
        if (stale <= now || !unit.Point.IsValid)
            return null;
        CotHead head = new(UidOf(unit.CallSign, options), "a-f-G-U-C", "m-g", unit.PositionAt, unit.PositionAt, stale, unit.Point, null, null);
        return CotEvent.Write(head, xml =>
        {
            xml.Element("contact", ("callsign", unit.CallSign));
            if (unit.HeadingDeg is not null || unit.SpeedMps is not null)
                xml.Element("track", ("course", CotEvent.Number(unit.HeadingDeg ?? 0, 1)), ("speed", CotEvent.Number(unit.SpeedMps ?? 0, 2)));
            xml.Remarks([StatusOf(unit.Status, options.Language == CotLanguage.Zh)]);
        });
    }

    private static string StateOf(IncidentState state, bool zh) => state switch
    {
        IncidentState.Open => zh ? "待处置" : "open",
        IncidentState.Dispatched => zh ? "已派出" : "dispatched",
        IncidentState.OnScene => zh ? "已到场" : "on scene",
        IncidentState.Recalled => zh ? "已召回" : "recalled",
        _ => zh ? "已结案" : "closed",
    };

    private static string StatusOf(UnitStatus status, bool zh) => status switch
    {
        UnitStatus.Available => zh ? "待命" : "available",
        UnitStatus.Dispatched => zh ? "已派出" : "dispatched",
        UnitStatus.OnScene => zh ? "已到场" : "on scene",
        _ => zh ? "下班" : "off duty",
    };
}
