using DroneOps.Mavlink;
using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Zones;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class RouteCheckTests
{
    private static readonly CheckConditions Open = new()
    {
        Heights = HeightFrame.Flat(Zhangzhou.Launch),
        Airframe = AirframeProfile.PatrolQuad,
    };

    private static readonly DateTimeOffset Noon = new(2026, 9, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_sound_route_is_flyable_and_lands_with_what_it_says()
    {
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(500, 0), Zhangzhou.Leg(500, 500)), Open);

        Assert.True(report.IsFlyable);
        Assert.Equal([RouteRule.GroundAssumedFlat], report.Findings.Select(finding => finding.Rule));
        Assert.Equal(100 - (report.Estimate!.Total.EnergyWh / 149 * 100), report.BatteryAtLandingPercent!.Value, 1e-9);
    }

    [Fact]
    public void A_leg_between_two_free_points_that_crosses_a_zone_is_found()
    {
        var zone = Zhangzhou.KeepOut("school", (400, -50), (450, -50), (450, 50), (400, 50));
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(300, 200), Zhangzhou.Leg(300, 0), Zhangzhou.Leg(600, 0)), Open with { Zones = [zone] });

        var finding = Assert.Single(report.Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
        Assert.Equal((2, "school", FindingSeverity.Error), (finding.LegIndex, finding.ZoneId, finding.Severity));
        Assert.Equal(70, finding.Amount, 0.5);
        Assert.True(Geodesic.DistanceM(finding.Where!.Value, Zhangzhou.At(390, 0)) < 0.5);
        Assert.Equal("route.entersKeepOut", finding.Code);
    }

    [Fact]
    public void A_leg_climbing_over_a_low_zone_is_clipped_by_its_ceiling()
    {
        // Crosses the zone between 40 m and 44 m while climbing from 30 to 50 along 1000 m.
        var low = Zhangzhou.KeepOut("low", (500, -50), (700, -50), (700, 50), (500, 50)) with { Ceiling = Altitude.Relative(39) };
        var route = Zhangzhou.Route(Zhangzhou.Leg(1, 0, 30), Zhangzhou.Leg(1000, 0, 50));

        Assert.DoesNotContain(RouteCheck.Run(route, Open with { Zones = [low] }).Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
        Assert.Contains(RouteCheck.Run(route, Open with { Zones = [low with { Ceiling = Altitude.Relative(41) }] }).Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
        Assert.DoesNotContain(RouteCheck.Run(route, Open with { Zones = [low with { Ceiling = Altitude.Amsl(51) }] }).Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
    }

    [Fact]
    public void A_circle_is_checked_all_round_and_not_only_at_its_entry()
    {
        var zone = Zhangzhou.Circle("tower", ZoneEffect.KeepOut, 500, 95, 20);
        var leg = Zhangzhou.Leg(500, -60) with { Orbit = new(Zhangzhou.At(500, 0), 60, 1, true) };
        var report = RouteCheck.Run(Zhangzhou.Route(leg), Open with { Zones = [zone], MarginM = 20 });

        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.EntersKeepOut && finding.LegIndex == 0);
    }

    [Fact]
    public void The_way_home_from_the_middle_of_a_leg_is_checked_though_both_its_ends_are_free()
    {
        // Home is the origin; the leg runs along x = 600 from y = -300 to 300; the zone lies between home and the leg's middle.
        var zone = Zhangzhou.Circle("hospital", ZoneEffect.KeepOut, 300, 0, 30);
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(600, -300), Zhangzhou.Leg(600, 300)), Open with { Zones = [zone] });

        var finding = Assert.Single(report.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal((RouteRule.WayHomeEntersKeepOut, 1), (finding.Rule, finding.LegIndex));
    }

    [Fact]
    public void A_zone_above_the_leg_but_below_the_return_height_is_in_the_way_home()
    {
        var zone = Zhangzhou.Circle("bridge", ZoneEffect.KeepOut, 300, 0, 20) with { Floor = Altitude.Relative(50), Ceiling = Altitude.Relative(70) };
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(600, 0, 30)), Open with { Zones = [zone] });

        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.WayHomeEntersKeepOut);
        Assert.DoesNotContain(report.Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
    }

    [Fact]
    public void Leaving_the_keep_in_zones_is_found_and_their_union_counts()
    {
        var west = Zhangzhou.KeepIn("west", (-100, -100), (320, -100), (320, 100), (-100, 100));
        var east = Zhangzhou.KeepIn("east", (280, -100), (700, -100), (700, 100), (280, 100));
        var inside = Zhangzhou.Route(Zhangzhou.Leg(600, 0));
        var outside = Zhangzhou.Route(Zhangzhou.Leg(650, 0), Zhangzhou.Leg(750, 0));

        Assert.True(RouteCheck.Run(inside, Open with { Zones = [west, east] }).IsFlyable);
        Assert.Contains(RouteCheck.Run(outside, Open with { Zones = [west, east] }).Findings, finding => finding is { Rule: RouteRule.LeavesKeepIn, LegIndex: 1, Amount: > 59 and < 61 });
        Assert.Contains(RouteCheck.Run(inside, Open with { Zones = [west] }).Findings, finding => finding.Rule == RouteRule.LeavesKeepIn);
    }

    [Fact]
    public void A_zone_counts_only_while_it_holds_and_always_when_the_start_is_not_known()
    {
        var zone = Zhangzhou.Circle("event", ZoneEffect.KeepOut, 500, 0, 40) with { Windows = [new(Noon, Noon.AddHours(2))] };
        var route = Zhangzhou.Route(Zhangzhou.Leg(800, 0));
        RouteReport At(DateTimeOffset? start) => RouteCheck.Run(route, Open with { Zones = [zone], StartsAt = start });

        Assert.False(At(Noon.AddMinutes(30)).IsFlyable);
        Assert.True(At(Noon.AddHours(2)).IsFlyable);
        Assert.True(At(Noon.AddHours(-1)).IsFlyable);

        // The leg passes 60 s after lift-off, into the window.
        Assert.False(At(Noon.AddSeconds(-60)).IsFlyable);
        Assert.False(At(null).IsFlyable);
        Assert.Contains(At(null).Findings, finding => finding.Rule == RouteRule.StartTimeUnknown);
    }

    [Fact]
    public void Recording_in_a_no_record_zone_is_an_error_and_passing_it_is_not()
    {
        var zone = Zhangzhou.Circle("hotel", ZoneEffect.NoRecord, 500, 0, 40);
        RouteReport With(CameraDuty duty) => RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(800, 0) with { Camera = duty }), Open with { Zones = [zone] });

        Assert.Contains(With(CameraDuty.Scene).Findings, finding => finding is { Rule: RouteRule.RecordsInNoRecord, Amount: > 79 and < 81 });
        Assert.True(With(CameraDuty.NoRecord).IsFlyable);
    }

    [Fact]
    public void Heights_above_the_ceiling_are_found_by_datum_and_terrain()
    {
        RouteReport With(Altitude altitude, Func<GeoPoint, double?>? terrain) => RouteCheck.Run(
            Zhangzhou.Route(Zhangzhou.Leg(500, 0) with { Altitude = altitude }),
            Open with { Heights = new(Zhangzhou.Launch, terrain, geoidUndulationM: null), Airframe = Open.Airframe with { ReturnHeightM = 30 } });
        bool Over(RouteReport report) => report.Findings.Any(finding => finding.Rule == RouteRule.AboveCeiling);

        Assert.True(Over(With(Altitude.Relative(121), null)));
        Assert.False(Over(With(Altitude.Relative(119), null)));
        Assert.False(Over(With(Altitude.Amsl(131), null)));
        Assert.True(Over(With(Altitude.Amsl(133), null)));

        // The ground falls 30 m towards the east.
        Assert.True(Over(With(Altitude.Relative(100), at => 12 - (0.06 * Zhangzhou.Plane.ToPlane(at).EastM))));
        Assert.Contains(With(Altitude.Ellipsoid(100), null).Findings, finding => finding.Rule == RouteRule.HeightUnknown);
    }

    [Fact]
    public void Hidden_ground_between_two_clear_ends_is_found()
    {
        // A hill 55 m above home half way.
        var heights = new HeightFrame(Zhangzhou.Launch, at => 12 + (Math.Abs(Zhangzhou.Plane.ToPlane(at).EastM - 500) < 60 ? 55 : 0), geoidUndulationM: null);
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(1000, 0)), Open with { Heights = heights });

        Assert.Contains(report.Findings, finding => finding is { Rule: RouteRule.TooLow, Amount: > 4.9 and < 5.1 });
        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.WayHomeTooLow);
    }

    [Fact]
    public void A_route_too_long_for_the_battery_names_the_leg_where_the_way_home_is_lost()
    {
        RouteLeg[] legs = [.. Enumerable.Range(0, 16).Select(i => Zhangzhou.Leg(3000, i % 2 == 0 ? -1500 : 1500))];
        var report = RouteCheck.Run(Zhangzhou.Route(legs), Open);

        var lost = Assert.Single(report.Findings, finding => finding.Rule == RouteRule.WayHomeBelowReserve);
        Assert.InRange(lost.LegIndex!.Value, 5, 14);
        Assert.Contains(report.Findings, finding => finding.Rule is RouteRule.LandsBelowReserve or RouteRule.EnergyExhausted);
    }

    [Fact]
    public void Wind_that_cannot_be_held_is_an_error_and_not_an_endless_flight()
    {
        var report = RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(800, 0)), Open with { Wind = Wind.From(22, 0) });

        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.WindAboveLimit);
        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.WindTooStrong);
    }

    [Fact]
    public void Wrong_figures_are_named_and_nothing_is_estimated_from_them()
    {
        var bad = Zhangzhou.Route(
            new() { To = new(double.NaN, 117), Altitude = Altitude.Relative(50) },
            Zhangzhou.Leg(0, 100) with { SpeedMps = -1 },
            Zhangzhou.Leg(0, 100) with { Orbit = new(Zhangzhou.At(0, 0), 50, 1, true) },
            Zhangzhou.Leg(0, 100, double.PositiveInfinity),
            Zhangzhou.Leg(0, 100) with { Dwell = TimeSpan.FromSeconds(-1) });
        var report = RouteCheck.Run(bad, Open);

        Assert.Null(report.Estimate);
        Assert.Equal(
            [(0, RouteRule.PositionInvalid), (1, RouteRule.SpeedOutOfRange), (2, RouteRule.OrbitInvalid), (3, RouteRule.HeightUnknown), (4, RouteRule.DwellInvalid)],
            report.Findings.Select(finding => (finding.LegIndex!.Value, finding.Rule)));
        Assert.Equal(RouteRule.NoLegs, RouteCheck.Run(Zhangzhou.Route(), Open).Findings[0].Rule);
        Assert.Contains(RouteCheck.Run(Zhangzhou.Route(Zhangzhou.Leg(90_000, 0)), Open).Findings, finding => finding.Rule == RouteRule.LegTooLong);
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own()
    {
        var codes = Enum.GetValues<RouteRule>().Select(RouteRules.Code).ToArray();

        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(codes, code => Assert.Matches("^route\\.[a-z][A-Za-z]+$", code));
    }
}
