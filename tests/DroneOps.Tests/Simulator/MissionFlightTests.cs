using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class MissionFlightTests
{
    private static Ground Started(params MissionItemInt[] items)
    {
        var ground = Ground.Ready();
        Assert.Equal(
            MavMissionResult.Accepted,
            ground.Upload(MavMissionType.Mission, [Ground.Item(MavCmd.NavWaypoint), Ground.Item(MavCmd.NavTakeoff, altitude: 15), .. items]));
        ground.SetMode(CopterMode.Guided);
        Assert.Equal(MavResult.Accepted, ground.Arm());
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.MissionStart));
        return ground;
    }

    private static int[] Reached(Ground ground) => [.. ground.All<MissionItemReached>().Select(r => (int)r.Seq)];

    [Fact]
    public void Mission_start_takes_off_from_the_ground_by_itself()
    {
        var ground = Started(Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 15));
        ground.RunUntil(() => Reached(ground).Contains(2), 60);

        Assert.Equal([1, 2], Reached(ground));
        Assert.DoesNotContain("Reached command #1", ground.Texts);
        Assert.Contains("Reached command #2", ground.Texts);
    }

    [Fact]
    public void After_the_last_item_it_holds_and_the_mission_is_complete()
    {
        var ground = Started(Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 15));
        ground.RunUntil(() => Reached(ground).Contains(2), 60);
        ground.Run(20);

        Assert.Equal(MissionState.Complete, ground.Last<MissionCurrent>().MissionState);
        Assert.Equal("AUTO", ground.Copter.Mode);
        Assert.InRange(ground.Copter.DistanceFromDock, 49, 51);
    }

    [Fact]
    public void A_return_as_an_item_keeps_the_mode_and_is_reached_at_touchdown()
    {
        var ground = Started(Ground.Item(MavCmd.NavWaypoint, Ground.At(40, 0), 15), Ground.Item(MavCmd.NavReturnToLaunch));
        ground.RunUntil(() => ground.Texts.Contains("Mission: 3 RTL"), 60);
        Assert.Equal("AUTO", ground.Copter.Mode);
        ground.RunUntil(() => !ground.Copter.IsArmed, 120);
        ground.Run(2);

        Assert.Equal(3, Reached(ground)[^1]);
        Assert.Equal((0, MissionState.Complete), (ground.Last<MissionCurrent>().Seq, ground.Last<MissionCurrent>().MissionState));
    }

    [Fact]
    public void It_lands_where_the_land_item_lies()
    {
        var ground = Started(Ground.Item(MavCmd.NavLand, Ground.At(40, 0)));
        ground.RunUntil(() => !ground.Copter.IsArmed, 120);

        Assert.InRange(ground.Copter.DistanceFromDock, 39, 41);
    }

    [Fact]
    public void It_waits_for_the_time_of_a_loiter_item()
    {
        var ground = Started(Ground.Item(MavCmd.NavLoiterTime, Ground.At(20, 0), 15, p1: 12), Ground.Item(MavCmd.NavReturnToLaunch));
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 19 && ground.Copter.GroundSpeed < 0.3, 60);
        var there = ground.Seconds;
        var left = ground.RunUntil(() => Reached(ground).Contains(2), 30);

        Assert.InRange(left - there, 10, 13);
    }

    [Fact]
    public void It_flies_the_turns_of_a_loiter_item()
    {
        var ground = Started(Ground.Item(MavCmd.NavLoiterTurns, Ground.At(60, 0), 15, p1: 2, p3: 20), Ground.Item(MavCmd.NavReturnToLaunch));
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 59, 60);
        var start = ground.Seconds;
        var end = ground.RunUntil(() => Reached(ground).Contains(2), 200);

        // CIRCLE_RATE 20 deg/s on a radius of 20 m is 7 m/s: 36 s for two turns, and the way from the centre to the circle.
        Assert.InRange(end - start, 36, 50);
        Assert.InRange(ground.Copter.DistanceFromDock, 35, 85);
    }

    [Fact]
    public void A_jump_repeats_its_legs_as_often_as_it_says()
    {
        var ground = Started(
            Ground.Item(MavCmd.NavWaypoint, Ground.At(30, 0), 15),
            Ground.Item(MavCmd.NavWaypoint, Ground.At(30, 30), 15),
            Ground.Item(MavCmd.DoJump, p1: 2, p2: 2),
            Ground.Item(MavCmd.NavReturnToLaunch));
        ground.RunUntil(() => ground.Texts.Contains("Mission: 5 RTL"), 200);

        Assert.Equal([1, 2, 3, 2, 3, 2, 3], Reached(ground));
    }

    [Fact]
    public void A_speed_item_changes_the_speed_of_what_follows()
    {
        var ground = Started(
            Ground.Item(MavCmd.DoChangeSpeed, p1: 1, p2: 4),
            Ground.Item(MavCmd.NavWaypoint, Ground.At(200, 0), 15));
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 100, 120);

        Assert.InRange(ground.Copter.GroundSpeed, 3.8, 4.2);
        Assert.Contains("Mission: 2 SetSpeed", ground.Texts);
    }

    [Fact]
    public void A_speed_command_changes_the_leg_that_is_flown()
    {
        var ground = Started(Ground.Item(MavCmd.NavWaypoint, Ground.At(400, 0), 15));
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 100, 120);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoChangeSpeed, 1, 5));
        ground.Run(8);

        Assert.InRange(ground.Copter.GroundSpeed, 4.8, 5.2);
    }

    [Fact]
    public void A_pause_holds_it_and_the_state_says_so()
    {
        var ground = Started(Ground.Item(MavCmd.NavWaypoint, Ground.At(400, 0), 15));
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.DoPauseContinue, 0));
        Assert.Contains("Failed to pause", ground.Texts);
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 60, 60);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoPauseContinue, 0));
        ground.Run(8);
        Assert.InRange(ground.Copter.GroundSpeed, 0, 0.1);
        Assert.Equal(MissionState.Paused, ground.Last<MissionCurrent>().MissionState);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoPauseContinue, 1));
        ground.Run(8);

        Assert.InRange(ground.Copter.GroundSpeed, 9.5, 10.5);
        Assert.Equal(MissionState.Active, ground.Last<MissionCurrent>().MissionState);
    }

    [Fact]
    public void Leaving_auto_and_coming_back_resumes_at_the_same_item()
    {
        var ground = Started(
            Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 15),
            Ground.Item(MavCmd.NavWaypoint, Ground.At(300, 0), 15));
        ground.RunUntil(() => ground.Texts.Contains("Mission: 3 WP"), 60);
        ground.SetMode(CopterMode.Brake);
        ground.Run(5);
        Assert.Equal((3, MissionState.NotStarted), (ground.Last<MissionCurrent>().Seq, ground.Last<MissionCurrent>().MissionState));
        ground.SetMode(CopterMode.Auto);
        ground.RunUntil(() => ground.Copter.DistanceFromDock > 295, 60);

        Assert.Equal(2, ground.Texts.Count(t => t == "Mission: 3 WP"));
    }

    [Fact]
    public void Setting_the_current_item_skips_ahead()
    {
        var ground = Started(
            Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 15),
            Ground.Item(MavCmd.NavWaypoint, Ground.At(0, 50), 15));
        ground.RunUntil(() => ground.Texts.Contains("Mission: 2 WP"), 60);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoSetMissionCurrent, 3));
        Assert.Equal(MavResult.Denied, ground.Command(MavCmd.DoSetMissionCurrent, 99));
        ground.RunUntil(() => Reached(ground).Contains(3), 60);

        Assert.DoesNotContain(2, Reached(ground));
    }

    [Fact]
    public void A_short_flight_returns_below_the_cone_and_a_far_one_climbs_to_the_return_height()
    {
        var near = Ground.Ready();
        near.TakeOff(5);
        near.SetMode(CopterMode.Rtl);
        near.Run(8);
        Assert.InRange(near.Copter.Height, 0, 6);

        var far = Ground.Ready();
        far.TakeOff(5);
        far.CommandInt(MavCmd.DoReposition, Ground.At(80, 0), 5);
        far.Run(20);
        far.SetMode(CopterMode.Rtl);
        far.Run(12);
        Assert.InRange(far.Copter.Height, 14.5, 15.5);
    }

    [Fact]
    public void It_returns_to_the_nearest_rally_point()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Rally, Ground.Item(MavCmd.NavRallyPoint, Ground.At(100, 0), 20));
        ground.TakeOff(15);
        ground.CommandInt(MavCmd.DoReposition, Ground.At(130, 0), 15);
        ground.Run(25);
        ground.SetMode(CopterMode.Rtl);
        ground.RunUntil(() => !ground.Copter.IsArmed, 120);

        Assert.InRange(ground.Copter.DistanceFromDock, 99, 101);
    }
}
