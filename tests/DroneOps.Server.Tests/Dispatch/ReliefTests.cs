using DroneOps.Mavlink;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Server.Dispatch;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Dispatch;

public sealed class ReliefTests
{
    private static readonly AirframeProfile Drone = AirframeProfile.PatrolQuad;
    private static readonly GeoPoint Home = new(24.5153, 117.6597);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 500)]
    public void A_drone_that_leaves_at_its_time_lands_with_its_reserve(ushort distance, ushort bearing, byte height, byte charge, byte wind, bool isCalm)
    {
        var headwind = wind % 10;
        var heightM = 40 + (height % 70);
        var stand = Geodesic.Direct(Home, bearing % 360, 10 + (distance % 6000));
        var standing = new VehicleStanding(stand, heightM, true, 20 + (charge % 81), Home);

        var leaveBy = Relief.LeaveBy(Now, Relief.Reckon(Drone, standing, stand, heightM, headwind));

        if (leaveBy <= Now)
            return;
        var toStand = Geodesic.Inverse(Home, stand).StartAzimuthDeg * Math.PI / 180;
        var blows = isCalm ? Wind.Calm : new Wind(headwind * Math.Sin(toStand), headwind * Math.Cos(toStand));
        var spentWh = Motion.Hover(Drone, blows, (leaveBy - Now).TotalSeconds).EnergyWh + Eta.Home(Drone, blows, stand, heightM, Home).EnergyWh;
        Assert.True(standing.BatteryPercent - (spentWh / Drone.BatteryWh * 100) >= Drone.ReservePercent);
    }

    [Property(MaxTest = 200)]
    public void A_drone_on_its_way_has_no_longer_than_one_that_is_there_already(ushort distance, byte charge)
    {
        var stand = Geodesic.Direct(Home, 90, 3000);
        var far = new VehicleStanding(Geodesic.Direct(stand, 0, 200 + (distance % 3000)), 60, true, 40 + (charge % 61), Home);
        var there = far with { Position = stand };
        Assert.True(Relief.Reckon(Drone, far, stand, 60, 5).StayS <= Relief.Reckon(Drone, there, stand, 60, 5).StayS);
    }

    /// <summary>Near its home a drone may come back the cheaper for a light wind: it hovers the last metres, and in moving air that takes less.</summary>
    [Property(MaxTest = 200)]
    public void A_stronger_wind_brings_the_relief_forward(ushort distance, ushort bearing, byte charge)
    {
        var stand = Geodesic.Direct(Home, bearing % 360, 1500 + (distance % 3000));
        var standing = new VehicleStanding(stand, 60, true, 70 + (charge % 31), Home);
        Assert.True(Relief.LeaveBy(Now, Relief.Reckon(Drone, standing, stand, 60, 12)) < Relief.LeaveBy(Now, Relief.Reckon(Drone, standing, stand, 60, 5)));
    }

    [Fact]
    public void A_wind_that_it_cannot_come_home_against_leaves_no_time_at_all()
    {
        var stand = Geodesic.Direct(Home, 90, 3000);
        var standing = new VehicleStanding(stand, 60, true, 100, Home);
        Assert.Equal(Now, Relief.LeaveBy(Now, Relief.Reckon(Drone, standing, stand, 60, Drone.MaxAirspeedMps + 1)));
    }

    [Theory]
    [InlineData(0, 300, 1)]
    [InlineData(1, 30, 1)]
    [InlineData(4, 120, 1)]
    [InlineData(7, 120, 1.7)]
    [InlineData(60, 120, 4)]
    public void A_drone_that_uses_more_than_its_type_is_reckoned_with_what_it_uses(double usedPercent, int seconds, double expected) =>
        Assert.Equal(expected, Relief.Thirst(Drone, usedPercent, TimeSpan.FromSeconds(seconds)), 1);

    [Fact]
    public void A_relief_is_asked_for_so_early_that_both_are_there_for_a_while() =>
        Assert.Equal(Now.AddSeconds(600 - 90) - Relief.Overlap, Relief.AskAt(Now.AddSeconds(600), 90));

    [Property(MaxTest = 200)]
    public void Drones_at_one_place_keep_their_height_apart_and_look_from_other_sides(short firstHome, short secondHome, short thirdHome, ushort from)
    {
        var ways = new Transit(new LocalPlane(Home), [], 15);
        List<double> heights = [];
        List<double> sides = [];
        foreach (var home in new[] { firstHome, secondHome, thirdHome }.Select(metres => metres % 60.0))
        {
            // Homes at heights that leave no room are told as such, and never squeezed in.
            if (SceneStand.Choose(Home, home, Geodesic.Direct(Home, from % 360, 2000), heights, sides, ways) is not { } stand)
                continue;
            Assert.All(heights, taken => Assert.True(Math.Abs(taken - home - stand.HeightM) >= SceneStand.SeparationM));
            Assert.All(sides, taken => Assert.True(SceneStand.Apart(taken, stand.BearingDeg!.Value) >= 80));
            heights.Add(home + stand.HeightM);
            sides.Add(stand.BearingDeg!.Value);
        }

        Assert.NotEmpty(heights);
    }
}
