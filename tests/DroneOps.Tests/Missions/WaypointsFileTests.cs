using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Files;
using DroneOps.Missions.Items;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class WaypointsFileTests
{
    [Fact]
    public void A_file_is_read_field_by_field()
    {
        var file = WaypointsFile.Read(PlanFiles.Text("patrol.waypoints")).Value;

        Assert.Equal(new(new(24.513, 117.655), 12.5), file.Launch!.Value);
        Assert.Equal(8, file.Items.Count);
        Assert.Equal(new PlanItem(MavCmd.NavWaypoint, MavFrame.Global) { Param4 = float.NaN, X = 245151234, Y = 1176571234, Z = 72.25f }, file.Items[3]);
        Assert.Equal(new PlanItem(MavCmd.DoSetRoiNone, MavFrame.Mission) { AutoContinue = false }, file.Items[6]);
    }

    [Fact]
    public void An_unchanged_file_is_written_back_byte_for_byte()
    {
        var text = PlanFiles.Text("patrol.waypoints");

        Assert.Equal(text, WaypointsFile.Read(text).Value.Write());
    }

    [Fact]
    public void Eight_decimals_line_ends_and_blank_lines_of_others_do_not_matter()
    {
        var ours = WaypointsFile.Read(PlanFiles.Text("patrol.waypoints")).Value;
        var theirs = WaypointsFile.Read("\uFEFF" + PlanFiles.Text("patrol-mission-planner.waypoints").ReplaceLineEndings("\r\n")).Value;

        Assert.Equal(ours.Items.Take(3), theirs.Items);
    }

    [Fact]
    public void Version_100_is_read_with_its_own_columns_and_actions()
    {
        var file = WaypointsFile.Read(PlanFiles.Text("old.waypoints")).Value;

        Assert.Equal([MavCmd.NavTakeoff, MavCmd.NavWaypoint, MavCmd.NavLand], file.Items.Select(item => item.Command));
        Assert.Equal((245141234, 1176561234, 60f, 5f), (file.Items[1].X, file.Items[1].Y, file.Items[1].Z, file.Items[1].Param1));
    }

    [Theory]
    [InlineData("", "waypoints.header", "line 1")]
    [InlineData("QGC WPL 120\n", "waypoints.version", "line 1")]
    [InlineData("QGC WPL 110\n0\t1\t0\t16\t0\t0\t0\t0\t24\t117\t0\n", "waypoints.columns", "line 2")]
    [InlineData("QGC WPL 110\n0\t1\t0\t16\t0\t0\tabc\t0\t24\t117\t0\t1\n", "waypoints.number", "line 2, column 7")]
    [InlineData("QGC WPL 110\n0\t1\t0\t16\t0\t0\t1e99\t0\t24\t117\t0\t1\n", "waypoints.number", "line 2, column 7")]
    [InlineData("QGC WPL 110\n0\t1\t0\t16\t0\t0\t0\t0\t117\t24\t0\t1\n", "waypoints.position", "line 2, column 9")]
    [InlineData("QGC WPL 110\n0\t1\t0\t16\t0\t0\t0\t0\t24\t117\t0\t1\n2\t0\t3\t16\t0\t0\t0\t0\t24\t117\t0\t1\n", "waypoints.sequence", "line 3, column 1")]
    [InlineData("QGC WPL 110\n0\t1\t300\t16\t0\t0\t0\t0\t24\t117\t0\t1\n", "waypoints.number", "line 2, column 3")]
    [InlineData("QGC WPL 100\n0 0 99 0 0 0 0 1 117 24 0 0 1\n", "waypoints.command", "line 2, column 3")]
    public void What_is_wrong_is_named_by_line_and_column(string text, string code, string where)
    {
        var fault = Assert.Single(WaypointsFile.Read(text).Faults);

        Assert.Equal((code, where), (fault.Code, fault.Where));
    }

    [Fact]
    public void A_coordinate_that_is_not_given_stays_so()
    {
        var file = WaypointsFile.Read("QGC WPL 110\n0\t1\t0\t16\t0\t0\t0\t0\t24.5\t117.6\t3\t1\n1\t0\t3\t22\t0\t0\t0\t0\tNaN\tNaN\t40\t1\n").Value;

        Assert.Null(file.Items[0].Position);
        Assert.Equal(file, WaypointsFile.Read(file.Write()).Value);
    }

    [Fact]
    public void Too_many_rows_are_refused()
    {
        var rows = string.Concat(Enumerable.Range(0, WaypointsFile.MaxRows + 1).Select(i => $"{i}\t0\t3\t16\t0\t0\t0\t0\t24\t117\t50\t1\n"));

        Assert.Equal("waypoints.tooManyRows", WaypointsFile.Read("QGC WPL 110\n" + rows).Faults[0].Code);
    }

    [Property]
    public bool Every_mission_survives_being_written_and_read(int seed)
    {
        var file = WaypointsFile.Of(Zhangzhou.Launch, AnyPlan.Items(seed));

        return WaypointsFile.Read(file.Write()).Value == file;
    }

    [Property]
    public bool Text_with_a_character_changed_is_read_whole_or_refused(int seed)
    {
        var random = new Random(seed);
        var text = PlanFiles.Text("patrol.waypoints").ToCharArray();
        text[random.Next(text.Length)] = (char)random.Next(0, 127);
        var result = WaypointsFile.Read(new(text));

        return result.IsValid ? WaypointsFile.Read(result.Value.Write()).Value == result.Value : result.Faults.Count == 1;
    }
}
