using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class GeodesicTests
{
    // From GeographicLib's own test set (C. Karney, geodtest): lat1, lon1, azi1, lat2, lon2, azi2, s12 on WGS-84.
    public static TheoryData<double, double, double, double, double, double, double> Karney => new()
    {
        { 35.60777, -139.44815, 111.098748429560326, -11.17491, -69.95921, 129.289270889708762, 8935244.5604818305 },
        { 55.52454, 106.05087, 22.020059880982801, 77.03196, 197.18234, 109.112041110671519, 4105086.1713924406 },
        { -21.97856, 142.59065, -32.44456876433189, 41.84138, 98.56635, -41.84359951440466, 8394328.894657671 },
        { -66.99028, 112.2363, 173.73491240878403, -12.70631, 285.90344, 2.512956620913668, 11150344.2312080241 },
        { -17.42761, 173.34268, -159.033557661192928, -15.84784, 5.93557, -20.787484651536988, 16076603.1631180673 },
    };

    [Theory]
    [MemberData(nameof(Karney))]
    public void Distance_and_azimuths_agree_with_published_geodesics(double lat1, double lon1, double azi1, double lat2, double lon2, double azi2, double s12)
    {
        var line = Geodesic.Inverse(new(lat1, lon1), new(lat2, lon2));

        Assert.Equal(s12, line.DistanceM, 1e-3);
        Assert.Equal(0, Math.IEEERemainder(line.StartAzimuthDeg - azi1, 360), 1e-7);
        Assert.Equal(0, Math.IEEERemainder(line.EndAzimuthDeg - azi2, 360), 1e-7);
    }

    [Theory]
    [MemberData(nameof(Karney))]
    public void Going_the_published_distance_arrives_at_the_published_place(double lat1, double lon1, double azi1, double lat2, double lon2, double azi2, double s12)
    {
        var reached = Geodesic.Direct(new(lat1, lon1), azi1, s12);

        Assert.Equal(lat2, reached.LatitudeDeg, 1e-8);
        Assert.Equal(0, Math.IEEERemainder(reached.LongitudeDeg - lon2, 360), 1e-8);
        Assert.True(double.IsFinite(azi2));
    }

    [Fact]
    public void Equal_points_are_no_distance_apart() => Assert.Equal(0, Geodesic.DistanceM(Zhangzhou.Centre, Zhangzhou.Centre));

    [Fact]
    public void Antipodal_points_get_the_great_circle_instead_of_an_endless_iteration() =>
        Assert.Equal(20_003_931, Geodesic.DistanceM(new(10, 20), new(-10, -160)), 110_000.0);

    // An independent conversion by AGI's STK: 33.5 N 74.75 E is 43S 476779 3706747 in UTM (scale 0.9996, central meridian 75 E).
    [Fact]
    public void The_plane_agrees_with_a_published_UTM_position_to_its_metre()
    {
        var plane = new LocalPlane(new(0, 75));

        var at = plane.ToPlane(new(33.5, 74.75));

        Assert.Equal(476779, 500_000 + (0.9996 * at.EastM), 1.0);
        Assert.Equal(3706747, 0.9996 * at.NorthM, 1.0);
    }

    [Property]
    public bool Plane_distances_within_20_km_agree_with_geodesics_to_ten_parts_in_a_million(int seed)
    {
        var random = new Random(seed);
        GeoPoint Near() => Zhangzhou.At(random.NextDouble() * 40_000 - 20_000, random.NextDouble() * 40_000 - 20_000);
        var (a, b) = (Near(), Near());

        var flat = Zhangzhou.Plane.ToPlane(a).DistanceTo(Zhangzhou.Plane.ToPlane(b));

        return Math.Abs(flat - Geodesic.DistanceM(a, b)) <= 1e-3 + (1e-5 * flat);
    }

    [Property]
    public bool Plane_and_ellipsoid_map_to_and_fro_within_a_micrometre(int seed)
    {
        var random = new Random(seed);
        var plane = new LocalPlane(new((random.NextDouble() * 170) - 85, (random.NextDouble() * 360) - 180));
        var at = new PlanePoint((random.NextDouble() * 200_000) - 100_000, (random.NextDouble() * 200_000) - 100_000);

        return plane.ToPlane(plane.ToGeo(at)).DistanceTo(at) < 1e-6;
    }

    [Fact]
    public void A_plane_around_points_on_both_sides_of_the_antimeridian_lies_between_them()
    {
        var plane = LocalPlane.Around([new(-17, 179.9), new(-17, -179.9)]);

        Assert.Equal(180, Math.Abs(plane.Origin.LongitudeDeg), 1e-9);
        Assert.True(plane.ToPlane(new(-17, 179.9)).DistanceTo(plane.ToPlane(new(-17, -179.9))) < 22_000);
    }
}
