using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Api;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Fleet;

/// <summary>Whether a way leads into a keep-out zone that is in force. Pure.</summary>
internal static class KeepOut
{
    /// <summary>The first conflict on a way, or null.</summary>
    /// <param name="airspace">What is drawn.</param>
    /// <param name="now">Only zones in force at this moment count.</param>
    /// <param name="way">The points of the way in order; where the first lies in a zone, the way out of that zone is free.</param>
    /// <param name="aboveHomeM">The lowest and the highest height of the way.</param>
    /// <param name="homeAmslM">Home's height; null where it is not known, and then a zone that is given above sea level counts at every height.</param>
    public static ZoneConflict? Find(AirspaceSnapshot airspace, DateTimeOffset now, IReadOnlyList<GeoPoint> way, (double From, double To) aboveHomeM, double? homeAmslM)
    {
        if (way.Count == 0)
            return null;
        Coordinate[] points = [.. way.Select(point => new Coordinate(point.LongitudeDeg, point.LatitudeDeg))];
        var end = new Point(points[^1]);
        Geometry line = points.Length == 1 ? end : new LineString(points);
        foreach (var zone in airspace.ZonesDuring(now, now).Where(zone => zone.Effect == ZoneEffect.KeepOut && IsAtHeight(zone, aboveHomeM, homeAmslM)))
        {
            var shape = airspace.Zones.First(place => place.Id == zone.Id).Shape;
            var isWayOut = points.Length > 1 && shape.Intersects(new Point(points[0])) && !shape.Intersects(end);
            if (isWayOut || !shape.Intersects(line))
                continue;
            var inside = shape.Intersects(end) && points.Length == 1 ? points[0] : shape.Intersection(line).Coordinates.MinBy(point => point.Distance(points[0]))!;
            return new(zone.Id, zone.Name, new(inside.Y, inside.X));
        }

        return null;
    }

    private static bool IsAtHeight(GeoZone zone, (double From, double To) aboveHomeM, double? homeAmslM) =>
        (AboveHome(zone.Floor, homeAmslM) is not { } floor || aboveHomeM.To >= floor) && (AboveHome(zone.Ceiling, homeAmslM) is not { } ceiling || aboveHomeM.From <= ceiling);

    /// <summary>A limit above ground is taken as above home: the city is flat to a few metres, and a limit that cannot be told counts as met.</summary>
    private static double? AboveHome(Altitude? limit, double? homeAmslM) => limit switch
    {
        { Datum: AltitudeDatum.Relative or AltitudeDatum.Agl } above => above.Metres,
        { Datum: AltitudeDatum.Amsl } amsl when homeAmslM is { } home => amsl.Metres - home,
        _ => null,
    };
}

/// <summary>Where a way meets a keep-out zone.</summary>
/// <param name="ZoneId">Which zone.</param>
/// <param name="ZoneName">What people call it.</param>
/// <param name="Where">The first place of the way in it.</param>
internal sealed record ZoneConflict(string ZoneId, string ZoneName, GeoPoint Where)
{
    /// <summary>As a fault of a request.</summary>
    public Fault ToFault(string pointer) => new(pointer, string.Create(
        CultureInfo.InvariantCulture, $"The way leads into the keep-out zone {ZoneName} ({ZoneId}) at {Where.LongitudeDeg:F6}, {Where.LatitudeDeg:F6}."));
}
