using System.Globalization;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Vehicles;

namespace DroneOps.Server.CursorOnTarget;

/// <summary>Drones as events: where one is, and where its camera looks.</summary>
internal static class VehicleEvents
{
    // Below it the direction of motion is noise, and a hovering drone looks where its nose points.
    private const double MovingMps = 0.5;

    /// <summary>The id under which clients know a drone: the same over reboots, links and restarts.</summary>
    public static string UidOf(FleetVehicle vehicle, CursorOnTargetOptions options) => $"{options.UidPrefix}.vehicle.{vehicle.Id}";

    /// <summary>Where a drone is.</summary>
    /// <returns>Null when that is not known now; the clients then show by themselves that what they have is old.</returns>
    public static CotEvent? Position(FleetVehicle vehicle, DateTimeOffset now, CursorOnTargetOptions options)
    {
        var s = vehicle.Snapshot;
        if (s.Link != VehicleLinkState.Up || s.Position is not { Value: var position, At: var at } || !position.Point.IsValid)
            return null;
        var stale = at + TimeSpan.FromSeconds(options.StaleAfterS);
        if (stale <= now)
            return null;

        // GLOBAL_POSITION_INT is above mean sea level and CoT wants the ellipsoid; without the separation the height is unknown, not wrong.
        var hae = (s.Gps?.Value.GeoidSeparationM ?? options.GeoidSeparationM) is { } separation ? position.Amsl.Metres + separation : (double?)null;
        CotHead head = new(UidOf(vehicle, options), TypeOf(s), "m-g", at, at, stale, position.Point, hae, s.Gps?.Value.HorizontalAccuracyM);
        return CotEvent.Write(head, xml =>
        {
            xml.Element("contact", ("callsign", vehicle.Name));
            xml.Element("_uastool", ("extendedCot", "true"), ("activeRoute", "false"));
            var speed = position.Velocity.GroundSpeedMps;
            var course = speed >= MovingMps ? Degrees(Math.Atan2(position.Velocity.East, position.Velocity.North)) : position.HeadingDeg;
            xml.Element("track", ("course", course is { } known ? CotEvent.Number(known, 1) : "0.0"), ("speed", CotEvent.Number(speed, 2)));
            if (s.Attitude is { IsStale: false, Value: var attitude })
            {
                xml.WriteStartElement("spatial");
                xml.Element("attitude", ("roll", CotEvent.Number(attitude.RollDeg, 1)), ("pitch", CotEvent.Number(attitude.PitchDeg, 1)), ("yaw", CotEvent.Number(attitude.YawDeg, 1)));
                xml.WriteEndElement();
            }

            var battery = s.Battery?.Value;
            var percent = battery?.RemainingPercent?.ToString(CultureInfo.InvariantCulture);
            xml.Element(
                "vehicle",
                ("type", "DroneOps"),
                ("typeTag", "_DroneOps_"),
                ("isFlying", s.InAir is { } flies ? Word(flies) : null),
                ("hal", CotEvent.Number(position.AboveHome.Metres, 1)),
                ("batteryRemainingCapacity", percent),
                ("batteryMaxCapacity", percent is null ? null : "100"),
                ("voltage", battery?.VoltageV is { } volts ? CotEvent.Number(volts, 2) : null));
            if (percent is not null)
                xml.Element("status", ("battery", percent));
            xml.Remarks(RemarksOf(vehicle, position, options.Language));
        });
    }

    /// <summary>The point that a drone's camera shows: the scene of the incident at which it arrived.</summary>
    public static CotEvent PointOfInterest(FleetVehicle vehicle, IncidentView incident, DateTimeOffset now, CursorOnTargetOptions options)
    {
        var uid = UidOf(vehicle, options);
        CotHead head = new(PointUidOf(vehicle, options), "b-m-p-s-p-i", "h-t", now, now, now + TimeSpan.FromSeconds(options.StaleAfterS), PlaceEvents.PointOf(incident), null, null);
        return CotEvent.Write(head, xml =>
        {
            xml.Element("contact", ("callsign", $"{vehicle.Name}.SPI1"));
            xml.Element("link", ("uid", uid), ("relation", "p-p"), ("type", TypeOf(vehicle.Snapshot)));
        });
    }

    /// <summary>The id of a drone's point of interest.</summary>
    public static string PointUidOf(FleetVehicle vehicle, CursorOnTargetOptions options) => $"{UidOf(vehicle, options)}.SPI1";

    /// <summary>Friendly, air, military (the branch where TAK keeps its symbols of drones), fixed or rotary wing, drone.</summary>
    private static string TypeOf(VehicleSnapshot snapshot) => snapshot.Identity?.Type == MavType.FixedWing ? "a-f-A-M-F-Q" : "a-f-A-M-H-Q";

    private static IEnumerable<string?> RemarksOf(FleetVehicle vehicle, PositionReading position, CotLanguage language)
    {
        var s = vehicle.Snapshot;
        var zh = language == CotLanguage.Zh;
        yield return s.Mode;
        yield return s.InAir switch
        {
            true => zh ? "飞行中" : "in the air",
            false => zh ? "在地面" : "on the ground",
            null => null,
        };
        yield return string.Create(CultureInfo.InvariantCulture, $"{(zh ? "距起飞点高 " : "")}{position.AboveHome.Metres:0}{(zh ? " 米" : " m above home")}");
        yield return string.Create(CultureInfo.InvariantCulture, $"{(zh ? "海拔 " : "")}{position.Amsl.Metres:0}{(zh ? " 米" : " m above sea level")}");
        yield return vehicle.Assignment?.Label;
    }

    private static double Degrees(double radians) => ((radians * 180 / Math.PI) + 360) % 360;

    private static string Word(bool yes) => yes ? "true" : "false";
}
