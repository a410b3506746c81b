using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Tests.Simulator;

public sealed class FlightTests
{
    [Fact]
    public void Takes_off_in_guided_to_the_height_asked_for()
    {
        var ground = Ground.Ready();
        Assert.Equal(MavResult.Accepted, ground.SetMode(CopterMode.Guided));
        Assert.Equal(MavResult.Accepted, ground.Arm());
        ground.Run(1);
        var asked = ground.Seconds;
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.NavTakeoff, p7: 10));

        var left = ground.RunUntil(() => ground.Copter.Height > 0.05, 10);
        var there = ground.RunUntil(() => ground.Copter.Height > 9.9, 20);
        ground.Run(5);

        Assert.InRange(left - asked, 1.2, 3);
        Assert.InRange(there - asked, 7, 10);
        Assert.InRange(ground.Copter.Height, 9.7, 10.3);
    }

    [Fact]
    public void Flies_a_leg_of_200_metres_in_the_time_its_speed_and_acceleration_allow()
    {
        var ground = Ground.Ready();
        ground.TakeOff(20);
        ground.Run(3);
        var start = ground.Seconds;
        Assert.Equal(MavResult.Accepted, ground.CommandInt(MavCmd.DoReposition, Ground.At(200, 0), 20));

        var end = ground.RunUntil(() => ground.Copter.DistanceFromDock > 199, 60);

        Assert.InRange(end - start, 23, 28);
    }

    [Fact]
    public void Return_to_launch_lands_within_a_metre_of_home_and_disarms()
    {
        var ground = Ground.Ready();
        ground.TakeOff(20);
        ground.CommandInt(MavCmd.DoReposition, Ground.At(120, 80), 25);
        ground.Run(30);
        Assert.Equal(MavResult.Accepted, ground.SetMode(CopterMode.Rtl));

        ground.RunUntil(() => !ground.Copter.IsArmed, 180);

        Assert.InRange(ground.Copter.DistanceFromDock, 0, 1);
        Assert.Contains("Disarming motors", ground.Texts);
        Assert.Contains(ground.Texts, t => t.StartsWith("SIM Hit ground at 0.5", StringComparison.Ordinal));
    }

    /// <summary>The route of the recording copter-patrol: its airborne time is 192.06 s and its distance 936.5 m.</summary>
    [Fact]
    public void Flies_the_recorded_patrol_in_the_recorded_time_and_distance()
    {
        var ground = Ground.Ready();
        Assert.Equal(MavMissionResult.Accepted, ground.Upload(
            MavMissionType.Mission,
            Ground.Item(MavCmd.NavWaypoint),
            Ground.Item(MavCmd.NavTakeoff, altitude: 30),
            Ground.Item(MavCmd.NavWaypoint, new(24.5118475, 117.6550000), 30),
            Ground.Item(MavCmd.NavWaypoint, new(24.5127458, 117.6569746), 35, p1: 3),
            Ground.Item(MavCmd.NavWaypoint, new(24.5113983, 117.6579619), 40),
            Ground.Item(MavCmd.NavWaypoint, new(24.5099610, 117.6564809), 45),
            Ground.Item(MavCmd.NavReturnToLaunch)));
        ground.SetMode(CopterMode.Guided);
        ground.Arm();
        ground.Run(1);
        ground.Command(MavCmd.NavTakeoff, p7: 10);
        ground.Run(7.6);
        var before = ground.Log.Count;
        Assert.Equal(MavResult.Accepted, ground.Command(MavCmd.MissionStart));

        ground.RunUntil(() => !ground.Copter.IsArmed, 300);
        ground.Run(2);

        var airborne = ground.Log.Where(h => h.Is<ExtendedSysState>())
            .Where(h => h.Decode<ExtendedSysState>().LandedState != MavLandedState.OnGround).ToArray();
        var track = ground.Log.Where(h => h.Is<GlobalPositionInt>() && h.At >= airborne[0].At).Select(h => h.Decode<GlobalPositionInt>()).ToArray();
        var distance = track.Zip(track.Skip(1), (a, b) => Metres(a, b)).Sum();
        Assert.InRange(airborne[^1].At - airborne[0].At + 1, 192.06 * 0.95, 192.06 * 1.05);
        Assert.InRange(distance, 936.5 * 0.95, 936.5 * 1.05);
        Assert.InRange(track.Max(p => p.RelativeAlt) / 1000.0, 44.8, 45.3);
        Assert.Equal([1, 2, 3, 4, 5, 6], ground.Log.Skip(before).Where(h => h.Is<MissionItemReached>()).Select(h => (int)h.Decode<MissionItemReached>().Seq));
    }

    private static double Metres(GlobalPositionInt a, GlobalPositionInt b)
    {
        var north = (b.Lat - a.Lat) * 0.011131949;
        var east = (b.Lon - a.Lon) * 0.011131949 * Math.Cos(a.Lat * 1e-7 * Math.PI / 180);
        return Math.Sqrt((north * north) + (east * east));
    }
}
