using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using DroneOps.Missions.Zones;
using FsCheck.Xunit;
using Xunit;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Tests.Missions;

public sealed class MissionCompilerTests
{
    private static readonly HeightFrame Heights = HeightFrame.Flat(Zhangzhou.Launch);

    private static readonly CompileSettings ArduPilot = new() { Heights = Heights };

    private static readonly CompileSettings Px4 = new() { Heights = Heights, Dialect = MissionDialect.Px4 };

    [Fact]
    public void A_patrol_becomes_camera_take_off_speed_way_points_and_return()
    {
        var route = Zhangzhou.Route(
            Zhangzhou.Leg(100, 0),
            Zhangzhou.Leg(500, 0) with { Camera = CameraDuty.Scene, CameraPitchDeg = -90 },
            Zhangzhou.Leg(500, 300) with { SpeedMps = 14, Dwell = TimeSpan.FromSeconds(4.2) });

        var mission = MissionCompiler.Compile(route, ArduPilot).Value;

        Assert.Equal(
            [MavCmd.DoMountControl, MavCmd.NavTakeoff, MavCmd.DoChangeSpeed, MavCmd.NavWaypoint, MavCmd.DoMountControl, MavCmd.VideoStartCapture,
             MavCmd.NavWaypoint, MavCmd.DoChangeSpeed, MavCmd.VideoStopCapture, MavCmd.DoMountControl, MavCmd.NavWaypoint, MavCmd.NavReturnToLaunch],
            mission.Items.Select(item => item.Command));
        Assert.Equal([-1, -1, 0, 0, 1, 1, 1, 2, 2, 2, 2, -1], mission.LegOfItem);
        Assert.Equal((0, 60), (mission.Items[0].Param1, mission.Items[1].Z));
        Assert.Equal((1f, 14f, -1f), (mission.Items[7].Param1, mission.Items[7].Param2, mission.Items[7].Param3));
        Assert.Equal(-90, mission.Items[4].Param1);
        Assert.Equal(5, mission.Items[10].Param1);
        Assert.Equal(Zhangzhou.At(500, 300).LatitudeE7, mission.Items[10].X);
    }

    [Fact]
    public void Nothing_for_ArduPilot_is_not_a_number_and_yaw_is_left_to_PX4()
    {
        var route = Zhangzhou.Route(Zhangzhou.Leg(100, 0), Zhangzhou.Leg(200, 60) with { Orbit = new(Zhangzhou.At(200, 0), 60, 1, true) });

        Assert.DoesNotContain(MissionCompiler.Compile(route, ArduPilot).Value.Items,
            item => float.IsNaN(item.Param1 + item.Param2 + item.Param3 + item.Param4 + item.Z));
        Assert.All(MissionCompiler.Compile(route, Px4).Value.Items.Where(item => item.Command == MavCmd.NavWaypoint), item => Assert.True(float.IsNaN(item.Param4)));
    }

    [Fact]
    public void A_circle_is_loiter_turns_for_ArduPilot_with_its_direction_in_the_radius_sign()
    {
        var leg = Zhangzhou.Leg(200, 60) with { Orbit = new(Zhangzhou.At(200, 0), 60, 2, false), Camera = CameraDuty.Scene };

        var items = MissionCompiler.Compile(Zhangzhou.Route(leg), ArduPilot).Value.Items;

        var turns = Assert.Single(items, item => item.Command == MavCmd.NavLoiterTurns);
        Assert.Equal((2f, -60f, 60f), (turns.Param1, turns.Param3, turns.Z));
        Assert.Equal(Zhangzhou.At(200, 0).LongitudeE7, turns.Y);
        Assert.Contains(items, item => item.Command == MavCmd.DoSetRoiLocation);
        Assert.Contains(items, item => item.Command == MavCmd.DoSetRoiNone);
    }

    [Fact]
    public void A_leg_that_looks_at_a_place_keeps_the_camera_on_it_from_its_beginning_and_the_next_leg_lets_it_go()
    {
        var looking = Zhangzhou.Leg(200, 60) with { Camera = CameraDuty.Scene, LookAt = Zhangzhou.At(200, 40) };

        var items = MissionCompiler.Compile(Zhangzhou.Route(Zhangzhou.Leg(100, 0), looking, Zhangzhou.Leg(0, 0)), ArduPilot).Value.Items.ToList();

        var look = items.FindIndex(item => item.Command == MavCmd.DoSetRoiLocation);
        Assert.Equal(Zhangzhou.At(200, 40).LongitudeE7, items[look].Y);
        Assert.Single(items[..look], item => item.Command == MavCmd.NavWaypoint);
        Assert.Contains(items[look..], item => item.Command == MavCmd.DoSetRoiNone);
    }

