using DroneOps.Media.Klv;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>What the metadata of a picture becomes on the map.</summary>
public sealed class MetadataViewTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly UavMetadata Level = new()
    {
        At = At.AddHours(-5),
        PlatformHeadingDeg = 90,
        PlatformPitchDeg = 0,
        PlatformRollDeg = 0,
        Sensor = new(24.513, 117.655),
        SensorAltitudeAmslM = 120,
        SensorRelativeAzimuthDeg = 0,
        SensorRelativeElevationDeg = -45,
        SensorRelativeRollDeg = 0,
        HorizontalFieldOfViewDeg = 60,
        VerticalFieldOfViewDeg = 35,
        FrameCenterElevationAmslM = 20,
    };

    [Fact]
    public void Without_a_stated_middle_it_follows_from_the_angles()
    {
        var view = MetadataView.Of(Level, At)!;
        Assert.Equal((At, 90.0, -45.0, 60.0), (view.At, view.HeadingDeg, view.PitchDeg, view.FovDeg));
        var line = Geodesic.Inverse(view.Camera, view.Center!.Value);
        Assert.Equal((100, 90), (line.DistanceM, line.StartAzimuthDeg), Near);
        Assert.Equal(4, view.Footprint!.Count);
    }

    [Fact]
    public void What_the_camera_states_goes_before_what_follows_from_its_angles()
    {
        var view = MetadataView.Of(Level with { FrameCenter = new(24.514, 117.656), Corners = new(new(1, 2), new(3, 4), new(5, 6), new(7, 8)) }, At)!;
        Assert.Equal((24.514, 117.656), (view.Center!.Value.LatitudeDeg, view.Center.Value.LongitudeDeg));
        Assert.Equal([2.0, 4, 6, 8], view.Footprint!.Select(corner => corner.LongitudeDeg));
    }

    [Fact]
    public void A_turned_gimbal_on_a_leaning_drone_looks_where_both_together_point()
    {
        // Nose down by 20 degrees while the camera is held 25 degrees below that: 45 in all.
        var view = MetadataView.Of(Level with { PlatformPitchDeg = -20, SensorRelativeElevationDeg = -25 }, At)!;
        Assert.Equal((90.0, -45.0), (view.HeadingDeg, view.PitchDeg));
        var aside = MetadataView.Of(Level with { SensorRelativeAzimuthDeg = 270 }, At)!;
        Assert.Equal(0.0, aside.HeadingDeg!.Value % 360, 0.01);
    }

    [Fact]
    public void Metadata_without_a_place_or_without_angles_says_what_it_knows()
    {
        Assert.Null(MetadataView.Of(Level with { Sensor = null }, At));
        var view = MetadataView.Of(Level with { PlatformHeadingDeg = null }, At)!;
        Assert.Equal((null, null), (view.HeadingDeg, view.Center));
    }

    private static readonly IEqualityComparer<(double, double)> Near = EqualityComparer<(double, double)>.Create(
        (a, b) => Math.Abs(a.Item1 - b.Item1) < 0.1 && Math.Abs(a.Item2 - b.Item2) < 0.1);
}
