using DroneOps.Server.Incidents;
using DroneOps.Server.Response;
using NetTopologySuite.Geometries;

namespace DroneOps.Server.Tests.Incidents;

/// <summary>The time axis of an incident that a call was merged into, and what remains of it when that is undone. Times are seconds after the earlier
/// call.</summary>
public sealed class MergedAxisTests
{
    private static readonly DateTimeOffset Call = new(2026, 5, 1, 2, 0, 0, TimeSpan.Zero);
    private static readonly SceneTask Hover = new(SceneTaskKind.Hover, 60, 20, 90);
    private static readonly SceneTask Orbit = new(SceneTaskKind.Orbit, 60, 60);
    private static readonly SceneTask Follow = new(SceneTaskKind.FollowUnit, 60, 20, 90, UnitCallSign: "Z-7");
    private static readonly SceneTask Watch = new(SceneTaskKind.WatchKeySite, 60, 20, 90, KeySiteId: "site");

    /// <summary>What a drone does, how many metres east the other call is, and whether it has arrived there, too.</summary>
    public static TheoryData<string, double, bool> Arrivals => new()
    {
        { "hover", 0, true }, { "hover", 55, true }, { "hover", 65, false }, { "hover", -25, false },
        { "orbit", 15, true }, { "orbit", 25, false }, { "follow", 1000, true }, { "watch", 1000, true },
    };

    [Fact]
    public void An_earlier_call_brings_its_entry_and_its_request_so_that_no_span_is_of_two_calls()
    {
        var (earlier, later) = (Incident(0, 4), Incident(300, 305));
        Reach(earlier, (IncidentStage.DroneRequested, 6), (IncidentStage.DroneAssigned, 20), (IncidentStage.DroneAirborne, 40));
        Reach(later, (IncidentStage.DroneRequested, 310));
        earlier.Send(new IncidentDrone("1", DroneRole.Primary, At(20), Hover));

        IncidentMerge.Apply(earlier, later, "test", "the same", At(600));
        Assert.Equal((4, 2, 14, 20), (Span(later, ResponseSpan.Intake), Span(later, ResponseSpan.Request), Span(later, ResponseSpan.Assignment), Span(later, ResponseSpan.Launch)));

        IncidentMerge.Undo(earlier, later, []);
        Assert.Equal([300, 305, 310, 600, 600], Reached(later));
        Assert.Equal([0, 4, 6, 20, 40], Reached(earlier));
    }

    [Theory]
    [MemberData(nameof(Arrivals))]
    public void A_drone_has_arrived_where_it_need_not_fly_on_to(string does, double eastM, bool hasArrived)
    {
        var (earlier, later) = (Incident(0, 4), Incident(300, 305, eastM));
        Reach(earlier, (IncidentStage.DroneRequested, 6), (IncidentStage.DroneAssigned, 20), (IncidentStage.DroneAirborne, 40), (IncidentStage.DroneOnScene, 75), (IncidentStage.FirstFrame, 76));
        var task = does switch { "hover" => Hover, "orbit" => Orbit, "follow" => Follow, _ => Watch };
        earlier.Send(new IncidentDrone("1", DroneRole.Primary, At(20), task) { State = DroneState.OnScene, OnSceneAt = At(75) });

        IncidentMerge.Apply(earlier, later, "test", "the same", At(600));
        Assert.Equal(hasArrived ? [0, 4, 6, 20, 40, 75, 76] : [0, 4, 6, 20, 40], Reached(later));

        IncidentMerge.Undo(earlier, later, []);
        Assert.Equal(hasArrived ? [300, 305, 600, 600, 600, 600, 600] : [300, 305, 600, 600, 600], Reached(later));
        Assert.Equal([0, 4, 6, 20, 40, 75, 76], Reached(earlier).Where(after => after != 600));
    }

    [Fact]
    public void The_wish_for_a_drone_that_nobody_fulfilled_goes_with_its_call()
    {
        var (earlier, later, other) = (Incident(0, 4), Incident(300, 305), Incident(400, 404));
        Reach(earlier, (IncidentStage.DroneRequested, 4));
        Reach(other, (IncidentStage.DroneRequested, 404));
        IncidentMerge.Apply(earlier, later, "test", "the same", At(600));
        IncidentMerge.Apply(other, later, "test", "the same", At(601));
        Assert.Equal([0, 4, 4], Reached(later));
        IncidentMerge.Undo(earlier, later, [other]);
        Assert.Equal([300, 305, 404], Reached(later));
        IncidentMerge.Undo(other, later, []);
        Assert.Equal([300, 305], Reached(later));
    }

    private static DateTimeOffset At(double afterS) => Call.AddSeconds(afterS);

    private static IncidentRecord Incident(double calledS, double enteredS, double eastM = 0)
    {
        const double MetresPerDegree = 101_300;
        var incident = new IncidentRecord
        {
            Id = Guid.CreateVersion7(At(calledS)),
            Type = "theft",
            Priority = 2,
            Summary = "",
            ReportedAt = At(calledS),
            ReportedBy = "test",
            Shape = new Point(117.65 + (eastM / MetresPerDegree), 24.51),
        };
        Reach(incident, (IncidentStage.CallReceived, calledS), (IncidentStage.IncidentCreated, enteredS));
        return incident;
    }

    private static void Reach(IncidentRecord incident, params (IncidentStage Stage, double AfterS)[] steps)
    {
        foreach (var (stage, after) in steps)
            TimeAxis.Reach(incident, stage, At(after), "event", "test");
    }

    /// <summary>The steps that are reached, in the order of the axis.</summary>
    private static double[] Reached(IncidentRecord incident) => [.. incident.Stages.OrderBy(entry => entry.Stage).Select(entry => (entry.InForce - Call).TotalSeconds)];

    private static long Span(IncidentRecord incident, ResponseSpan span)
    {
        var measured = new long[Spans.Count];
        Spans.Measure(IncidentTimes.Pack(incident), measured);
        return measured[(int)span] / 1000;
    }
}
