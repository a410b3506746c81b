using System.Globalization;
using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;

namespace DroneOps.Benchmarks.Dispatch;

/// <summary>How long one choice takes: 50 drones, half of them flying, 200 zones of six corners in 12 km by 12 km, the
/// drones elsewhere at each choice: the way around the zones, the time and the battery of each, the ranking.</summary>
internal static class DecisionTimes
{
    private const int Drones = 50;
    private const int Zones = 200;
    private const int WarmUps = 20;
    private const double SideM = 12_000;
    private static readonly GeoPoint Middle = new(24.51, 117.66);

    /// <summary>Measures and prints.</summary>
    /// <returns>Whether the slowest of a hundred took less than 200 ms.</returns>
    public static bool Run(int decisions, int seed)
    {
        var random = new Random(seed);
        var zones = Enumerable.Range(0, Zones).Select(index => Zone(index, random)).ToArray();
        FleetVehicle[] Fleet() => [.. Enumerable.Range(1, Drones).Select(id => Drone(id, random))];
        var conditions = new FlightConditions(Wind.From(4, 60), _ => AirframeProfile.PatrolQuad, 20_000);
        var transit = new Transit(new LocalPlane(Middle), zones, 15);
        Latencies taken = new();
        var offered = 0;
        for (var turn = -WarmUps; turn < decisions; turn++)
        {
            var (scene, fleet) = (Somewhere(random), Fleet());
            var began = TimeProvider.System.GetTimestamp();
            var ranked = Candidates.Rank(scene, urgency: 2, priority: 800, fleet, transit, conditions);
            var span = TimeProvider.System.GetElapsedTime(began);
            if (turn < 0)
                continue;
            taken.Add(span);
            offered += ranked.Count(candidate => candidate.Rank is not null);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one choice of {Drones} drones among {Zones} zones: {taken}; {offered / (double)decisions:0.0} offered in the mean"));
        return taken.At(0.99) < 200;
    }

    private static GeoZone Zone(int index, Random random)
    {
        var (centre, radius, turn) = (Somewhere(random), 40 + (160 * random.NextDouble()), random.NextDouble());
        var plane = new LocalPlane(centre);
        var corners = Enumerable.Range(0, 6).Select(corner => Math.SinCos((corner + turn) * Math.PI / 3)).Select(at => plane.ToGeo(new PlanePoint(radius * at.Cos, radius * at.Sin))).ToArray();
        return ZoneShape.Polygon(corners).TryGet(out var shape)
            ? new GeoZone($"zone-{index}", $"Zone {index}", ZoneEffect.KeepOut, shape)
            : throw new InvalidOperationException("A regular hexagon is a zone.");
    }

    private static FleetVehicle Drone(int id, Random random)
    {
        var at = TimeProvider.System.GetUtcNow();
        var (home, flying) = (Somewhere(random), id % 2 == 0);
        var place = flying ? Somewhere(random) : home;
        Reading<T> Fresh<T>(T value)
            where T : struct => new(value, at, TimeSpan.Zero, false);
        var snapshot = new VehicleSnapshot
        {
            Key = new VehicleKey("bench", (byte)id),
            At = at,
            Link = VehicleLinkState.Up,
            InAir = flying,
            Position = Fresh(new PositionReading(place, Altitude.Amsl(flying ? 70 : 10), Altitude.Relative(flying ? 60 : 0), new VelocityNed(flying ? 8 : 0, flying ? -5 : 0, 0), 0, 1)),
            Battery = Fresh(new BatteryReading(60 + random.Next(40), null, null, null, null, null, BatteryLevel.Ok)),
            Home = Fresh(new HomeReading(home, Altitude.Amsl(10))),
            Readiness = new Readiness(ReadinessIssues.None),
        };
        var task = flying && id % 4 == 0 ? new Assignment(AssignmentKind.Patrol, $"{id}", "patrol", 100, "system", "patrol") : null;
        return new FleetVehicle($"{id}", $"UAV-{id:00}", snapshot, null, null, false, task, null);
    }

    private static GeoPoint Somewhere(Random random) =>
        new LocalPlane(Middle).ToGeo(new PlanePoint((random.NextDouble() - 0.5) * SideM, (random.NextDouble() - 0.5) * SideM));
}
