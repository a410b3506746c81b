using DroneOps.Simulator.Camera;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Simulator.Camera;

public sealed class GroundViewTests
{
    private static GroundView ViewOf(Random random) => new(
        random.NextDouble() * 20_000,
        random.NextDouble() * 20_000,
        2 + (300 * random.NextDouble()),
        2 * Math.PI * random.NextDouble(),
        -Math.PI / 2 * random.NextDouble(),
        (10 + (70 * random.NextDouble())) * Math.PI / 180,
        1280,
        720);

    [Property(MaxTest = 500)]
    public bool A_pixel_on_the_ground_is_seen_where_it_was_taken_from(int seed)
    {
        var random = new Random(seed);
        var view = ViewOf(random);
        var (x, y) = (random.NextDouble() * 1280, random.NextDouble() * 720);
        if (view.ToGround(x, y) is not { } ground)
            return view.Pitch + Math.Atan(((view.Height / 2.0) - y) / view.Focal) >= -1e-6;

        // Close to the horizon a pixel is kilometres long, and the numbers end before the earth does.
        return Math.Abs(ground.East - view.East) + Math.Abs(ground.North - view.North) > 1e7
            || (view.ToPixel(ground.East, ground.North, 0) is { } pixel && Math.Abs(pixel.X - x) < 1e-3 && Math.Abs(pixel.Y - y) < 1e-3);
    }

    [Property(MaxTest = 500)]
    public bool A_place_in_the_picture_is_found_again_from_its_pixel(int seed)
    {
        var random = new Random(seed);
        var view = ViewOf(random);
        var reach = view.Up * 3 * random.NextDouble();
        var towards = 2 * Math.PI * random.NextDouble();
        var (east, north) = (view.East + (reach * Math.Sin(towards)), view.North + (reach * Math.Cos(towards)));
        if (view.ToPixel(east, north, 0) is not { } pixel)
            return true;

        return view.ToGround(pixel.X, pixel.Y) is { } ground && Math.Abs(ground.East - east) < 1e-3 && Math.Abs(ground.North - north) < 1e-3;
    }

    [Fact]
    public void Straight_down_the_upper_edge_lies_ahead_and_the_right_edge_to_the_right()
    {
        // Facing east from 100 m, 90 degrees wide: 100 m to each side.
        var view = new GroundView(0, 0, 100, Math.PI / 2, -Math.PI / 2, Math.PI / 2, 1000, 500);

        var (east, north) = view.ToGround(500, 0)!.Value;
        Assert.Equal((50, 0), (Math.Round(east, 6), Math.Round(north, 6)));
        (east, north) = view.ToGround(1000, 250)!.Value;
        Assert.Equal((0, -100), (Math.Round(east, 6), Math.Round(north, 6)));
    }

    [Fact]
    public void Above_the_horizon_there_is_no_ground()
    {
        var view = new GroundView(0, 0, 100, 0, -0.1, 1, 1280, 720);
        var horizon = 360 - (view.Focal * Math.Tan(0.1));

        Assert.Null(view.ToGround(640, horizon - 1));
        Assert.NotNull(view.ToGround(640, horizon + 1));
    }
}
