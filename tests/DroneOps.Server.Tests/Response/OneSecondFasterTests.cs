using DroneOps.Server.Incidents;
using DroneOps.Server.Response;

namespace DroneOps.Server.Tests.Response;

/// <summary>A response taken apart.</summary>
public sealed class OneSecondFasterTests
{
    private static readonly UsualTimes Usual = new(12, 4, 20, 18, 50);

    [Fact]
    public void The_parts_of_a_complete_axis_add_up_to_the_time_from_the_call_to_the_scene()
    {
        var random = new Random(110);
        for (var round = 0; round < 500; round++)
        {
            double created = random.Next(30), assigned = created + random.Next(60), airborne = assigned + random.Next(60), onScene = airborne + random.Next(200);
            var axis = Axis((IncidentStage.IncidentCreated, created), (IncidentStage.DroneAssigned, assigned), (IncidentStage.DroneAirborne, airborne), (IncidentStage.DroneOnScene, onScene));
            var parts = OneSecondFaster.Parts(axis, Decision(climbS: random.Next(20), detourS: random.Next(40)), Usual);
            Assert.Equal(onScene, parts.Where(part => part.Part != ResponsePart.Choice).Sum(part => part.TookS!.Value), 6);
            Assert.All(parts, part => Assert.True(part.TookS >= 0 && part.GainS >= 0 && part.GainS <= part.TookS, $"{part}"));
        }
    }

    [Fact]
    public void A_lever_gives_what_a_part_took_over_the_usual_and_nothing_where_it_was_quicker()
    {
        var parts = OneSecondFaster.Parts(Axis((IncidentStage.IncidentCreated, 10), (IncidentStage.DroneAssigned, 15)), null, Usual);
        Assert.Equal(new PartFigures(ResponsePart.Intake, 10, 4, ResponseLever.AutomaticIntake, 6), parts[0]);
        Assert.Equal(new PartFigures(ResponsePart.Decision, 5, 20, ResponseLever.AutomaticDispatch, 0), parts[1]);
    }

    [Fact]
    public void What_is_not_known_is_not_invented()
    {
        var parts = OneSecondFaster.Parts(Axis((IncidentStage.DroneAirborne, 40), (IncidentStage.DroneOnScene, 90)), null, Usual);
        Assert.All(parts, part => Assert.True(part is { TookS: null, GainS: null }, $"{part}"));
    }

    [Fact]
    public void The_choice_is_weighed_against_the_best_that_was_offered_at_that_instant()
    {
        var decision = Decision(0, 0, new("1", "UAV-01", 2, 44, 50, null), new("2", "UAV-02", 1, 40.5, 49, null), new("3", "UAV-03", null, null, null, "It is grounded."));
        Assert.Equal(new PartFigures(ResponsePart.Choice, 44, 40.5, ResponseLever.BestOffered, 3.5), OneSecondFaster.Parts(Axis(), decision, Usual)[^1]);
    }

    [Fact]
    public void A_response_is_explained_by_the_decision_for_the_drone_that_came_first()
    {
        var axis = Axis((IncidentStage.DroneOnScene, 75));
        var (first, second, late) = (Sent("1", 10), Sent("2", 15), Sent("1", 200));
        DispatchDecision[] decisions = [first, second, late];
        Assert.Same(first, OneSecondFaster.DecisionOf(axis, decisions, [Drone("1", 75), Drone("2", 80)]));
        Assert.Same(second, OneSecondFaster.DecisionOf(axis, decisions, [Drone("1", null), Drone("2", 75)]));

        // By hand, by a drone whose decision was not kept, or not at all.
        Assert.Same(second, OneSecondFaster.DecisionOf(axis, decisions, [Drone("1", null), Drone("2", null)]));
        Assert.Same(second, OneSecondFaster.DecisionOf(axis, decisions, [Drone("3", 75)]));
        Assert.Same(late, OneSecondFaster.DecisionOf(Axis(), decisions, [Drone("1", null)]));
    }

    private static byte[] Axis(params (IncidentStage Stage, double AfterS)[] reached) => TallyTests.Row(reached).Axis;

    private static DispatchDecision Sent(string vehicleId, double afterS) => Decision(vehicleId, TallyTests.Call.AddSeconds(afterS), 0, 0);

    private static IncidentDrone Drone(string vehicleId, double? cameAfterS) =>
        new(vehicleId, DroneRole.Primary, TallyTests.Call, new(SceneTaskKind.Hover, 60)) { OnSceneAt = cameAfterS is { } after ? TallyTests.Call.AddSeconds(after) : null };

    private static DispatchDecision Decision(double climbS, double detourS, params ConsideredDrone[] considered) => Decision("1", DateTimeOffset.UnixEpoch, climbS, detourS, considered);

    private static DispatchDecision Decision(string vehicleId, DateTimeOffset at, double climbS, double detourS, params ConsideredDrone[] considered) => new()
    {
        Id = Guid.NewGuid(),
        IncidentId = Guid.NewGuid(),
        At = at,
        Actor = "test",
        VehicleId = vehicleId,
        StraightM = 900,
        ClimbS = climbS,
        DetourS = detourS,
        Considered = considered.Length > 0 ? [.. considered] : [new("1", "UAV-01", 1, 40, 50, null)],
    };
}
