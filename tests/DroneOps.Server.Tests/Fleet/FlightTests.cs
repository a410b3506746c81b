using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Items;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Faults;
using DroneOps.Vehicles;
using Altitude = DroneOps.Mavlink.Altitude;

namespace DroneOps.Server.Tests.Fleet;

/// <summary>The server flies simulated vehicles: real bytes, virtual time.</summary>
public sealed class FlightTests
{
    private const int MessageIdOffset = 7;

    private static readonly Commander Pilot = new("user:pilot", MayFly: true, AssignmentId: null) { Grounds = new("training", "user:admin", IsEmergency: false) };

    [Fact]
    public async Task A_pilot_takes_control_takes_off_goes_somewhere_and_lands()
    {
        await using var rig = await FlightRig.StartAsync(1);
        var home = rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;
        await TakeControlAsync(rig);

        Assert.IsType<CommandOutcome.Accepted>(await FlyAsync(rig, new VehicleCommand.Takeoff(Altitude.Relative(20))));
        await rig.UntilAsync(() => rig.Copters[0].Height > 19);
        Assert.IsType<CommandOutcome.Accepted>(await FlyAsync(rig, new VehicleCommand.GoTo(new(home.LatitudeDeg + 0.0005, home.LongitudeDeg), Altitude.Relative(20))));
        await rig.UntilAsync(() => rig.Copters[0].DistanceFromDock > 50);
        Assert.True(rig.Board.Find("1")!.Snapshot.InAir);
        Assert.IsType<CommandOutcome.Accepted>(await FlyAsync(rig, new VehicleCommand.Land()));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot is { Armed: false, InAir: false });
    }

    [Fact]
    public async Task A_route_is_flown_from_the_ground_and_replaced_in_the_air()
    {
        await using var rig = await FlightRig.StartAsync(1);
        var task = new Assignment(AssignmentKind.Patrol, Guid.CreateVersion7(TestServer.Begin).ToString(), "Old city", 1, "system", "patrol");
        Assert.IsType<TakeResult.Taken>(await rig.Get<Assignments>().TakeAsync("1", task, TestContext.Current.CancellationToken));
        var commands = rig.Get<FleetCommands>();
        var home = rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;

        Assert.IsType<FlyResult.Flying>(await rig.UntilAsync(commands.FlyAsync("1", RouteTo(home, 0.0006), Commander.For(task), CancellationToken.None)));
        await rig.UntilAsync(() => rig.Copters[0].DistanceFromDock > 30);
        Assert.IsType<FlyResult.Flying>(await rig.UntilAsync(commands.FlyAsync("1", RouteTo(home, -0.0006), Commander.For(task), CancellationToken.None)));
        await rig.UntilAsync(() => rig.Copters[0].Position.LatitudeDeg < home.LatitudeDeg - 0.0004);
        Assert.Equal("AUTO", rig.Board.Find("1")!.Snapshot.Mode);
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
    }

    [Fact]
    public async Task A_vehicle_in_the_air_is_not_stopped_for_a_route_that_its_battery_forbids()
    {
        await using var rig = await FlightRig.StartAsync(1);
        var task = new Assignment(AssignmentKind.Patrol, Guid.CreateVersion7(TestServer.Begin).ToString(), "Old city", 1, "system", "patrol");
        Assert.IsType<TakeResult.Taken>(await rig.Get<Assignments>().TakeAsync("1", task, TestContext.Current.CancellationToken));
        var commands = rig.Get<FleetCommands>();
        var home = rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;
        Assert.IsType<FlyResult.Flying>(await rig.UntilAsync(commands.FlyAsync("1", RouteTo(home, 0.002), Commander.For(task), CancellationToken.None)));
        await rig.UntilAsync(() => rig.Copters[0].DistanceFromDock > 30);

        rig.Copters[0].Plan(new TimedFault(FaultKind.LowBattery, 0, Value: 0.2));
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Battery is { Value.Level: BatteryLevel.Low });
        var again = Assert.IsType<FlyResult.Stopped>(await rig.UntilAsync(commands.FlyAsync("1", RouteTo(home, -0.002), Commander.For(task), CancellationToken.None)));

        Assert.Equal(("start", "the battery is low"), (again.Step, again.Reason));
        Assert.Equal("AUTO", rig.Copters[0].Mode);

        // Nor is it offered for a call that it would be refused for.
        using var dispatcher = await rig.Server.SignInAsync(Roles.Dispatcher);
        var call = new { type = "theft", priority = 1, location = new { type = "Point", coordinates = new[] { home.LongitudeDeg, home.LatitudeDeg } } };
        var reported = await (await dispatcher.PostAsJsonAsync("/api/v1/incidents", call)).ReadAsync<JsonElement>(HttpStatusCode.Created);
        var offered = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{reported.GetProperty("id").GetGuid()}/candidates");
        Assert.Equal("Its battery is low.", Assert.Single(offered.GetProperty("items").EnumerateArray()).GetProperty("excluded").GetString());
    }

    [Fact]
    public async Task A_silent_vehicle_is_lost_within_four_and_a_half_seconds_and_its_commands_fail_at_once()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await TakeControlAsync(rig);

        rig.IsSilent = true;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Lost);

        var lost = rig.Board.Find("1")!.Snapshot;
        Assert.InRange((rig.Server.Time.GetUtcNow() - lost.HeartbeatAt!.Value).TotalSeconds, 3, 4.5);
        Assert.Equal(NotSentReason.LinkLost, Assert.IsType<CommandOutcome.NotSent>(await FlyAsync(rig, new VehicleCommand.Arm())).Reason);
        rig.IsSilent = false;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Link == VehicleLinkState.Up);
    }

    [Fact]
    public async Task Our_heartbeat_stops_when_the_way_of_commands_is_blocked()
    {
        await using var rig = await FlightRig.StartAsync(1);
        var heartbeats = 0;
        rig.OnSent = bytes => heartbeats += bytes.Span[MessageIdOffset] == Heartbeat.MsgId ? 1 : 0;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.InRange(heartbeats, 2, 4);

        using var entered = new SemaphoreSlim(0);
        using var release = new ManualResetEventSlim();
        void Block(FleetVehicle vehicle)
        {
            entered.Release();
            release.Wait(TestContext.Current.CancellationToken);
        }

        var gateway = rig.Get<Gateway>();
        rig.Board.Changed += Block;
        gateway.LoopOf("1")!.Refresh();
        await entered.WaitAsync(TestContext.Current.CancellationToken);
        rig.Server.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(gateway.IsAlive);

        rig.Board.Changed -= Block;
        release.Set();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.True(gateway.IsAlive);
    }

    [Fact]
    public async Task Without_control_a_command_is_refused_and_wrong_values_are_named()
    {
        await using var rig = await FlightRig.StartAsync(1);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");

        await (await PostAsync(pilot, "commands", new { command = "arm" })).ReadProblemAsync(HttpStatusCode.Forbidden, "control-needed");
        await (await PostAsync(dispatcher, "commands", new { command = "hold" })).ReadProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        var wrong = await (await PostAsync(pilot, "commands", new { command = "takeoff", altitudeAboveHomeM = 9000, lon = 1 })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal(["#/altitudeAboveHomeM", "#/lon"], wrong.GetProperty("errors").EnumerateArray().Select(fault => fault.GetProperty("pointer").GetString()));
        await (await PostAsync(pilot, "commands", new { command = "arm", force = true })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await pilot.PostAsJsonAsync("/api/v1/vehicles/99/commands", new { command = "arm" }, TestContext.Current.CancellationToken)).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_dispatcher_who_has_it_assigned_may_hold_it_though_a_pilot_has_control()
    {
        await using var rig = await FlightRig.StartAsync(1);
        await TakeControlAsync(rig);
        var task = new Assignment(AssignmentKind.Incident, Guid.CreateVersion7(TestServer.Begin).ToString(), "Fire", 5, "user:dispatcher", "incident");
        await rig.Get<Assignments>().TakeAsync("1", task, TestContext.Current.CancellationToken);
        await FlyAsync(rig, new VehicleCommand.Takeoff(Altitude.Relative(15)));
        await rig.UntilAsync(() => rig.Copters[0].Height > 14);

        var outcome = await rig.UntilAsync(rig.Get<FleetCommands>().ExecuteAsync("1", new VehicleCommand.Hold(), new Commander("user:dispatcher", false, null), CancellationToken.None));

        Assert.True(outcome.IsAccepted);
        await rig.UntilAsync(() => rig.Copters[0].Mode == "BRAKE");
    }

    [Fact]
    public async Task Control_is_offered_and_accepted_and_an_assignment_outlives_a_restart()
    {
        await using var rig = await FlightRig.StartAsync(1);
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var admin = await rig.Server.SignInAsync("admin");

        Assert.Equal("user:pilot", (await (await PostAsync(pilot, "control", new { })).ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("holder").GetString());
        await (await PostAsync(admin, "control", new { })).ReadProblemAsync(HttpStatusCode.Conflict, "control-elsewhere");
        await (await PostAsync(pilot, "control/offer", new { to = "nobody" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await PostAsync(pilot, "control/offer", new { to = "dispatcher" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await PostAsync(pilot, "control/offer", new { to = "Admin" });
        Assert.Equal("user:admin", (await (await PostAsync(admin, "control/accept", new { })).ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("holder").GetString());

        var task = new Assignment(AssignmentKind.Manual, Guid.CreateVersion7(TestServer.Begin).ToString(), "Practice", 5, "user:pilot", "training");
        await rig.Get<Assignments>().TakeAsync("1", task, TestContext.Current.CancellationToken);
        await rig.Server.RestartAsync();
        Assert.Equal(task, rig.Board.Find("1")!.Assignment);
        Assert.Equal("UAV-01", rig.Board.Find("1")!.Name);
    }

    [Fact]
    public async Task A_route_of_the_library_is_written_to_a_vehicle_and_one_it_cannot_fly_is_not()
    {
        await using var rig = await FlightRig.StartAsync(1);
        using var pilot = await rig.Server.SignInAsync("pilot");
        await TakeControlAsync(rig);
        var near = rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;
        var keep = (double lon, double lat) => pilot.PostAsJsonAsync("/api/v1/routes", new { name = "short", route = new { legs = new[] { new { to = new[] { lon, lat }, altitudeM = 60, altitudeDatum = "relative" } }, cruiseSpeedMps = 8 } });
        var route = (await (await keep(near.LongitudeDeg + 0.002, near.LatitudeDeg)).ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetString();

        var written = await rig.UntilAsync(pilot.PutAsJsonAsync("/api/v1/vehicles/1/mission", new { routeId = route }));
        Assert.Equal("verified", (await written.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        var read = await rig.UntilAsync(pilot.GetAsync<JsonElement>("/api/v1/vehicles/1/mission"));
        Assert.Contains(read.GetProperty("items").EnumerateArray(), item => item.GetProperty("lon").ValueKind == JsonValueKind.Number && Math.Abs(item.GetProperty("lon").GetDouble() - near.LongitudeDeg - 0.002) < 1e-6);

        await (await pilot.PutAsJsonAsync("/api/v1/vehicles/1/mission", new { routeId = "nowhere" })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await pilot.PutAsJsonAsync("/api/v1/vehicles/1/mission", new { routeId = route, items = Array.Empty<object>() })).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        await (await pilot.PutAsJsonAsync("/api/v1/vehicles/1/mission", new { items = new[] { new { command = 16, frame = 6, lon = 117.602, lat = 24.533, altitudeM = 60 } } })).ReadProblemAsync(HttpStatusCode.UnprocessableEntity, "keep-out-zone");
    }

    [Fact]
    public async Task What_people_decide_about_a_vehicle_is_changed_on_the_version_they_read()
    {
        await using var rig = await FlightRig.StartAsync(1);
        using var admin = await rig.Server.SignInAsync("admin");
        using var read = await admin.GetAsync("/api/v1/vehicles/1");
        using var first = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/vehicles/1") { Content = JsonContent.Create(new { name = "Eagle" }) };
        using var late = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/vehicles/1") { Content = JsonContent.Create(new { name = "Hawk" }) };
        first.Headers.IfMatch.Add(read.Headers.ETag!);
        late.Headers.IfMatch.Add(read.Headers.ETag!);
        using var changed = await admin.SendAsync(first);
        using var again = await admin.GetAsync("/api/v1/vehicles/1");
        Assert.Equal("Eagle", (await changed.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("name").GetString());
        Assert.Equal(changed.Headers.ETag, again.Headers.ETag);
        using var refused = await admin.SendAsync(late);
        await refused.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "stale-etag");
    }

    private static async Task TakeControlAsync(FlightRig rig) =>
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl(Pilot.Actor));

    private static async Task<CommandOutcome> FlyAsync(FlightRig rig, VehicleCommand command) =>
        (await rig.UntilAsync(rig.Get<FleetCommands>().ExecuteAsync("1", command, Pilot, CancellationToken.None))).Outcome;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string what, object body) =>
        client.PostAsJsonAsync($"/api/v1/vehicles/1/{what}", body, TestContext.Current.CancellationToken);

    private static MissionItemInt[] RouteTo(GeoPoint home, double northDeg)
    {
        PlanItem[] items =
        [
            new(MavCmd.NavTakeoff, MavFrame.GlobalRelativeAlt) { Z = 20 },
            new(MavCmd.NavWaypoint, MavFrame.GlobalRelativeAlt) { X = new GeoPoint(home.LatitudeDeg + northDeg, 0).LatitudeE7, Y = home.LongitudeE7, Z = 20 },
            new(MavCmd.NavReturnToLaunch, MavFrame.Mission),
        ];
        return [.. items.Select((item, i) => item.ToWire(0, 0, (ushort)i, MavMissionType.Mission))];
    }
}
