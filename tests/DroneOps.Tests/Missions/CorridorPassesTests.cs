using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class CorridorPassesTests
{
    private static Corridor River(double width) => Corridor.Create([Zhangzhou.At(0, 0), Zhangzhou.At(800, 0), Zhangzhou.At(1500, 500)], width).Value;

    [Theory]
    [InlineData(100, 50, 2)]
    [InlineData(101, 50, 3)]
    [InlineData(40, 50, 1)]
    public void The_width_takes_as_many_passes_as_swaths_fit_across(double width, double swath, int passes)
    {
        var plan = CorridorPasses.Plan("river", River(width), Zhangzhou.Sweep(swath), []).Value;

        Assert.Equal(passes, plan.PassCount);
        Assert.True(plan.CoveredFraction > 0.999, $"{plan.CoveredFraction:P3}");
    }

    [Fact]
    public void Two_passes_end_where_they_began()
    {
        var plan = CorridorPasses.Plan("river", River(100), Zhangzhou.Sweep(50) with { Start = Zhangzhou.At(0, -200) }, []).Value;
        var legs = plan.Route.Legs;

        Assert.True(Zhangzhou.Plane.ToPlane(legs[0].To).DistanceTo(new(0, -25)) < 1);
        Assert.True(Zhangzhou.Plane.ToPlane(legs[^1].To).DistanceTo(new(0, 25)) < 1);
    }

    [Property(MaxTest = 40)]
    public bool Winding_corridors_are_covered_to_99_9_percent(int seed)
    {
        var random = new Random(seed);
        double heading = 0, east = 0, north = 0;
        var line = new List<DroneOps.Mavlink.GeoPoint> { Zhangzhou.At(0, 0) };
        for (var i = 0; i < random.Next(1, 6); i++)
        {
            heading += (random.NextDouble() - 0.5) * 1.6;
            (east, north) = (east + (400 * Math.Sin(heading)), north + (400 * Math.Cos(heading)));
            line.Add(Zhangzhou.At(east, north));
        }

        var plan = CorridorPasses.Plan("winding", Corridor.Create(line, 60 + (100 * random.NextDouble())).Value, Zhangzhou.Sweep(45), []).Value;

        return plan.CoveredFraction >= 0.999;
    }

    [Fact]
    public void A_zone_on_the_line_is_gone_around()
    {
        GeoZone[] zones = [Zhangzhou.Circle("bridge", ZoneEffect.KeepOut, 400, 0, 60)];
        var settings = Zhangzhou.Sweep(50);
        var plan = CorridorPasses.Plan("river", River(150), settings, zones).Value;
        var transit = new Transit(Zhangzhou.Plane, zones, settings.MarginM - 0.01);

        for (var i = 1; i < plan.Route.Legs.Count; i++)
            Assert.True(transit.IsFree(plan.Route.Legs[i - 1].To, plan.Route.Legs[i].To), $"leg {i}");
        Assert.True(plan.CoveredFraction > 0.99);
    }

    [Fact]
    public void Too_narrow_a_swath_is_refused() =>
        Assert.Equal("sweep.tooManyPasses", CorridorPasses.Plan("river", River(400), Zhangzhou.Sweep(1), []).Faults[0].Code);
}
