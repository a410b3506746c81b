using System.Text;
using System.Text.Json.Nodes;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Files;
using DroneOps.Missions.Items;
using FsCheck.Xunit;
using Xunit;

namespace DroneOps.Tests.Missions;

public sealed class PlanFileTests
{
    [Fact]
    public void A_plan_is_read_with_its_stored_survey_fence_and_rally_point()
    {
        var plan = PlanFile.Read(PlanFiles.Bytes("survey.plan")).Value;

        Assert.Equal(
            [MavCmd.NavTakeoff, MavCmd.DoChangeSpeed, MavCmd.NavWaypoint, MavCmd.NavWaypoint, MavCmd.DoSetCamTriggDist, MavCmd.NavWaypoint, MavCmd.DoSetCamTriggDist,
             MavCmd.DoJump, MavCmd.NavReturnToLaunch],
            plan.Items.Select(item => item.Command));
        Assert.Equal(new(new(24.513, 117.655), 12.5), plan.PlannedHome);
        Assert.Equal((245141234, 1176561235, 60f), (plan.Items[2].X, plan.Items[2].Y, plan.Items[2].Z));
        Assert.True(float.IsNaN(plan.Items[2].Param4));
        Assert.Equal(new(false, [], new(24.5150001, 117.6570001), 80.5), plan.Fences[0]);
        Assert.Equal((true, 4), (plan.Fences[1].IsInclusion, plan.Fences[1].Polygon.Count));
        Assert.Equal(new(new(24.5135, 117.6555), 20), Assert.Single(plan.RallyPoints));
        Assert.Equal("9 items, none changed", plan.Report.ToString());
    }

    [Fact]
    public void A_jump_names_its_target_by_number_in_the_vehicle() =>
        Assert.Equal(3, PlanFile.Read(PlanFiles.Bytes("survey.plan")).Value.Items[7].Param1);

