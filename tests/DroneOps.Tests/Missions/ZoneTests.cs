using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class ZoneTests
{
    private static readonly GeoPoint[] Square = [Zhangzhou.At(0, 0), Zhangzhou.At(100, 0), Zhangzhou.At(100, 100), Zhangzhou.At(0, 100)];

    public static TheoryData<GeoPoint[], string, string> Wrong => new()
    {
        { [Square[0], Square[1]], "area.tooFewPoints", "outer" },
        { [Square[0], Square[1], Square[0]], "area.tooFewPoints", "outer" },
        { [Square[0], Square[2], Square[1], Square[3]], "area.selfCrossing", "outer[0]" },
        { [Square[0], new(117.655, 24.513), Square[2]], "area.swapped", "outer[1]" },
        { [Square[0], new(24.5, 200), Square[2]], "area.outOfRange", "outer[1]" },
        { [Square[0], Square[1], new(double.NaN, 1)], "area.notANumber", "outer[2]" },
        { [Square[0], new(27, 117), Square[2]], "area.tooLarge", "outer" },
        { [Square[0], Square[1], Zhangzhou.At(50, 0.0001)], "area.noArea", "outer" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_shape_that_makes_no_sense_is_refused_with_the_place(GeoPoint[] ring, string code, string where)
    {
        var result = Area.Create(ring);

        Assert.Equal(code, result.Faults[0].Code);
        if (code != "area.selfCrossing")
            Assert.Equal(where, result.Faults[0].Where);
    }

    [Fact]
    public void A_hole_outside_the_outline_is_refused() =>
        Assert.Equal("area.holeOutside", Area.Create(Square, [[Zhangzhou.At(200, 0), Zhangzhou.At(210, 0), Zhangzhou.At(210, 10)]]).Faults[0].Code);

    [Fact]
    public void Too_many_points_are_refused_before_anything_is_computed() =>
        Assert.Equal("area.tooManyPoints", Area.Create([.. Enumerable.Range(0, 10_001).Select(i => Zhangzhou.At(i, i % 2))]).Faults[0].Code);

    [Fact]
    public void A_closing_point_and_repeated_points_are_dropped() =>
        Assert.Equal(Square, Area.Create([Square[0], Square[0], Square[1], Square[2], Square[3], Square[0]]).Value.Outer);

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(20_000)]
    public void A_corridor_needs_a_width_that_makes_sense(double width) =>
        Assert.Equal("corridor.width", Corridor.Create([Square[0], Square[1]], width).Faults[0].Code);

    [Fact]
    public void The_shortest_way_around_a_square_touches_its_grown_corners()
    {
        var transit = new Transit(Zhangzhou.Plane, [Zhangzhou.KeepOut("block", (100, -50), (200, -50), (200, 80), (100, 80))], 10);
        var way = transit.Way(Zhangzhou.At(0, 0), Zhangzhou.At(300, 0))!;

        Assert.Equal(4, way.Count);
        var length = way.Zip(way.Skip(1)).Sum(pair => Geodesic.DistanceM(pair.First, pair.Second));

        // The margin, and the 1.6 m by which outlines are grown to be straightened.
        const double Grown = 11.6;
        Assert.Equal(100 + (2 * Grown) + (2 * Math.Sqrt(Math.Pow(100 - Grown, 2) + Math.Pow(50 + Grown, 2))), length, 0.05);
    }

    [Property(MaxTest = 60)]
    public bool A_way_keeps_the_margin_and_is_never_shorter_than_the_straight_line(int seed)
    {
        var random = new Random(seed);
        var zones = Enumerable.Range(0, 6).Select(i => Zhangzhou.Circle($"z{i}", ZoneEffect.KeepOut, random.Next(-400, 400), random.Next(-400, 400), random.Next(20, 120))).ToArray();
        var transit = new Transit(Zhangzhou.Plane, zones, 10);
        var (from, to) = (Zhangzhou.At(-700, random.Next(-300, 300)), Zhangzhou.At(700, random.Next(-300, 300)));
        var way = transit.Way(from, to)!;

        // Its ends to the last bit: whoever flies it must not take where he is for a first corner to stop at.
        return way[0] == from && way[^1] == to
            && way.Zip(way.Skip(1)).All(pair => transit.IsFree(pair.First, pair.Second))
            && way.Zip(way.Skip(1)).Sum(pair => Geodesic.DistanceM(pair.First, pair.Second)) >= Geodesic.DistanceM(from, to) - 0.01;
    }

    [Fact]
    public void Recording_stops_inside_no_record_zones_and_goes_on_behind_them()
    {
        GeoZone[] zones = [Zhangzhou.Circle("hotel", ZoneEffect.NoRecord, 500, 0, 40)];
        var route = Zhangzhou.Route(Zhangzhou.Leg(1000, 0, 60) with { Camera = CameraDuty.Scene, CameraPitchDeg = -90 });

        var split = NoRecordSplit.Apply(route, Zhangzhou.Launch, zones, 20);

        Assert.Equal([CameraDuty.Scene, CameraDuty.NoRecord, CameraDuty.Scene], split.Legs.Select(leg => leg.Camera));
        Assert.Equal(440, Zhangzhou.Plane.ToPlane(split.Legs[0].To).EastM, 0.2);
        Assert.Equal(560, Zhangzhou.Plane.ToPlane(split.Legs[1].To).EastM, 0.2);
        Assert.Equal(route.Legs[0], split.Legs[2]);
    }

    [Property(MaxTest = 60)]
    public bool A_split_route_never_records_in_a_no_record_zone(int seed)
    {
        var random = new Random(seed);
        var zones = Enumerable.Range(0, 4).Select(i => Zhangzhou.Circle($"z{i}", ZoneEffect.NoRecord, random.Next(-2000, 2000), random.Next(-2000, 2000), random.Next(50, 900))).ToArray();
        var split = NoRecordSplit.Apply(AnyPlan.Route(seed), Zhangzhou.Launch, zones, 1);
        var report = RouteCheck.Run(split, new() { Heights = HeightFrame.Flat(Zhangzhou.Launch), Airframe = AirframeProfile.PatrolQuad, Zones = zones });

        return !report.Findings.Any(finding => finding.Rule == RouteRule.RecordsInNoRecord);
    }
}
