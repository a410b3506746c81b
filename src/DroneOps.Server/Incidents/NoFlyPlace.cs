using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Incidents;

/// <summary>Whether a drone may stand over a place, and where it can stand instead. Pure.</summary>
internal static class NoFlyPlace
{
    /// <summary>What is kept from the edges of zones: position error, overshoot and safety together.</summary>
    public const double MarginM = 15;

    /// <summary>From farther away than this the picture does not tell what happens.</summary>
    private const double ViewM = 1000;

    /// <summary>How far behind the edge of a zone a drone is still near the place.</summary>
    private const double MostOutsideM = 300;

    private const double StepM = 10;
    private const int Bearings = 72;

    /// <summary>The warning for a place that no drone can stand over; null for all others.</summary>
    /// <param name="from">The zones that hold at some instant from here</param>
    /// <param name="to">to here are what matters.</param>
    public static IncidentWarning? Look(GeoPoint place, AirspaceSnapshot airspace, DateTimeOffset from, DateTimeOffset to)
    {
        // A city has hundreds of zones, and a report must not wait for those beyond the horizon.
        var horizon = SpatialQueries.BoxAround(place.LongitudeDeg, place.LatitudeDeg, ViewM + MostOutsideM);
        var near = airspace.Zones.Where(zone => zone.Shape.EnvelopeInternal.Intersects(horizon)).Select(zone => zone.Id).ToHashSet(StringComparer.Ordinal);
        List<GeoZone> limits = [.. airspace.ZonesDuring(from, to).Where(zone => zone.Effect == ZoneEffect.KeepIn || (zone.Effect == ZoneEffect.KeepOut && near.Contains(zone.Id)))];
        if (limits.Count == 0)
            return null;
        var plane = new LocalPlane(place);
        var free = new Transit(plane, limits, MarginM);
        if (free.IsFree(place))
            return null;
        List<GeoZone> keepOut = [.. limits.Where(zone => zone.Effect == ZoneEffect.KeepOut)];
        var name = keepOut.Find(zone => !new Transit(plane, [zone], MarginM).IsFree(place))?.Name;
        var what = name is null ? "The place is outside the area that drones may fly in." : $"The place is in the no-fly zone {name}: no drone can stand over it.";
        return StandOff(plane, free, keepOut) is { } stand
            ? new(WarningCodes.NoFlyZone, string.Create(CultureInfo.InvariantCulture, $"{what} The nearest place with a view of it is {stand.DistanceM:F0} m away."), PointGeometry.Of(stand.Point))
            : new(WarningCodes.NoFlyZone, $"{what} No free place is near enough for a view of it.");
    }

    /// <summary>Circle by circle outwards: the first free place is the nearest to one step.</summary>
    private static (GeoPoint Point, double DistanceM)? StandOff(LocalPlane plane, Transit free, List<GeoZone> keepOut)
    {
        var far = new Transit(plane, keepOut, MostOutsideM);
        for (var away = StepM; away <= ViewM; away += StepM)
        {
            for (var bearing = 0; bearing < Bearings; bearing++)
            {
                var (sin, cos) = Math.SinCos(bearing * 2 * Math.PI / Bearings);
                var stand = plane.ToGeo(new PlanePoint(away * sin, away * cos));
                if (free.IsFree(stand) && (keepOut.Count == 0 || !far.IsFree(stand)))
                    return (stand, away);
            }
        }

        return null;
    }
}
