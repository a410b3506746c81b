using System.Collections.Immutable;
using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Zones;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Airspace;

/// <summary>Drawn things as the planner takes them.</summary>
internal static class Drawn
{
    /// <summary>The middle of a place; the point itself for a point.</summary>
    public static GeoPoint Centre<TProperties>(this Place<TProperties> place)
        where TProperties : FeatureProperties => Point(place.Shape.Centroid.Coordinate);

    /// <summary>An area to cover.</summary>
    public static Validated<Area> ToArea(Polygon polygon) => Area.Create(Ring(polygon.ExteriorRing), [.. polygon.InteriorRings.Select(Ring)]);

    /// <summary>A strip to follow.</summary>
    public static Validated<Corridor> ToCorridor(LineString line, double widthM) => Corridor.Create(Ring(line), widthM);

    /// <summary>A zone's outline.</summary>
    public static Validated<ZoneShape> ToZoneShape(Polygon polygon) => ZoneShape.Polygon(Ring(polygon.ExteriorRing), [.. polygon.InteriorRings.Select(Ring)]);

    /// <summary>A zone with the spans of its weekly hours that touch a time; null when it does not hold then.</summary>
    public static GeoZone? Holding(this Place<ZoneProperties> zone, ZoneShape shape, DateTimeOffset from, DateTimeOffset to)
    {
        var properties = zone.Properties;
        var windows = properties.Window is { } hours ? Spans(hours, from, to) : [];
        return properties.Window is not null && windows.IsEmpty
            ? null
            : new GeoZone(zone.Id, properties.NameZh, properties.Effect, shape)
            {
                Floor = new Altitude(properties.FloorM, properties.HeightDatum),
                Ceiling = new Altitude(properties.CeilingM, properties.HeightDatum),
                Windows = windows,
            };
    }

    private static ImmutableArray<ZoneWindow> Spans(ZoneHours hours, DateTimeOffset from, DateTimeOffset to)
    {
        var clock = TimeZoneInfo.FindSystemTimeZoneById(hours.TimeZone);
        var spans = ImmutableArray.CreateBuilder<ZoneWindow>();

        // A day early: a span that began yesterday evening may reach into this morning.
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, clock).DateTime).AddDays(-1);
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(to, clock).DateTime);
        for (; day <= last; day = day.AddDays(1))
        {
            if (hours.Days.Contains(day.DayOfWeek))
            {
                var end = hours.To > hours.From ? day : day.AddDays(1);
                var span = new ZoneWindow(At(day, hours.From, clock), At(end, hours.To, clock));
                if (span.Overlaps(from, to))
                {
                    spans.Add(span);
                }
            }
        }

        return spans.ToImmutable();
    }

    private static DateTimeOffset At(DateOnly day, TimeOnly time, TimeZoneInfo clock)
    {
        var wall = day.ToDateTime(time);
        return new DateTimeOffset(wall, clock.GetUtcOffset(wall)).ToUniversalTime();
    }

    private static GeoPoint[] Ring(LineString line) => [.. line.Coordinates.Select(Point)];

    private static GeoPoint Point(Coordinate at) => new(at.Y, at.X);
}
