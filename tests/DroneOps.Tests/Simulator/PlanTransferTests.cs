using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class PlanTransferTests
{
    private static readonly MissionItemInt Home = Ground.Item(MavCmd.NavWaypoint);
    private static readonly MissionItemInt Takeoff = Ground.Item(MavCmd.NavTakeoff, altitude: 20);

    private static MissionItemInt Waypoint(double north, float altitude = 30) => Ground.Item(MavCmd.NavWaypoint, Ground.At(north, 0), altitude);

    [Fact]
    public void It_asks_with_the_old_request_message_and_takes_integer_items()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(50)));

        Assert.Equal([0, 1, 2], ground.All<MissionRequest>().Select(r => (int)r.Seq));
        Assert.Empty(ground.All<MissionRequestInt>());
        Assert.Contains("Flight plan received", ground.Texts);
        Assert.Equal((255, 190), (ground.Last<MissionAck>().TargetSystem, ground.Last<MissionAck>().TargetComponent));
    }

    [Fact]
    public void Item_0_becomes_home_and_the_total_does_not_count_it()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Waypoint(999), Takeoff, Waypoint(50));

        var items = ground.Download(MavMissionType.Mission);
        Assert.Equal((245105000, 1176550000, MavFrame.Global), (items[0].X, items[0].Y, items[0].Frame));
        ground.Run(1);
        Assert.Equal(2, ground.Last<MissionCurrent>().Total);
    }

    [Fact]
    public void An_empty_mission_is_home_alone_and_a_cleared_one_is_nothing()
    {
        var ground = Ground.Ready();
        Assert.Single(ground.Download(MavMissionType.Mission));
        ground.Send(new MissionClearAll { TargetSystem = 1, MissionType = MavMissionType.Mission });
        Assert.Equal(MavMissionResult.Accepted, ground.Last<MissionAck>().Type);

        Assert.Empty(ground.Download(MavMissionType.Mission));
        ground.Send(new MissionClearAll { TargetSystem = 1, MissionType = MavMissionType.All });
        Assert.Equal(MavMissionResult.Unsupported, ground.Last<MissionAck>().Type);
    }

    [Theory]
    [InlineData(MavFrame.GlobalRelativeAltInt, MavFrame.GlobalRelativeAlt)]
    [InlineData(MavFrame.GlobalTerrainAltInt, MavFrame.GlobalTerrainAlt)]
    [InlineData(MavFrame.GlobalInt, MavFrame.Global)]
    public void Frames_change_on_the_round_trip(MavFrame sent, MavFrame read)
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 30, frame: sent));

        Assert.Equal(read, ground.Download(MavMissionType.Mission)[1].Frame);
    }

    [Fact]
    public void An_item_without_a_place_loses_its_frame()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Ground.Item(MavCmd.NavReturnToLaunch));

        Assert.Equal(MavFrame.Global, ground.Download(MavMissionType.Mission)[2].Frame);
    }

    [Fact]
    public void A_stalled_upload_is_asked_for_each_second_and_cancelled_after_eight_and_leaves_a_stump()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(50), Waypoint(60), Waypoint(70));
        ground.Log.Clear();
        ground.Send(new MissionCount { TargetSystem = 1, Count = 5 });
        ground.Send(Numbered(Home, 0));
        ground.Send(Numbered(Takeoff, 1));
        ground.Run(7.9);
        Assert.Equal(8, ground.All<MissionRequest>().Count(r => r.Seq == 2));

        ground.Send(new MissionRequestList { TargetSystem = 1 });
        Assert.Equal(MavMissionResult.Denied, ground.Last<MissionAck>().Type);
        ground.Run(0.3);

        Assert.Equal(MavMissionResult.OperationCancelled, ground.Last<MissionAck>().Type);
        Assert.Contains("Mission upload timeout", ground.Texts);
        Assert.Equal(2, ground.Download(MavMissionType.Mission).Length);
    }

    [Fact]
    public void An_unexpected_item_is_refused_but_the_transfer_goes_on()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new MissionCount { TargetSystem = 1, Count = 2 });
        ground.Send(Numbered(Takeoff, 1));
        Assert.Equal(MavMissionResult.InvalidSequence, ground.Last<MissionAck>().Type);
        ground.Send(Numbered(Home, 0));
        ground.Send(Numbered(Home, 0));
        Assert.Equal(MavMissionResult.InvalidSequence, ground.Last<MissionAck>().Type);
        ground.Send(Numbered(Takeoff, 1));
        Assert.Equal(MavMissionResult.Accepted, ground.Last<MissionAck>().Type);

        ground.Send(Numbered(Takeoff, 1));
        Assert.Equal(MavMissionResult.Error, ground.Last<MissionAck>().Type);
    }

    [Fact]
    public void A_refused_item_leaves_a_mixture_of_new_and_old()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(50), Waypoint(60));
        var refused = ground.Upload(MavMissionType.Mission, Home, Ground.Item(MavCmd.NavTakeoff, altitude: 99), Ground.Item((MavCmd)31000), Waypoint(80));

        Assert.Equal(MavMissionResult.Unsupported, refused);
        var left = ground.Download(MavMissionType.Mission);
        Assert.Equal(4, left.Length);
        Assert.Equal(99, left[1].Z);
        Assert.Equal(Waypoint(50).X, left[2].X);
        Assert.Equal(Waypoint(60).X, left[3].X);
    }

    [Fact]
    public void Bad_items_are_refused_each_in_its_way()
    {
        var ground = Ground.Ready();
        var local = Waypoint(50);
        local.Frame = MavFrame.LocalNed;
        var offEarth = Waypoint(50);
        offEarth.X = 910_000_000;

        Assert.Equal(MavMissionResult.UnsupportedFrame, ground.Upload(MavMissionType.Mission, Home, local));
        Assert.Equal(MavMissionResult.InvalidParam5X, ground.Upload(MavMissionType.Mission, Home, offEarth));
        ground.Send(new MissionCount { TargetSystem = 1, Count = 5000 });
        Assert.Equal(MavMissionResult.NoSpace, ground.Last<MissionAck>().Type);
        Assert.Contains("Only 650 items are supported", ground.Texts);
    }

    [Fact]
    public void A_second_uploader_is_denied_while_the_first_is_at_it()
    {
        var ground = Ground.Ready();
        ground.Send(new MissionCount { TargetSystem = 1, Count = 2 });
        ground.Self = new(254, 190);
        ground.Send(new MissionCount { TargetSystem = 1, Count = 2 });

        Assert.Equal((MavMissionResult.Denied, (byte)254), (ground.Last<MissionAck>().Type, ground.Last<MissionAck>().TargetSystem));
    }

    [Fact]
    public void A_request_past_the_end_is_answered_with_the_size_and_a_refusal()
    {
        var ground = Ground.Ready();
        ground.Log.Clear();
        ground.Send(new MissionRequestInt { TargetSystem = 1, Seq = 5 });

        Assert.Equal([MissionCount.MsgId, MissionAck.MsgId], ground.Log.Select(h => h.MessageId));
        Assert.Equal(1, ground.Last<MissionCount>().Count);
        Assert.Equal(MavMissionResult.InvalidSequence, ground.Last<MissionAck>().Type);
    }

    [Fact]
    public void The_old_forms_work_with_a_warning_once()
    {
        var ground = Ground.Ready();
        ground.Send(new MissionCount { TargetSystem = 1, Count = 2 });
        for (ushort seq = 0; seq < 2; seq++)
            ground.Send(new MissionItem { TargetSystem = 1, Seq = seq, Command = MavCmd.NavWaypoint, Frame = MavFrame.GlobalRelativeAlt, X = 24.5117344f, Y = 117.655f, Z = 30 });
        Assert.Equal(MavMissionResult.Accepted, ground.Last<MissionAck>().Type);
        for (ushort seq = 0; seq < 2; seq++)
            ground.Send(new MissionRequest { TargetSystem = 1, Seq = seq });

        Assert.Equal(24.5117344f, ground.Last<MissionItem>().X);
        Assert.Single(ground.Texts, "got MISSION_ITEM; GCS should send MISSION_ITEM_INT");
        Assert.Single(ground.Texts, "got MISSION_REQUEST; use MISSION_REQUEST_INT!");
    }

    [Fact]
    public void A_partial_write_replaces_its_items_only()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(50), Waypoint(60));
        ground.Send(new MissionWritePartialList { TargetSystem = 1, StartIndex = 2, EndIndex = 2 });
        ground.Send(Numbered(Waypoint(55, 44), 2));

        Assert.Equal(MavMissionResult.Accepted, ground.Last<MissionAck>().Type);
        var items = ground.Download(MavMissionType.Mission);
        Assert.Equal((4, 44f), (items.Length, items[2].Z));
    }

    [Fact]
    public void A_terrain_frame_blocks_arming()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Ground.Item(MavCmd.NavWaypoint, Ground.At(50, 0), 30, frame: MavFrame.GlobalTerrainAlt));
        ground.SetMode(CopterMode.Guided);

        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: waiting for terrain data", ground.Texts);
    }

    [Fact]
    public void An_upload_in_flight_restarts_the_leg_and_a_clear_is_refused()
    {
        var ground = Ground.Ready();
        ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(300), Waypoint(400));
        ground.TakeOff(20);
        ground.Command(MavCmd.MissionStart);
        ground.RunUntil(() => ground.Texts.Contains("Mission: 2 WP"), 20);
        ground.Run(5);
        ground.Log.Clear();
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Mission, Home, Takeoff, Waypoint(200), Waypoint(100)));
        Assert.Contains("Auto mission changed, restarted command", ground.Texts);
        Assert.Contains("Mission: 2 WP", ground.Texts);

        ground.Send(new MissionClearAll { TargetSystem = 1, MissionType = MavMissionType.Mission });

        Assert.Equal(MavMissionResult.Error, ground.Last<MissionAck>().Type);
    }

    [Fact]
    public void Rally_points_go_up_and_come_down()
    {
        var ground = Ground.Ready();
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Rally, Ground.Item(MavCmd.NavRallyPoint, Ground.At(30, 0), 20)));

        var item = Assert.Single(ground.Download(MavMissionType.Rally));
        Assert.Equal((MavCmd.NavRallyPoint, MavFrame.GlobalRelativeAlt, 20f), (item.Command, item.Frame, item.Z));
    }

    private static MissionItemInt Numbered(MissionItemInt item, ushort seq)
    {
        item.Seq = seq;
        item.TargetSystem = 1;
        return item;
    }
}
