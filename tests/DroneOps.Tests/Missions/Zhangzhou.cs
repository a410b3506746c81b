using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;

namespace DroneOps.Tests.Missions;

/// <summary>Shapes laid out in metres around the old city, for tests that think in metres.</summary>
internal static class Zhangzhou
{
    public static readonly GeoPoint Centre = new(24.513, 117.655);

    public static readonly LocalPlane Plane = new(Centre);

    public static readonly LaunchPoint Launch = new(Centre, 12);

    public static GeoPoint At(double eastM, double northM) => Plane.ToGeo(new(eastM, northM));

    public static Area Area(params (double East, double North)[] corners) => DroneOps.Missions.Zones.Area.Create([.. corners.Select(at => At(at.East, at.North))]).Value;

    public static Area Rectangle(double widthM, double heightM) => Area((0, 0), (widthM, 0), (widthM, heightM), (0, heightM));

    public static GeoZone KeepOut(string id, params (double East, double North)[] corners) =>
        new(id, id, ZoneEffect.KeepOut, ZoneShape.Polygon([.. corners.Select(at => At(at.East, at.North))]).Value);

    public static GeoZone KeepIn(string id, params (double East, double North)[] corners) =>
        new(id, id, ZoneEffect.KeepIn, ZoneShape.Polygon([.. corners.Select(at => At(at.East, at.North))]).Value);

    public static GeoZone Circle(string id, ZoneEffect effect, double east, double north, double radiusM) =>
        new(id, id, effect, ZoneShape.Circle(At(east, north), radiusM).Value);

    public static SweepSettings Sweep(double swathM) => new() { SwathM = swathM, Altitude = Altitude.Relative(60) };

    public static RouteLeg Leg(double east, double north, double heightM = 60) => new() { To = At(east, north), Altitude = Altitude.Relative(heightM) };

    public static Route Route(params RouteLeg[] legs) => new() { Name = "test", Legs = legs };

    /// <summary>A star-shaped polygon: never self-crossing, often far from convex.</summary>
    public static Area Star(int seed, double radiusM)
    {
        var random = new Random(seed);
        var count = random.Next(3, 13);
        return Area([.. Enumerable.Range(0, count).Select(i =>
        {
            var angle = 2 * Math.PI * (i + (0.6 * random.NextDouble())) / count;
            var radius = radiusM * (0.3 + (0.7 * random.NextDouble()));
            return (radius * Math.Sin(angle), radius * Math.Cos(angle));
        })]);
    }
}
