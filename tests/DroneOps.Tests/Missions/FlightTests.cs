using DroneOps.Missions;
using DroneOps.Missions.Flight;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class FlightTests
{
    private static readonly AirframeProfile Quad = AirframeProfile.PatrolQuad;

    // Worked figures: 80 m climb at 5 m/s, 20 s launch, 2.5 m/s².
    [Theory]
    [InlineData(15, 1000, 109)]
    [InlineData(15, 2000, 175)]
    [InlineData(15, 5000, 375)]
    [InlineData(20, 1000, 94)]
    [InlineData(20, 2000, 144)]
    [InlineData(20, 5000, 294)]
    public void Time_to_scene_counts_launch_climb_ramps_and_cruise(double speed, double distance, double seconds)
    {
        var standing = new VehicleStanding(Zhangzhou.Centre, 0, false, 100, Zhangzhou.Centre);

        var eta = Eta.ToScene(Quad, Wind.Calm, standing, new(Zhangzhou.At(distance, 0), 80), speed);

        Assert.Equal(seconds, Math.Round(eta.P50S));
    }

    // ETHZ polygon_coverage_planning's worked square: 35 passes, 33 connectors of 3 m, one of 1 m, the diagonal home.
    [Fact]
    public void A_flying_drone_needs_the_stop_and_the_way_back_before_it_comes()
    {
        var parked = new VehicleStanding(Zhangzhou.Centre, 60, true, 90, Zhangzhou.Centre);
        var away = parked with { EastMps = -10 };
        var request = new SceneRequest(Zhangzhou.At(1000, 0), 60);
        var (rest, moving) = (Eta.ToScene(Quad, Wind.Calm, parked, request, 15).P50S, Eta.ToScene(Quad, Wind.Calm, away, request, 15).P50S);

        // 10 m/s: 4 s to stop at 2.5 m/s², and 10 m of the order's second and 20 m of the stop to fly back at 15 m/s.
        Assert.Equal(rest + 4 + (30 / 15.0), moving, 0.05);
        Assert.Equal(moving, Eta.ToScene(Quad, Wind.Calm, away, request, 15, []).P50S, 0.05);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 4)]
    [InlineData(45, 6)]
    [InlineData(75, 8)]
    public void The_last_metres_of_a_run_take_as_long_as_braking_says(double metres, double seconds)
    {
        Assert.Equal(seconds, Motion.BrakingSeconds(metres, 15, 2.5), 1e-9);
        var standing = new VehicleStanding(Zhangzhou.Centre, 60, true, 90, Zhangzhou.Centre);
        var whole = Eta.ToScene(Quad, Wind.Calm, standing, new(Zhangzhou.At(1000, 0), 60), 15).P50S;
        Assert.Equal(whole - seconds, Eta.ToScene(Quad, Wind.Calm, standing, new(Zhangzhou.At(1000, 0), 60, WithinM: metres), 15).P50S, 1e-6);
    }

    [Fact]
    public void Runs_from_rest_to_rest_reproduce_the_published_square()
    {
        var seconds = (35 * Motion.RunSeconds(100, 3, 1)) + (33 * Motion.RunSeconds(3, 3, 1)) + Motion.RunSeconds(1, 3, 1)
            + Motion.RunSeconds(100 * Math.Sqrt(2), 3, 1);

        Assert.Equal(1438.12, seconds, 0.005);
    }

    // Zeng, Xu, Zhang 2019, figures of their example.
    [Fact]
    public void The_power_model_reproduces_the_published_example()
    {
        var power = PowerModel.ZengXuZhang;
        var speeds = Enumerable.Range(0, 300).Select(i => i / 10.0).ToArray();

        Assert.Equal(168.5, power.WattsAt(0), 0.05);
        Assert.Equal(126.0, speeds.Min(power.WattsAt), 0.05);
        Assert.Equal(10.2, speeds.MinBy(power.WattsAt), 0.05);
        Assert.Equal(18.3, speeds.Skip(1).MinBy(v => power.WattsAt(v) / v), 0.05);
        Assert.Equal(8.83, speeds.Skip(1).Min(v => power.WattsAt(v) / v), 0.005);
    }

    [Fact]
    public void Head_wind_and_tail_wind_shift_the_ground_speed_by_the_wind_and_cross_wind_by_the_triangle()
    {
        Assert.Equal(6, Wind.From(4, 90).GroundSpeedMps(10, 1, 0), 1e-9);
        Assert.Equal(14, Wind.From(4, 270).GroundSpeedMps(10, 1, 0), 1e-9);
        Assert.Equal(Math.Sqrt(84), Wind.From(4, 0).GroundSpeedMps(10, 1, 0), 1e-9);
        Assert.Equal(0, Wind.From(10, 0).GroundSpeedMps(10, 1, 0));
    }

    [Property]
    public bool A_longer_run_never_takes_less_time_or_energy(int seed)
    {
        var random = new Random(seed);
        var wind = Wind.From(10 * random.NextDouble(), 360 * random.NextDouble());
        var (length, more, speed) = (2000 * random.NextDouble(), 500 * random.NextDouble(), 1 + (15 * random.NextDouble()));

        var near = Motion.Run(Quad, wind, length, 0, speed);
        var far = Motion.Run(Quad, wind, length + more, 0, speed);

        return near.Seconds <= far.Seconds + 1e-9 && near.EnergyWh <= far.EnergyWh + 1e-9;
    }

    [Fact]
    public void A_scene_too_far_to_return_from_leaves_no_reserve()
    {
        var standing = new VehicleStanding(Zhangzhou.Centre, 0, false, 45, Zhangzhou.Centre);

        Assert.True(Eta.ToScene(Quad, Wind.Calm, standing, new(Zhangzhou.At(1000, 0), 60, 0), 15).LeavesReserve);
        Assert.False(Eta.ToScene(Quad, Wind.Calm, standing, new(Zhangzhou.At(9000, 0), 60, 600), 15).LeavesReserve);
    }

    [Fact]
    public void Time_left_to_stay_ends_where_the_way_home_eats_the_reserve()
    {
        var standing = new VehicleStanding(Zhangzhou.At(2000, 0), 60, true, 60, Zhangzhou.Centre);
        var stay = Eta.StayLeftS(Quad, Wind.Calm, standing);

        var used = Motion.Hover(Quad, Wind.Calm, stay).EnergyWh + Eta.Home(Quad, Wind.Calm, standing.Position, 60, standing.Home).EnergyWh;

        Assert.Equal(40, used / Quad.BatteryWh * 100, 0.01);
    }

    [Fact]
    public void Straight_corners_are_passed_at_speed_and_sharp_ones_braked_for()
    {
        var heights = HeightFrame.Flat(Zhangzhou.Launch);
        double Total(params RouteLeg[] legs) => RouteEstimate.Of(Zhangzhou.Route(legs), heights, Quad, Wind.Calm).Legs.Sum(leg => leg.Line.Seconds);

        var whole = Total(Zhangzhou.Leg(1000, 0));
        var halved = Total(Zhangzhou.Leg(500, 0), Zhangzhou.Leg(1000, 0));
        var bent = Total(Zhangzhou.Leg(500, 0), Zhangzhou.Leg(500, 500));

        Assert.Equal(whole, halved, 0.01);
        Assert.InRange(bent, whole + 1, whole + 3);
    }

    [Fact]
    public void Asking_for_many_arrival_times_allocates_nothing()
    {
        var standing = new VehicleStanding(Zhangzhou.Centre, 0, false, 100, Zhangzhou.Centre);
        var request = new SceneRequest(Zhangzhou.At(1500, 800), 60);
        var wind = Wind.From(5, 30);
        double sum = Eta.ToScene(Quad, wind, standing, request, 15).P50S;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            sum += Eta.ToScene(Quad, wind, standing, request, 15).P50S;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }
}
