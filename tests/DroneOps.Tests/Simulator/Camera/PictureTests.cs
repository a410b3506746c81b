using DroneOps.Simulator.Camera;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Simulator.Camera;

public sealed class PictureTests
{
    private const int Width = 640;
    private const int Height = 360;

    private static GroundView Above(double east, double north, double up, double yawDeg, double pitchDeg)
    {
        var city = CityMap.Sample.Frame.ToLocal(new(24.515286, 117.659715), 0);
        const double Radians = Math.PI / 180;
        return new(city.East + east, city.North + north, up, yawDeg * Radians, pitchDeg * Radians, 70 * Radians, Width, Height);
    }

    private static YuvPicture Ground(GroundView view, Palette? palette = null)
    {
        var picture = new YuvPicture(Width, Height);
        new GroundPicture(new TileStore(CityMap.Sample, palette ?? Palette.Day, 600)).Draw(view, picture);
        return picture;
    }

    /// <summary>How well the ground in one picture is found in the other where geometry says, -1..1.</summary>
    private static double Agreement(GroundView a, GroundView b)
    {
        var (one, other) = (Ground(a), Ground(b));
        var pairs = new List<(double A, double B)>();
        for (var y = 1; y < Height; y += 3)
        {
            for (var x = 1; x < Width; x += 3)
            {
                if (a.ToGround(x + 0.5, y + 0.5) is { } ground && b.ToPixel(ground.East, ground.North, 0) is { } pixel
                    && pixel is { X: > 1 and < Width - 1, Y: > 1 and < Height - 1 })
                    pairs.Add((one.Luma[(y * Width) + x], other.Luma[((int)pixel.Y * Width) + (int)pixel.X]));
            }
        }

        Assert.True(pairs.Count > 2000, $"the two pictures share {pairs.Count} points only");
        var (meanA, meanB) = (pairs.Average(p => p.A), pairs.Average(p => p.B));
        return pairs.Sum(p => (p.A - meanA) * (p.B - meanB))
            / Math.Sqrt(pairs.Sum(p => Math.Pow(p.A - meanA, 2)) * pairs.Sum(p => Math.Pow(p.B - meanB, 2)));
    }

    [Fact]
    public void The_picture_moves_with_the_drone_as_geometry_says()
    {
        var view = Above(0, 0, 80, 30, -45);

        Assert.InRange(Agreement(view, Above(8, 14, 80, 30, -45)), 0.85, 1);
        Assert.InRange(Agreement(view, Above(0, 0, 80, 55, -45)), 0.85, 1);
        Assert.InRange(Agreement(view, Above(0, 0, 95, 30, -60)), 0.85, 1);
        // And the check can fail: as if the drone had stood still, the pictures do not fit.
        var (before, after) = (Ground(view), Ground(Above(20, 30, 80, 30, -45)));
        Assert.True(Different(before, after) > 0.25);
    }

    private static double Different(YuvPicture a, YuvPicture b)
    {
        var different = 0;
        for (var i = 0; i < a.Luma.Length; i++)
            different += Math.Abs(a.Luma[i] - b.Luma[i]) > 8 ? 1 : 0;
        return different / (double)a.Luma.Length;
    }

    [Fact]
    public void A_street_lies_in_the_picture_where_the_map_has_it()
    {
        var map = CityMap.Sample;
        var view = Above(0, 0, 160, 0, -90);
        var streets = new List<MapStretch>();
        map.FindStretches(new((float)view.East - 110, (float)view.North - 60, (float)view.East + 110, (float)view.North + 60), streets);
        var picture = Ground(view);
        var asphalt = Palette.Day[Surface.Asphalt];
        var onStreet = new List<int>();
        foreach (var street in streets.Where(s => s.Kind.Surface == Surface.Asphalt))
        {
            for (var at = 0f; at < street.Length; at += 2)
            {
                // Beside the markings in the middle, away from parked cars.
                var along = street.Direction;
                var place = street.From + (along * at) + (new System.Numerics.Vector2(along.Y, -along.X) * 1.2f);
                if (view.ToPixel(place.X, place.Y, 0) is { } pixel && pixel is { X: > 0 and < Width, Y: > 0 and < Height })
                    onStreet.Add(picture.Luma[((int)pixel.Y * Width) + (int)pixel.X]);
            }
        }

        Assert.True(onStreet.Count > 40, $"{onStreet.Count} points of streets in the picture");
        Assert.True(onStreet.Count(luma => Math.Abs(luma - asphalt.Y) < 12 || luma < asphalt.Y) > onStreet.Count * 0.8);
    }

