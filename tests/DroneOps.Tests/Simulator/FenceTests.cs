using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class FenceTests
{
    private static MissionItemInt[] Square(double half) =>
    [
        Corner(-half, -half), Corner(-half, half), Corner(half, half), Corner(half, -half),
    ];

    private static MissionItemInt Corner(double north, double east) =>
        Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(north, east), p1: 4);

    private static Ground WithPolygon(double half)
    {
        var ground = Ground.Ready();
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Fence, Square(half)));
        ground.SetParameter("FENCE_TYPE", 4);
        ground.Run(0.2);
        return ground;
    }

    [Fact]
    public void A_fence_is_indexed_a_moment_after_its_upload_and_cannot_be_enabled_before()
    {
        var ground = Ground.Ready();
        ground.SetParameter("FENCE_TYPE", 4);
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Fence, Square(80)));
        Assert.Contains("Fence Indexed OK", ground.Texts);
        ground.Log.Clear();
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.DoFenceEnable, 1));
        Assert.Empty(ground.Texts);

        ground.Run(0.06);

        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoFenceEnable, 1));
    }

    [Fact]
    public void Before_the_estimator_has_an_origin_no_fence_can_be_enabled()
    {
        var ground = new Ground(fastBoot: false);
        ground.Run(15);
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(MavMissionType.Fence, Square(80)));
        ground.Run(2);
        Assert.Equal(MavResult.Failed, ground.Command(MavCmd.DoFenceEnable, 1));
        ground.Run(5);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoFenceEnable, 1));
    }

    [Fact]
    public void A_fence_comes_back_without_frames()
    {
        var ground = WithPolygon(80);

        Assert.All(ground.Download(MavMissionType.Fence), i => Assert.Equal((MavFrame.Global, (byte)0, 4f), (i.Frame, i.Autocontinue, i.Param1)));
    }

    [Fact]
    public void Broken_polygons_are_refused_and_leave_nothing()
    {
        var ground = WithPolygon(80);
        Assert.Equal(MavMissionResult.Error, ground.Upload(
            MavMissionType.Fence,
            Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(0, 0), p1: 2),
            Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(9, 0), p1: 2)));
        Assert.Contains("Invalid vertex count (2)", ground.Texts);
        Assert.Contains("Fence validation failed", ground.Texts);
        Assert.Empty(ground.Download(MavMissionType.Fence));

        Assert.Equal(MavMissionResult.Error, ground.Upload(MavMissionType.Fence, Square(80)[..3]));
        Assert.Contains("Incorrect item count", ground.Texts);
    }

    [Fact]
    public void A_breach_is_told_then_the_vehicle_returns_and_the_breach_clears()
    {
        var ground = WithPolygon(60);
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.DoFenceEnable, 1));
        ground.Upload(
            MavMissionType.Mission,
            Ground.Item(MavCmd.NavWaypoint),
            Ground.Item(MavCmd.NavTakeoff, altitude: 20),
            Ground.Item(MavCmd.NavWaypoint, Ground.At(300, 0), 20));
        ground.TakeOff(10);
        ground.Command(MavCmd.MissionStart);
        ground.Log.Clear();
        ground.RunUntil(() => ground.Copter.Mode == "RTL", 60);

        var status = Assert.Single(ground.All<FenceStatus>());
        Assert.Equal((1, FenceBreach.Boundary), (status.BreachStatus, status.BreachType));
        var told = ground.Log.FindIndex(h => h.Is<FenceStatus>());
        Assert.True(told < ground.Log.FindIndex(told, h => h.Is<Heartbeat>() && h.Decode<Heartbeat>().CustomMode == (uint)CopterMode.Rtl));
        Assert.Contains("Polygon fence breached", ground.Texts);
        Assert.Contains("Manual recovery started", ground.Texts);
        Assert.InRange(ground.Copter.DistanceFromDock, 60, 75);

        ground.RunUntil(() => ground.Texts.Contains("Fence breach cleared"), 30);
        ground.RunUntil(() => !ground.Copter.IsArmed, 120);
        Assert.InRange(ground.Copter.DistanceFromDock, 0, 1);
    }

    [Fact]
    public void Another_mode_chosen_during_a_breach_is_accepted()
    {
        var ground = WithPolygon(60);
        ground.Command(MavCmd.DoFenceEnable, 1);
        ground.TakeOff(10);
        ground.Send(new SetPositionTargetGlobalInt
        {
            TargetSystem = 1,
            CoordinateFrame = MavFrame.GlobalRelativeAltInt,
            TypeMask = (PositionTargetTypemask)0xDC7,
            Vx = 10,
        });
        ground.RunUntil(
            () =>
            {
                ground.Send(new SetPositionTargetGlobalInt
                {
                    TargetSystem = 1,
                    CoordinateFrame = MavFrame.GlobalRelativeAltInt,
                    TypeMask = (PositionTargetTypemask)0xDC7,
                    Vx = 10,
                });
                return ground.Copter.Mode == "RTL";
            },
            30);

        Assert.Equal(MavResult.Accepted, ground.SetMode(CopterMode.Guided));
        ground.Run(1);
        Assert.Equal("GUIDED", ground.Copter.Mode);
    }

    [Fact]
    public void A_destination_outside_is_refused_while_the_fence_is_on()
    {
        var ground = WithPolygon(60);
        ground.Command(MavCmd.DoFenceEnable, 1);
        ground.TakeOff(10);

        Assert.Equal(MavResult.Failed, ground.CommandInt(MavCmd.DoReposition, Ground.At(200, 0), 20));
        Assert.Equal(MavResult.Accepted, ground.CommandInt(MavCmd.DoReposition, Ground.At(30, 0), 20));
    }

    [Fact]
    public void Arming_outside_is_refused()
    {
        var ground = Ground.Ready();
        ground.SetParameter("FENCE_TYPE", 4);
        ground.Upload(
            MavMissionType.Fence,
            Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(100, 100), p1: 3),
            Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(200, 100), p1: 3),
            Ground.Item(MavCmd.NavFencePolygonVertexInclusion, Ground.At(200, 200), p1: 3));
        ground.Run(0.2);
        ground.Command(MavCmd.DoFenceEnable, 1);
        ground.Run(0.5);
        ground.SetMode(CopterMode.Guided);

        Assert.Equal(MavResult.Failed, ground.Arm());
        Assert.Contains("Arm: Vehicle breaching Polygon fence", ground.Texts);
    }
}
