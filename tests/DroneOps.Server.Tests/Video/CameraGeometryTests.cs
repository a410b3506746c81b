using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>What a camera sees of flat ground.</summary>
public sealed class CameraGeometryTests
{
    private static readonly GeoPoint Here = new(24.513, 117.655);
    private static readonly DateTimeOffset At = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 90)]
    [InlineData(225, 225)]
    public void A_camera_that_looks_down_at_45_degrees_sees_as_far_ahead_as_it_is_high(double yaw, double bearing)
    {
        var view = CameraGeometry.Look(At, Pose(100, Rotation.Of(yaw, -45, 0)), 20);
        Assert.Equal((yaw, -45), (view.HeadingDeg, view.PitchDeg));
        var line = Geodesic.Inverse(Here, view.Center!.Value);
        Assert.Equal(80, line.DistanceM, 0.01);
        Assert.Equal(bearing, (line.StartAzimuthDeg + 360) % 360, 0.01);
    }

    [Fact]
    public void A_camera_that_looks_straight_down_sees_a_rectangle_around_itself()
    {
        var view = CameraGeometry.Look(At, Pose(50, Rotation.Of(0, -90, 0), 90, 60), 0);
        Assert.Equal(-90, view.PitchDeg);
        Assert.Equal(0, Geodesic.DistanceM(Here, view.Center!.Value), 0.01);
        // 50 m to the sides (tan 45°), 28.87 m fore and aft (tan 30°).
        var half = Math.Sqrt((50 * 50) + (28.8675 * 28.8675));
        Assert.All(view.Footprint!, corner => Assert.Equal(half, Geodesic.DistanceM(Here, corner), 0.01));
        Assert.True(view.Footprint![0].LatitudeDeg > Here.LatitudeDeg && view.Footprint[0].LongitudeDeg < Here.LongitudeDeg);
        Assert.True(view.Footprint[2].LatitudeDeg < Here.LatitudeDeg && view.Footprint[2].LongitudeDeg > Here.LongitudeDeg);
    }

    [Fact]
    public void A_gimbal_turns_against_the_platform()
    {
        // The platform flies east with its nose 10° down; the camera is turned 90° to the right and 35° down: it looks south.
        var turn = Rotation.Of(90, 0, 0).Then(Rotation.Of(90, -35, 0));
        var view = CameraGeometry.Look(At, Pose(100, turn), 0);
        Assert.Equal((180, -35), (view.HeadingDeg, view.PitchDeg));

        // Straight ahead in a platform whose nose is 10° down it looks 10° down.
        var ahead = CameraGeometry.Look(At, Pose(100, Rotation.Of(90, -10, 0).Then(Rotation.Of(0, 0, 0))), 0);
        Assert.Equal((90, -10), (ahead.HeadingDeg, ahead.PitchDeg));

        // To the right of a platform that is rolled 20° to the right it looks 20° down.
        var aside = CameraGeometry.Look(At, Pose(100, Rotation.Of(0, 0, 20).Then(Rotation.Of(90, 0, 0))), 0);
        Assert.Equal((90, -20), (aside.HeadingDeg, aside.PitchDeg));
    }

    [Fact]
    public void A_picture_with_sky_in_it_has_no_footprint()
    {
        var view = CameraGeometry.Look(At, Pose(100, Rotation.Of(0, -10, 0), 60, 40), 0);
        Assert.Null(view.Footprint);
        Assert.Equal(567.13, Geodesic.DistanceM(Here, view.Center!.Value), 0.01);
        Assert.Null(CameraGeometry.Look(At, Pose(100, Rotation.Of(0, 5, 0)), 0).Center);
        Assert.Null(CameraGeometry.Look(At, Pose(100, Rotation.Of(0, -0.1, 0)), 0).Center);
    }

    [Fact]
    public void Without_the_height_of_the_ground_nothing_is_said_of_it()
    {
        var view = CameraGeometry.Look(At, Pose(100, Rotation.Of(10, -45, 0), 60, 40), null);
        Assert.Null(view.Center);
        Assert.Null(view.Footprint);
        Assert.Equal((10, -45), (view.HeadingDeg, view.PitchDeg));
        Assert.Null(CameraGeometry.Look(At, Pose(100, Rotation.Of(10, -45, 0)), 120).Center);
    }

    private static CameraPose Pose(double altitude, Rotation turn, double? horizontal = null, double? vertical = null) => new(Here, altitude, turn, horizontal, vertical);
}