    [Theory]
    [InlineData("survey.plan")]
    [InlineData("survey-without-items.plan")]
    public void An_unchanged_plan_is_written_back_with_every_value_it_had(string name)
    {
        var bytes = PlanFiles.Bytes(name);

        var written = PlanFile.Read(bytes).Value.Write();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(bytes), JsonNode.Parse(written)));
        Assert.Contains("117.656123451", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
    }

    [Fact]
    public void A_survey_without_stored_flight_is_computed_and_reported()
    {
        var plan = PlanFile.Read(PlanFiles.Bytes("survey-without-items.plan")).Value;

        var note = Assert.Single(plan.Report.Notes);
        Assert.Equal(("plan.recomputed", "$.mission.items[3]"), (note.Code, note.Where));

        // 210 m across at 40 m spacing: 6 passes, each with a start and an end.
        Assert.Equal(12, plan.Items.Skip(3).TakeWhile(item => item.Command == MavCmd.NavWaypoint).Count());
    }

    [Theory]
    [InlineData("$.version", "2", "plan.version", "$.version")]
    [InlineData("$.fileType", "\"Fence\"", "plan.notAPlan", "$.fileType")]
    [InlineData("$.mission.version", "1", "plan.version", "$.mission.version")]
    [InlineData("$.mission.items", "{}", "plan.missing", "$.mission.items")]
    [InlineData("$.mission.items[0].params[4]", "124.5", "plan.position", "$.mission.items[0].params[4]")]
    [InlineData("$.mission.items[0].params[6]", "1e300", "plan.number", "$.mission.items[0].params[6]")]
    [InlineData("$.mission.items[0].params[0]", "\"x\"", "plan.number", "$.mission.items[0].params[0]")]
    [InlineData("$.mission.items[0].params", "[1,2]", "plan.item", "$.mission.items[0].params")]
    [InlineData("$.mission.items[0].command", "70000", "plan.number", "$.mission.items[0].command")]
    [InlineData("$.mission.items[1].type", "\"Odd\"", "plan.item", "$.mission.items[1].type")]
    [InlineData("$.mission.items[3].version", "9", "plan.version", "$.mission.items[3].version")]
    [InlineData("$.mission.items[4].params[0]", "99", "plan.jump", "$.mission.items[4].params[0]")]
    [InlineData("$.mission.plannedHomePosition", "[117.6, 24.5, 3]", "plan.position", "$.mission.plannedHomePosition")]
    [InlineData("$.geoFence.circles[0].circle.radius", "-1", "plan.number", "$.geoFence.circles[0].circle.radius")]
    [InlineData("$.geoFence.polygons[0].polygon[1]", "[95, 0]", "plan.position", "$.geoFence.polygons[0].polygon[1]")]
    [InlineData("$.geoFence.polygons[0].inclusion", "1", "plan.missing", "$.geoFence.polygons[0].inclusion")]
    [InlineData("$.rallyPoints.points[0]", "[24.5]", "plan.position", "$.rallyPoints.points[0]")]
    public void What_is_wrong_is_named_by_its_path(string path, string value, string code, string where)
    {
        var result = PlanFile.Read(Changed(path, value));

        Assert.False(result.IsValid);
        Assert.Equal((code, where), (result.Faults[0].Code, result.Faults[0].Where));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"fileType\": \"Plan\", \"fileType\": \"Plan\"}")]
    public void Text_that_is_not_json_is_refused(string text) => Assert.Equal("plan.json", PlanFile.Read(Encoding.UTF8.GetBytes(text)).Faults[0].Code);

    [Fact]
    public void Text_that_is_not_unicode_is_refused()
    {
        Assert.Equal("plan.json", PlanFile.Read("{\"fileType\":\"Plan\",\"x\":\"\\ud800\"}"u8).Faults[0].Code);
        Assert.Equal("plan.json", PlanFile.Read((byte[])[.. "{\"fileType\":\"Plan\",\"x"u8, 0x8D, .. "\":1}"u8]).Faults[0].Code);
    }

    [Fact]
    public void Depth_has_a_limit()
    {
        var deep = Encoding.UTF8.GetBytes($"{{\"fileType\":\"Plan\",\"x\":{new string('[', 100)}{new string(']', 100)}}}");

        Assert.Equal("plan.json", PlanFile.Read(deep).Faults[0].Code);
    }

    [Property]
    public bool Every_mission_survives_being_written_and_read(int seed)
    {
        var items = AnyPlan.Items(seed);
        var plan = PlanFile.Of(Zhangzhou.Launch, items, MissionDialect.ArduPilotCopter, 10, [new(true, [Zhangzhou.At(0, 0), Zhangzhou.At(9, 0), Zhangzhou.At(0, 9)], default, 0)], [new(Zhangzhou.At(3, 3), 20)]);
        var read = PlanFile.Read(plan.Write()).Value;

        return read.Items.SequenceEqual(items) && read.PlannedHome == plan.PlannedHome && read.Fences.SequenceEqual(plan.Fences) && read.RallyPoints.SequenceEqual(plan.RallyPoints);
    }

    [Property]
    public bool A_compiled_route_comes_back_from_its_items_as_it_was(int seed)
    {
        var route = AnyPlan.Route(seed);
        var mission = MissionCompiler.Compile(route, new() { Heights = DroneOps.Missions.HeightFrame.Flat(Zhangzhou.Launch) }).Value;
        var back = RouteImport.FromItems("any", mission.Items).Value;

        return back.Route == route && back.Report.Notes.Count == 0;
    }

    [Fact]
    public void Commands_a_route_cannot_express_are_reported()
    {
        PlanItem[] items =
        [
            new(MavCmd.NavTakeoff, MavFrame.GlobalRelativeAlt) { Z = 30 },
            new(MavCmd.DoSetServo, MavFrame.Mission) { Param1 = 5 },
            new(MavCmd.NavWaypoint, MavFrame.GlobalRelativeAlt) { X = 245130000, Y = 1176550000, Z = 50 },
        ];

        var imported = RouteImport.FromItems("servo", items).Value;

        Assert.Equal(["import.leftOut", "import.noEnd"], imported.Report.Notes.Select(note => note.Code));
        Assert.Equal("items[1]", imported.Report.Notes[0].Where);
        Assert.StartsWith("3 items, 2 changed: items[1]: Command 183 (DoSetServo)", imported.Report.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Changed(string path, string value)
    {
        var root = JsonNode.Parse(PlanFiles.Bytes("survey.plan"))!;
        var at = root;
        var steps = path[2..].Replace("[", ".[", StringComparison.Ordinal).Split('.');
        foreach (var step in steps[..^1])
            at = step[0] == '[' ? at![int.Parse(step[1..^1], null)] : at![step];
        if (steps[^1][0] == '[')
            at!.AsArray()[int.Parse(steps[^1][1..^1], null)] = JsonNode.Parse(value);
        else
            at!.AsObject()[steps[^1]] = JsonNode.Parse(value);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }
}
