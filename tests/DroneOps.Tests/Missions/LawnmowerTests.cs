using DroneOps.Missions;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class LawnmowerTests
{
    [Fact]
    public void A_rectangle_takes_as_many_passes_as_swaths_fit_across_its_short_side()
    {
        var plan = Lawnmower.Plan("a", Zhangzhou.Rectangle(600, 210), Zhangzhou.Sweep(50), []).Value;

        Assert.Equal(5, plan.PassCount);
        Assert.Equal(5, plan.LeastPassCount);
        Assert.Equal(90, plan.AngleDeg, 0.1);
        Assert.Equal(5 * 600, plan.PassLengthM, 1.0);
        Assert.True(plan.CoveredFraction > 0.9999);
    }

    [Fact]
    public void A_width_of_exactly_so_many_swaths_needs_no_pass_more() =>
        Assert.Equal(4, Lawnmower.Plan("a", Zhangzhou.Rectangle(600, 200), Zhangzhou.Sweep(50.000001), []).Value.PassCount);

    [Property(MaxTest = 60)]
    public bool Convex_ground_is_covered_with_the_fewest_passes_there_can_be(int seed)
    {
        var random = new Random(seed);
        var corners = Enumerable.Range(0, random.Next(3, 9)).Select(_ => 2 * Math.PI * random.NextDouble()).Order().ToArray();
        if (corners.Zip(corners.Skip(1)).Any(pair => pair.Second - pair.First < 0.05))
            return true;
        var area = Zhangzhou.Area([.. corners.Select(angle => (300 * Math.Sin(angle), 200 * Math.Cos(angle)))]);

        var plan = Lawnmower.Plan("convex", area, Zhangzhou.Sweep(17 + (40 * random.NextDouble())), []).Value;

        return plan.PassCount == plan.LeastPassCount && plan.CoveredFraction >= 0.999;
    }

    [Property(MaxTest = 60)]
    public bool Every_shape_is_covered_to_99_9_percent(int seed)
    {
        var plan = Lawnmower.Plan("star", Zhangzhou.Star(seed, 400), Zhangzhou.Sweep(40), []).Value;

        return plan.CoveredFraction >= 0.999;
    }

    [Property(MaxTest = 8)]
    public bool Ground_beside_keep_out_zones_is_covered_to_99_9_percent_and_no_leg_comes_within_the_margin(int seed)
    {
        var random = new Random(seed);
        var zones = Enumerable.Range(0, random.Next(1, 4)).Select(i =>
        {
            var (east, north, size) = ((random.NextDouble() * 500) - 250, (random.NextDouble() * 500) - 250, 20 + (60 * random.NextDouble()));
            return random.Next(2) == 0
                ? Zhangzhou.Circle($"z{i}", ZoneEffect.KeepOut, east, north, size)
                : Zhangzhou.KeepOut($"z{i}", (east, north), (east + size, north + (size / 3)), (east + (size / 2), north + size));
        }).ToArray();
        var settings = Zhangzhou.Sweep(40);
        var result = Lawnmower.Plan("star", Zhangzhou.Star(seed, 400), settings, zones);
        if (!result.TryGet(out var plan))
            return result.Faults[0].Code is "sweep.nothingToCover" or "sweep.noWay";

        var transit = new Transit(Zhangzhou.Plane, zones, settings.MarginM - 0.01);
        var legs = plan.Route.Legs;
        for (var i = 1; i < legs.Count; i++)
        {
            if (!transit.IsFree(legs[i - 1].To, legs[i].To))
                return false;
        }

        return plan.CoveredFraction >= 0.999;
    }

    [Fact]
    public void A_keep_in_zone_bounds_the_passes_and_the_turns()
    {
        var zone = Zhangzhou.KeepIn("in", (-100, -100), (700, -100), (700, 130), (-100, 130));
        var plan = Lawnmower.Plan("a", Zhangzhou.Rectangle(600, 300), Zhangzhou.Sweep(40), [zone]).Value;

        Assert.All(plan.Route.Legs, leg => Assert.InRange(Zhangzhou.Plane.ToPlane(leg.To).NorthM, -0.2, 115.0));
        Assert.Equal(600 * 113.4, plan.GroundM2, 100.0);
        Assert.True(plan.CoveredFraction >= 0.999);
    }

    [Fact]
    public void Passes_record_and_the_ways_between_them_do_not()
    {
        var plan = Lawnmower.Plan("a", Zhangzhou.Rectangle(300, 100), Zhangzhou.Sweep(50), []).Value;

        Assert.Equal([CameraDuty.Transit, CameraDuty.Scene, CameraDuty.Transit, CameraDuty.Scene], plan.Route.Legs.Select(leg => leg.Camera));
    }

    [Fact]
    public void The_end_nearest_to_the_start_is_flown_first()
    {
        var settings = Zhangzhou.Sweep(50) with { Start = Zhangzhou.At(310, 110) };
        var plan = Lawnmower.Plan("a", Zhangzhou.Rectangle(300, 100), settings, []).Value;

        Assert.True(Geodesic.DistanceM(plan.Route.Legs[0].To, Zhangzhou.At(300, 75)) < 1);
    }

    [Fact]
    public void The_ways_from_the_start_and_to_the_end_go_around_zones()
    {
        GeoZone[] zones = [Zhangzhou.KeepOut("wall", (-200, 0), (-150, 0), (-150, 200), (-200, 200))];
        var launch = Zhangzhou.At(-400, 100);
        var settings = Zhangzhou.Sweep(50) with { Start = launch, End = launch };
        var legs = Lawnmower.Plan("a", Zhangzhou.Rectangle(300, 190), settings, zones).Value.Route.Legs;
        var transit = new Transit(Zhangzhou.Plane, zones, settings.MarginM - 0.01);

        Assert.True(transit.IsFree(launch, legs[0].To));
        Assert.True(transit.IsFree(legs[^1].To, launch));
        Assert.Equal((CameraDuty.Transit, CameraDuty.Transit), (legs[0].Camera, legs[1].Camera));
    }

    [Fact]
    public void A_given_direction_is_kept()
    {
        var plan = Lawnmower.Plan("a", Zhangzhou.Rectangle(590, 200), Zhangzhou.Sweep(50) with { AngleDeg = 0 }, []).Value;

        Assert.Equal(12, plan.PassCount);
        Assert.Equal(0, plan.AngleDeg);
    }

    // ETHZ polygon_coverage_planning's square with its own pass spacing takes 1438.12 s; equal strips need one pass fewer and 1386.77 s.
    [Fact]
    public void The_hundred_metre_square_beats_the_published_plan()
    {
        var settings = Zhangzhou.Sweep(3) with { SpeedMps = 3, AccelerationMps2 = 1, Start = Zhangzhou.At(0, 0), End = Zhangzhou.At(0, 0) };
        var plan = Lawnmower.Plan("square", Zhangzhou.Rectangle(100, 100), settings, []).Value;

        Assert.Equal(34, plan.PassCount);
        Assert.True(plan.Seconds < 1438.12, $"{plan.Seconds:F2} s");
    }

    [Theory]
    [InlineData(0, "sweep.swath")]
    [InlineData(double.NaN, "sweep.swath")]
    [InlineData(1, "sweep.tooManyPasses")]
    public void A_swath_that_makes_no_sense_is_refused(double swath, string code)
    {
        var result = Lawnmower.Plan("a", Zhangzhou.Rectangle(8000, 8000), Zhangzhou.Sweep(swath), []);

        Assert.Equal(code, Assert.Single(result.Faults).Code);
    }

    [Fact]
    public void An_area_wholly_in_a_keep_out_zone_leaves_nothing_to_cover() =>
        Assert.Equal("sweep.nothingToCover", Lawnmower.Plan("a", Zhangzhou.Rectangle(100, 100), Zhangzhou.Sweep(20),
            [Zhangzhou.Circle("z", ZoneEffect.KeepOut, 50, 50, 200)]).Faults[0].Code);
}
