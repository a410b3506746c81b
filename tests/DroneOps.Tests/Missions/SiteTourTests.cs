using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Geodesy;
using DroneOps.Missions.Patterns;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class SiteTourTests
{
    private static readonly TourSettings Settings = new() { Start = Zhangzhou.Centre };

    private static Site Site(double east, double north, double radius = 40) => new($"{east},{north}", Zhangzhou.At(east, north)) { OrbitRadiusM = radius };

    [Fact]
    public void Sites_on_a_ring_are_visited_around_it()
    {
        Site[] sites = [Site(500, 0, 0), Site(-500, 0, 0), Site(0, 500, 0), Site(0, -500, 0)];

        var plan = SiteTour.Plan("ring", sites, Settings with { Start = Zhangzhou.At(400, -400) }, []).Value;

        Assert.Equal([0, 2, 1, 3], plan.Order[0] == 0 ? plan.Order : plan.Order.Reverse());
        Assert.Equal((3 * 500 * Math.Sqrt(2)) + (2 * Math.Sqrt(170_000)), plan.LengthM, 0.1);
    }

    [Fact]
    public void A_circle_is_entered_along_its_tangent_and_flown_on_in_the_same_direction()
    {
        var plan = SiteTour.Plan("one", [Site(500, 0)], Settings, []).Value;

        var orbit = plan.Route.Legs[^1].Orbit!;
        var entry = Zhangzhou.Plane.ToPlane(plan.Route.Legs[^1].To);
        var centre = Zhangzhou.Plane.ToPlane(orbit.Centre);
        Assert.Equal(40, entry.DistanceTo(centre), 0.01);

        // At right angles to the radius, and with the centre on the right exactly when flown clockwise.
        var cross = (entry.EastM * (centre.NorthM - entry.NorthM)) - (entry.NorthM * (centre.EastM - entry.EastM));
        Assert.Equal(0, ((entry.EastM * (centre.EastM - entry.EastM)) + (entry.NorthM * (centre.NorthM - entry.NorthM))) / 500 / 40, 0.001);
        Assert.Equal(orbit.Clockwise, cross < 0);
        Assert.Equal([CameraDuty.Transit, CameraDuty.Scene], plan.Route.Legs.Select(leg => leg.Camera));
    }

    [Property(MaxTest = 40)]
    public bool The_heuristic_is_within_a_quarter_of_the_exact_tour_on_small_instances(int seed, bool isClosed)
    {
        var cost = Costs(new(seed), 2, 9);
        var exact = TourSolver.Length(cost, TourSolver.Exact(cost, isClosed), isClosed);
        var found = TourSolver.Length(cost, TourSolver.Heuristic(cost, isClosed), isClosed);

        return found >= exact - 1e-6 && found <= 1.25 * exact;
    }

    [Property(MaxTest = 20)]
    public bool The_exact_tour_is_no_longer_than_any_permutation(int seed, bool isClosed)
    {
        var cost = Costs(new(seed), 2, 6);
        var exact = TourSolver.Length(cost, TourSolver.Exact(cost, isClosed), isClosed);

        return Permutations([.. Enumerable.Range(1, cost.GetLength(0) - 1)]).All(order => TourSolver.Length(cost, order, isClosed) >= exact - 1e-9);
    }

    [Fact]
    public void Seventy_six_sites_make_a_tour_that_visits_each_once()
    {
        var random = new Random(76);
        Site[] sites = [.. Enumerable.Range(0, 76).Select(_ => Site(random.Next(-4000, 4000), random.Next(-4000, 4000)))];

        var plan = SiteTour.Plan("key sites", sites, Settings, []).Value;

        Assert.Equal(Enumerable.Range(0, 76), plan.Order.Order());

        // Random uniform points: the expected optimum is about 0.7124 sqrt(n A); 2-opt with Or-opt stays within a fifth.
        Assert.True(plan.LengthM < 1.2 * 0.7124 * Math.Sqrt(77) * 8000 * 1.1, $"{plan.LengthM:F0} m");
    }

    [Fact]
    public void The_way_to_a_site_behind_a_zone_goes_around_it_and_passes_the_check()
    {
        GeoZone[] zones = [Zhangzhou.KeepOut("block", (200, -100), (300, -100), (300, 100), (200, 100))];
        var plan = SiteTour.Plan("behind", [Site(600, 0)], Settings with { MarginM = 20 }, zones).Value;

        Assert.True(plan.Route.Legs.Count > 2);
        var report = RouteCheck.Run(plan.Route, new() { Heights = HeightFrame.Flat(Zhangzhou.Launch), Airframe = AirframeProfile.PatrolQuad, Zones = zones });
        Assert.DoesNotContain(report.Findings, finding => finding.Rule == RouteRule.EntersKeepOut);
        Assert.Contains(report.Findings, finding => finding.Rule == RouteRule.WayHomeEntersKeepOut);
    }

    [Fact]
    public void A_circle_that_a_zone_reaches_into_is_refused_by_name()
    {
        var result = SiteTour.Plan("blocked", [Site(100, 0), Site(600, 0)], Settings, [Zhangzhou.Circle("z", ZoneEffect.KeepOut, 650, 0, 20)]);

        Assert.Equal(("tour.orbitBlocked", "sites[1]"), (result.Faults[0].Code, result.Faults[0].Where));
    }

    [Fact]
    public void A_site_walled_in_by_zones_has_no_way()
    {
        var wall = new GeoZone("wall", "wall", ZoneEffect.KeepOut, ZoneShape.Polygon(
            [Zhangzhou.At(400, -200), Zhangzhou.At(800, -200), Zhangzhou.At(800, 200), Zhangzhou.At(400, 200)],
            [[Zhangzhou.At(500, -100), Zhangzhou.At(700, -100), Zhangzhou.At(700, 100), Zhangzhou.At(500, 100)]]).Value);

        Assert.Equal("tour.noWay", SiteTour.Plan("walled", [Site(600, 0, 20)], Settings, [wall]).Faults[0].Code);
    }

    private static double[,] Costs(Random random, int least, int most)
    {
        var places = Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => new PlanePoint(random.Next(1000), random.Next(1000))).ToArray();
        var cost = new double[places.Length, places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < places.Length; j++)
                cost[i, j] = places[i].DistanceTo(places[j]);
        }

        return cost;
    }

    private static IEnumerable<int[]> Permutations(int[] places)
    {
        if (places.Length <= 1)
            return [places];
        return places.SelectMany(first => Permutations([.. places.Where(place => place != first)]).Select(rest => (int[])[first, .. rest]));
    }
}
