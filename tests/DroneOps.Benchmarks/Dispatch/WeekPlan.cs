using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Airspace;
using DroneOps.Simulator.Scenarios;
using NetTopologySuite.Geometries;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>One call of the week.</summary>
/// <param name="At">From the beginning of the week.</param>
/// <param name="Place">Where, WGS-84.</param>
/// <param name="Priority">1 the most urgent.</param>
/// <param name="Stay">How long the drone is needed over the place.</param>
/// <param name="CrewAfter">From the call until a crew on the ground is there.</param>
internal sealed record PlannedCall(int Number, TimeSpan At, GeoPoint Place, int Priority, TimeSpan Stay, TimeSpan CrewAfter);

/// <summary>A week of random calls: more of them in the evening, a third at places to guard, the rest anywhere in the grids; none inside a
/// zone where no drone may go, and none farther from every dock than a drone is sent.</summary>
internal static class WeekPlan
{
    /// <summary>How far the farthest call is from its nearest dock, metres.</summary>
    public const double FarthestM = 5000;

    private const double MarginM = 15;

    // Calls of an hour of the day, relative; the evening is busy, the small hours are not.
    private static readonly double[] OfHour = [3, 2, 2, 1, 1, 1, 2, 3, 4, 4, 4, 4, 5, 4, 4, 4, 5, 6, 8, 9, 9, 8, 6, 4];

    // Tenths of the calls that have priority 1, 2, 3, 4.
    private static readonly int[] OfPriority = [1, 3, 4, 2];

    private static readonly TimeSpan City = TimeSpan.FromHours(8);

    /// <summary>Draws the calls.</summary>
    /// <param name="begin">The week's beginning, for the hour of the day.</param>
    public static IReadOnlyList<PlannedCall> Draw(int count, TimeSpan week, int seed, DateTimeOffset begin, AirspaceSnapshot airspace, IReadOnlyList<ScenarioHome> docks)
    {
        var random = new Random(seed);
        var zones = airspace.ZonesDuring(begin, begin + week).Where(zone => zone.Effect is ZoneEffect.KeepOut or ZoneEffect.KeepIn).ToList();
        var free = new Transit(new LocalPlane(new GeoPoint(docks[0].Lat, docks[0].Lon)), zones, MarginM);
        GeoPoint Place()
        {
            while (true)
            {
                var place = random.Next(3) == 0
                    ? PointOf(airspace.KeySites[random.Next(airspace.KeySites.Length)].Shape.InteriorPoint)
                    : Within(airspace.Grids[random.Next(airspace.Grids.Length)].Shape, random);
                if (free.IsFree(place) && docks.Any(dock => Geodesic.DistanceM(place, new GeoPoint(dock.Lat, dock.Lon)) < FarthestM))
                    return place;
            }
        }

        var times = Enumerable.Range(0, count).Select(_ => Time(random, week, begin)).Order().ToList();
        return [.. times.Select((at, index) => new PlannedCall(
            index + 1,
            at,
            Place(),
            Priority(random),
            TimeSpan.FromMinutes(Math.Clamp(-5 * Math.Log(1 - random.NextDouble()), 1, 12)),
            TimeSpan.FromMinutes(3 + (6 * random.NextDouble()))))];
    }

    private static TimeSpan Time(Random random, TimeSpan week, DateTimeOffset begin)
    {
        while (true)
        {
            var at = week * random.NextDouble();
            if (random.NextDouble() * OfHour.Max() < OfHour[(begin + at).ToOffset(City).Hour])
                return at;
        }
    }

    private static int Priority(Random random)
    {
        var drawn = random.Next(OfPriority.Sum());
        var priority = 0;
        while ((drawn -= OfPriority[priority]) >= 0)
            priority++;
        return priority + 1;
    }

    private static GeoPoint Within(Geometry shape, Random random)
    {
        var box = shape.EnvelopeInternal;
        while (true)
        {
            var point = new Point(box.MinX + (box.Width * random.NextDouble()), box.MinY + (box.Height * random.NextDouble()));
            if (shape.Contains(point))
                return PointOf(point);
        }
    }

    private static GeoPoint PointOf(Point point) => new(point.Y, point.X);
}
