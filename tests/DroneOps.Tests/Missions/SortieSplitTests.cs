using DroneOps.Missions;
using DroneOps.Missions.Checks;
using DroneOps.Missions.Flight;
using DroneOps.Missions.Patterns;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class SortieSplitTests
{
    private static readonly CheckConditions Conditions = new()
    {
        Heights = HeightFrame.Flat(Zhangzhou.Launch),
        Airframe = AirframeProfile.PatrolQuad,
    };

    [Fact]
    public void A_grid_too_large_for_one_battery_becomes_sorties_that_each_pass_the_check()
    {
        var plan = Lawnmower.Plan("grid", Zhangzhou.Rectangle(2200, 2000), Zhangzhou.Sweep(90) with { Start = Zhangzhou.Centre }, []).Value;
        Assert.False(RouteCheck.Run(plan.Route, Conditions).IsFlyable);

        var sorties = SortieSplit.ByEnergy(plan.Route, Conditions)!;

        Assert.InRange(sorties.Count, 2, 4);
        Assert.All(sorties, sortie => Assert.True(RouteCheck.Run(sortie, Conditions).IsFlyable));
        Assert.Equal(plan.Route.Legs.Where(leg => leg.Camera == CameraDuty.Scene), sorties.SelectMany(sortie => sortie.Legs).Where(leg => leg.Camera == CameraDuty.Scene));
        Assert.Equal(["grid (1)", "grid (2)"], sorties.Take(2).Select(sortie => sortie.Name));
    }

    [Fact]
    public void A_route_that_lasts_stays_one()
    {
        var route = Zhangzhou.Route(Zhangzhou.Leg(500, 0));

        Assert.Same(route, Assert.Single(SortieSplit.ByEnergy(route, Conditions)!));
    }

    [Fact]
    public void A_leg_too_far_for_any_flight_cannot_be_split() =>
        Assert.Null(SortieSplit.ByEnergy(Zhangzhou.Route(Zhangzhou.Leg(30_000, 0)), Conditions));

    [Property(MaxTest = 30)]
    public bool Every_sortie_works_from_where_the_work_before_it_ended(int seed)
    {
        var random = new Random(seed);
        var plan = Lawnmower.Plan("grid", Zhangzhou.Rectangle(500 + random.Next(2000), 500 + random.Next(2000)), Zhangzhou.Sweep(60 + random.Next(60)), []).Value;
        var sorties = SortieSplit.ByEnergy(plan.Route, Conditions)!;
        foreach (var sortie in sorties)
        {
            for (var i = 0; i < sortie.Legs.Count; i++)
            {
                var leg = sortie.Legs[i];
                if (leg.Camera != CameraDuty.Scene)
                    continue;
                var index = plan.Route.Legs.ToList().IndexOf(leg);
                if (sortie.Legs[i - 1].To != plan.Route.Legs[index - 1].To)
                    return false;
            }
        }

        return true;
    }
}
