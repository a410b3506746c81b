using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Tests.Missions;

/// <summary>Arbitrary plans from a seed.</summary>
internal static class AnyPlan
{
    private static readonly MavFrame[] Frames = [MavFrame.Global, MavFrame.GlobalRelativeAlt, MavFrame.GlobalTerrainAlt, MavFrame.Mission];

    public static PlanItem[] Items(int seed)
    {
        var random = new Random(seed);
        float Any() => random.Next(5) switch
        {
            0 => float.NaN,
            1 => random.Next(-1000, 1000),
            2 => random.Next(-1000, 1000) / 8f,
            _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 9))),
        };
        return [.. Enumerable.Range(0, random.Next(0, 20)).Select(_ =>
        {
            var frame = Frames[random.Next(Frames.Length)];
            var command = (MavCmd)random.Next(0, 65_535);
            return new PlanItem(command == MavCmd.DoJump ? MavCmd.NavWaypoint : command, frame)
            {
                Param1 = Any(),
                Param2 = Any(),
                Param3 = Any(),
                Param4 = Any(),
                X = random.Next(-900_000_000, 900_000_001),
                Y = random.Next(-1_800_000_000, 1_800_000_001),
                Z = random.Next(-500, 5000) / 4f,
                AutoContinue = random.Next(4) > 0,
            };
        })];
    }

    /// <summary>A route with everything a compiled mission can carry, on MAVLink's grid of 1e-7 degree.</summary>
    public static Route Route(int seed)
    {
        var random = new Random(seed);
        GeoPoint Place()
        {
            var at = Zhangzhou.At(random.Next(-3000, 3000), random.Next(-3000, 3000));
            return GeoPoint.FromE7(at.LatitudeE7, at.LongitudeE7);
        }

        var legs = Enumerable.Range(0, random.Next(1, 12)).Select(i =>
        {
            var camera = random.Next(3) == 0 ? CameraDuty.Scene : CameraDuty.Transit;
            var leg = new RouteLeg
            {
                To = Place(),
                Altitude = random.Next(3) == 0 ? Altitude.Amsl(random.Next(200) + 0.5) : Altitude.Relative(random.Next(20, 120)),
                // A mission names the speed it starts with and no other: that one is the route's.
                SpeedMps = i > 0 && random.Next(3) == 0 ? 5.5 : null,
                Camera = camera,
                CameraPitchDeg = camera == CameraDuty.Scene ? random.Next(2) == 0 ? -90 : null : null,
                Dwell = TimeSpan.FromSeconds(random.Next(3) == 0 ? random.Next(60) : 0),
            };
            if (random.Next(4) > 0)
                return leg;
            var radius = random.Next(20, 200);
            var centre = DroneOps.Missions.Geodesy.Geodesic.Direct(leg.To, random.Next(360), radius);
            return leg with { Orbit = new(GeoPoint.FromE7(centre.LatitudeE7, centre.LongitudeE7), radius, random.Next(1, 4), random.Next(2) == 0) };
        });
        return new() { Name = "any", Legs = [.. legs], CruiseSpeedMps = 9.25, TakeoffHeightM = 35, End = (RouteEnd)random.Next(2) };
    }
}
