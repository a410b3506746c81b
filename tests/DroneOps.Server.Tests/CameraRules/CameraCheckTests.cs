using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using DroneOps.Server.CameraRules;

namespace DroneOps.Server.Tests.CameraRules;

/// <summary>What a camera's duty is by a mission, and when it is broken.</summary>
public sealed class CameraCheckTests
{
    private static readonly GeoPoint Home = new(24.515, 117.660);

    [Theory]
    [InlineData(MissionDialect.ArduPilotCopter)]
    [InlineData(MissionDialect.Px4)]
    public void The_duty_of_each_item_is_that_of_the_leg_it_was_compiled_from(MissionDialect dialect)
    {
        Route route = new()
        {
            Name = "duty",
            Legs =
            [
                Leg(0.001, CameraDuty.Transit), Leg(0.002, CameraDuty.Scene), Leg(0.003, CameraDuty.Scene), Leg(0.004, CameraDuty.NoRecord), Leg(0.005, CameraDuty.Transit), Leg(0.006, CameraDuty.Scene),
            ],
        };
        var compiled = MissionCompiler.Compile(route, new CompileSettings { Heights = HeightFrame.Flat(new LaunchPoint(Home, 5)), Dialect = dialect });
        Assert.True(compiled.TryGet(out var mission), string.Join(" ", compiled.Faults));
        var duties = LegDuty.Of([.. mission.Items])!;
        for (var item = 0; item < duties.Count; item++)
        {
            // The vehicle says which waypoint it flies to, not which camera command it has just done.
            if (mission.Items[item].Command == MavCmd.NavWaypoint && mission.LegOfItem[item] is var leg and >= 0)
                Assert.Equal(route.Legs[leg].Camera == CameraDuty.Scene, duties[item].Records);
        }

        Assert.Contains(duties, duty => duty.Records);
    }

    [Fact]
    public void A_mission_that_says_nothing_about_cameras_asks_nothing_of_them() =>
        Assert.Null(LegDuty.Of([new PlanItem(MavCmd.NavWaypoint, MavFrame.GlobalRelativeAlt) { X = Home.LatitudeE7, Y = Home.LongitudeE7, Z = 60 }]));

    [Theory]
    [InlineData(null, false, true, -90.0, "Legs", "")]
    [InlineData(false, false, true, 0.0, "Legs", "RecordedOnTheWay")]
    [InlineData(false, false, true, 0.0, "Sortie", "")]
    [InlineData(false, false, false, -14.0, "Legs", "")]
    [InlineData(false, false, false, -16.0, "Legs", "LooksDown")]
    [InlineData(false, false, false, null, "Legs", "")]
    [InlineData(true, false, true, -60.0, "Legs", "")]
    [InlineData(true, false, false, -60.0, "Sortie", "NotRecordedAtScene")]
    [InlineData(true, true, false, 0.0, "Legs", "")]
    [InlineData(true, true, true, -60.0, "Sortie", "RecordedInNoRecordZone,LooksDown")]
    [InlineData(null, true, true, -60.0, "Sortie", "RecordedInNoRecordZone")]
    public void What_is_broken_depends_on_leg_zone_and_rule(bool? records, bool isInZone, bool isRecorded, double? pitch, string rule, string broken) => Assert.Equal(
        broken.Split(',', StringSplitOptions.RemoveEmptyEntries),
        CameraCheck.Of(new(records is { } leg ? new LegDuty(leg) : null, isInZone ? "学校" : null), new(isRecorded, pitch), Enum.Parse<RecordingRule>(rule), 15).Select(kind => kind.ToString()));

    private static RouteLeg Leg(double north, CameraDuty duty) => new() { To = new(Home.LatitudeDeg + north, Home.LongitudeDeg), Altitude = Mavlink.Altitude.Relative(60), Camera = duty };
}