    [Fact]
    public void The_same_view_at_the_same_time_is_the_same_picture()
    {
        var view = Above(30, -20, 60, 200, -35);
        var (one, other) = (new YuvPicture(Width, Height), new YuvPicture(Width, Height));
        new Scene(new TileStore(CityMap.Sample, Palette.Day, 600), 5, Width, Height).Draw(view, 1234.5, one);
        new Scene(new TileStore(CityMap.Sample, Palette.Day, 600), 5, Width, Height).Draw(view, 1234.5, other);

        Assert.True(one.Data.Span.SequenceEqual(other.Data.Span));
    }

    [Fact]
    public void Cars_move_while_the_camera_stands_still()
    {
        var view = Above(0, 0, 120, 0, -90);
        var scene = new Scene(new TileStore(CityMap.Sample, Palette.Day, 600), 5, Width, Height);
        var (one, other) = (new YuvPicture(Width, Height), new YuvPicture(Width, Height));
        scene.Draw(view, 100, one);
        scene.Draw(view, 101, other);

        Assert.InRange(Different(one, other), 0.0003, 0.05);
    }

    [Fact]
    public void A_thermal_picture_has_no_colour_and_shows_engines_and_people_bright()
    {
        var view = Above(0, 0, 80, 30, -45);
        var picture = new YuvPicture(Width, Height);
        new Scene(new TileStore(CityMap.Sample, Palette.Thermal, 600), 5, Width, Height).Draw(view, 100, picture);

        Assert.Equal(-1, picture.Blue.IndexOfAnyExcept((byte)128));
        Assert.Equal(-1, picture.Red.IndexOfAnyExcept((byte)128));
        Assert.Contains(picture.Luma.ToArray(), luma => luma > 200);
        Assert.InRange(Ground(view, Palette.Thermal).Luma.ToArray().Average(luma => luma), 60, 150);
    }

    [Fact]
    public void Sky_is_seen_above_the_horizon()
    {
        var picture = Ground(Above(0, 0, 60, 90, -5));

        Assert.InRange(picture.Blue[0], 135, 255);
        Assert.NotEqual(picture.Luma[0], picture.Luma[(Height - 1) * Width]);
    }

    [Property]
    public bool The_bars_give_back_the_time(int seed)
    {
        var random = new Random(seed);
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.Next(86_400_000));
        var picture = new YuvPicture(random.Next(160, 960) * 2, random.Next(90, 540) * 2);
        picture.Fill(new Tint(120, 90, 160));
        Inscription.Write(picture, at, "DRONE 1");

        return Inscription.Read(picture.Luma, picture.Width, picture.Height) == Inscription.MillisecondsOfDay(at);
    }

    [Fact]
    public void A_picture_without_bars_has_no_time()
    {
        var picture = new YuvPicture(Width, Height);
        picture.Fill(new Tint(120, 128, 128));

        Assert.Null(Inscription.Read(picture.Luma, Width, Height));
    }

    [Fact]
    public void A_map_in_a_folder_can_be_another_city()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "roads.geojson"), """
                { "type": "FeatureCollection", "features": [ { "type": "Feature", "properties": { "class": "primary" },
                  "geometry": { "type": "LineString", "coordinates": [[10.0, 50.0], [10.01, 50.0]] } } ] }
                """);
            var map = CityMap.Read(folder);
            var found = new List<MapStretch>();
            map.FindStretches(new(-10, -10, 10, 10), found);

            Assert.Equal(("primary", 715), (Assert.Single(found).Kind.Class, (int)found[0].Length));
            Assert.Equal((50.0, 10.005), (map.Frame.Origin.LatitudeDeg, Math.Round(map.Frame.Origin.LongitudeDeg, 6)));

            File.WriteAllText(Path.Combine(folder, "roads.geojson"), "{ \"features\": 1 }");
            Assert.Throws<DroneOps.Simulator.Scenarios.ScenarioException>(() => CityMap.Read(folder));
            File.Delete(Path.Combine(folder, "roads.geojson"));
            Assert.Throws<DroneOps.Simulator.Scenarios.ScenarioException>(() => CityMap.Read(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