    [Fact]
    public void A_circle_is_way_points_for_PX4_that_lie_on_it_and_end_where_it_is_left()
    {
        var leg = Zhangzhou.Leg(200, 60) with { Orbit = new(Zhangzhou.At(200, 0), 60, 1.5, true) };

        var points = MissionCompiler.Compile(Zhangzhou.Route(leg), Px4).Value.Items
            .Where(item => item.Command == MavCmd.NavWaypoint).Select(item => Zhangzhou.Plane.ToPlane(item.Position!.Value)).ToArray();

        Assert.Equal(37, points.Length);
        Assert.All(points, at => Assert.Equal(60, at.DistanceTo(new(200, 0)), 0.02));
        Assert.Equal(-60, points[^1].NorthM, 0.02);
        Assert.True(points[1].EastM > 200, "clockwise from the north goes east");
    }

    [Theory]
    [InlineData(AltitudeDatum.Relative, false, MavFrame.GlobalRelativeAlt, 50)]
    [InlineData(AltitudeDatum.Amsl, false, MavFrame.Global, 50)]
    [InlineData(AltitudeDatum.Agl, false, MavFrame.GlobalRelativeAlt, 58)]
    [InlineData(AltitudeDatum.Agl, true, MavFrame.GlobalTerrainAlt, 50)]
    [InlineData(AltitudeDatum.Ellipsoid, false, MavFrame.GlobalRelativeAlt, 30)]
    public void Every_datum_reaches_its_frame(AltitudeDatum datum, bool terrainFrames, MavFrame frame, float z)
    {
        var heights = new HeightFrame(Zhangzhou.Launch, at => Geodesic(at) < 1 ? 12 : 20, geoidUndulationM: 8);
        var route = Zhangzhou.Route(Zhangzhou.Leg(300, 0) with { Altitude = new(50, datum) });

        var item = MissionCompiler.Compile(route, new() { Heights = heights, TerrainFrames = terrainFrames }).Value.Items.Single(item => item.Command == MavCmd.NavWaypoint);

        Assert.Equal((frame, z), (item.Frame, item.Z));
        static double Geodesic(GeoPoint at) => DroneOps.Missions.Geodesy.Geodesic.DistanceM(at, Zhangzhou.Centre);
    }

    [Fact]
    public void A_height_that_cannot_be_converted_is_refused()
    {
        var result = MissionCompiler.Compile(Zhangzhou.Route(Zhangzhou.Leg(10, 0) with { Altitude = Altitude.Ellipsoid(60) }), ArduPilot);

        Assert.Equal(("mission.height", "legs[0].altitude"), (result.Faults[0].Code, result.Faults[0].Where));
    }

    [Property]
    public bool Items_survive_the_wire(float p1, float p4, int x, int y, float z, ushort seq, bool autoContinue)
    {
        var item = new PlanItem(MavCmd.NavWaypoint, MavFrame.GlobalRelativeAlt) { Param1 = p1, Param4 = p4, X = x, Y = y, Z = z, AutoContinue = autoContinue };
        var bytes = new byte[MissionItemInt.MaxLength];
        item.ToWire(1, 1, seq, MavMissionType.Mission).Encode(bytes);
        var message = MissionItemInt.Decode(bytes);

        return PlanItem.FromWire(message) == item && message.Seq == seq;
    }

    [Fact]
    public void Keep_in_zones_join_into_one_inclusion_and_keep_out_zones_become_exclusions()
    {
        GeoZone[] zones =
        [
            Zhangzhou.KeepIn("west", (-100, -100), (320, -100), (320, 100), (-100, 100)),
            Zhangzhou.KeepIn("east", (280, -100), (700, -100), (700, 100), (280, 100)),
            Zhangzhou.Circle("tower", ZoneEffect.KeepOut, 200, 0, 30),
            Zhangzhou.KeepOut("school", (400, 0), (450, 0), (420, 40)) with { Ceiling = Altitude.Relative(80) },
            Zhangzhou.KeepOut("high", (400, 0), (450, 0), (420, 40)) with { Floor = Altitude.Relative(300) },
            Zhangzhou.Circle("hotel", ZoneEffect.NoRecord, 0, 0, 30),
        ];

        var fence = FenceCompiler.Compile(zones, Heights, 120);

        var inclusion = fence.Items.Where(item => item.Command == MavCmd.NavFencePolygonVertexInclusion).ToArray();
        Assert.InRange(inclusion.Length, 4, 8);
        Assert.All(inclusion, item => Assert.Equal(inclusion.Length, item.Param1));
        Assert.Equal(30, Assert.Single(fence.Items, item => item.Command == MavCmd.NavFenceCircleExclusion).Param1);
        Assert.Equal(3, fence.Items.Count(item => item.Command == MavCmd.NavFencePolygonVertexExclusion));
        Assert.Equal(["fence.heights"], fence.Notes.Select(note => note.Code));
    }
}
