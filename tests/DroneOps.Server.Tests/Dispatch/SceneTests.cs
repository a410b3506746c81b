using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Simulator.Faults;
using DroneOps.Vehicles;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>What a dispatcher has a drone do at the scene, on both stores and with simulated vehicles.</summary>
public abstract class SceneTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly GeoPoint Scene = new(24.5110, 117.6560);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_drone_orbits_and_hovers_where_it_is_asked_to_and_only_while_no_pilot_has_control()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await OnSceneAsync(rig, dispatcher);
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "dance" })).Refused("task is hover");
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "orbit", heightM = 150 })).Refused("heightM is 30 to 120");

        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "orbit", radiusM = 60, heightM = 70 })).Done();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(75));
        List<double> sides = [];
        for (var i = 0; i < 12; i++)
        {
            await rig.AdvanceAsync(TimeSpan.FromSeconds(6));
            Assert.InRange(Geodesic.DistanceM(Scene, rig.Copters[0].Position), 50, 70);
            sides.Add(Geodesic.Inverse(Scene, rig.Copters[0].Position).StartAzimuthDeg);
        }

        Assert.True(sides.Select(side => (int)(((side % 360) + 360) % 360 / 90)).Distinct().Count() == 4);
        var task = (await ReadAsync(dispatcher, id)).GetProperty("drones")[0].GetProperty("task");
        Assert.Equal(("orbit", 70), (task.GetProperty("task").GetString(), task.GetProperty("heightM").GetDouble()));

        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "hover", radiusM = 30, bearingDeg = 90 })).Done();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(45));
        Assert.True(Geodesic.DistanceM(Geodesic.Direct(Scene, 90, 30), rig.Copters[0].Position) < 5);

        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl("user:pilot"));
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "hover", radiusM = 0 })).Refused("control-elsewhere");
    }

    [Fact]
    public async Task A_drone_follows_a_unit_and_holds_when_its_position_is_old()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await OnSceneAsync(rig, dispatcher);
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "followUnit", unitCallSign = "Z-7" })).Refused("There is no unit 'Z-7'");
        var unit = Geodesic.Direct(Scene, 180, 60);
        await ReportUnitAsync(rig, unit);
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "followUnit", unitCallSign = "Z-7", radiusM = 20, bearingDeg = 0 })).Done();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(25));
        Assert.True(Geodesic.DistanceM(Geodesic.Direct(unit, 0, 20), rig.Copters[0].Position) < 5);

        unit = Geodesic.Direct(unit, 90, 120);
        await ReportUnitAsync(rig, unit);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.True(Geodesic.DistanceM(Geodesic.Direct(unit, 0, 20), rig.Copters[0].Position) < 5);

        await rig.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("The unit's position is old; the drone holds.", (await ReadAsync(dispatcher, id)).GetProperty("drones")[0].GetProperty("task").GetProperty("note").GetString());
        await ReportUnitAsync(rig, unit);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Equal(JsonValueKind.Null, (await ReadAsync(dispatcher, id)).GetProperty("drones")[0].GetProperty("task").GetProperty("note").ValueKind);
    }

    [Theory]
    [InlineData("returnToLaunch", "RTL")]
    [InlineData("land", "LAND")]
    [InlineData("hold", "BRAKE")]
    public async Task A_drone_that_somebody_stops_does_not_follow_until_it_is_given_the_task_anew(string stop, string mode)
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var (id, unit) = await FollowingAsync(rig, dispatcher);
        var sent = 0;
        rig.OnSent = frame => sent += Frames.IsCommand(frame, MavCmd.DoReposition) ? 1 : 0;

        // A pilot who has not taken control: a safe stop needs none.
        using var pilot = await rig.Server.SignInAsync("pilot");
        using var stopped = await rig.CallAsync(() => pilot.PostAsJsonAsync("/api/v1/vehicles/1/commands", new { command = stop }, Token));
        Assert.Equal("accepted", (await stopped.ReadAsync<JsonElement>(HttpStatusCode.OK)).GetProperty("outcome").GetString());
        unit = Geodesic.Direct(unit, 90, 120);
        await ReportUnitAsync(rig, unit);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((0, mode), (sent, rig.Copters[0].Mode));
        Assert.StartsWith("It was stopped,", await NoteAsync(dispatcher, id), StringComparison.Ordinal);

        (await FollowAsync(rig, dispatcher, id)).Done();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(40));
        Assert.Null(await NoteAsync(dispatcher, id));
        Assert.True(Geodesic.DistanceM(Geodesic.Direct(unit, 0, 20), rig.Copters[0].Position) < 5);
    }

    [Fact]
    public async Task A_drone_that_leaves_guided_flight_without_the_service_is_left_alone_over_a_restart()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var (id, unit) = await FollowingAsync(rig, dispatcher);

        // As by a transmitter: no order of the service's is behind it.
        await rig.UntilAsync(rig.Get<Gateway>().LoopOf("1")!.Command(new VehicleCommand.SetMode("BRAKE"))!);
        await ReportUnitAsync(rig, Geodesic.Direct(unit, 90, 120));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("BRAKE", rig.Copters[0].Mode);
        Assert.StartsWith("It was stopped,", await NoteAsync(dispatcher, id), StringComparison.Ordinal);

        await rig.Server.RestartAsync();
        await ReportUnitAsync(rig, unit);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("BRAKE", rig.Copters[0].Mode);
    }

    [Fact]
    public async Task A_drone_that_follows_a_unit_stays_until_it_must_leave_though_a_relief_has_come_to_the_place()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await OnSceneAsync(rig, dispatcher);
        await ReportUnitAsync(rig, Geodesic.Direct(Scene, 180, 60));
        (await PostAsync(rig, dispatcher, $"{id}/scene", new { task = "followUnit", unitCallSign = "Z-7" })).Done();
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { vehicleId = "2", role = "relief" })).Done();
        await rig.UntilAsync(() => rig.Copters[1] is { GroundSpeed: < 0.3, Height: > 30 } && Geodesic.DistanceM(Scene, rig.Copters[1].Position) < 30);
        await rig.AdvanceAsync(Relief.Overlap + TimeSpan.FromSeconds(10));

        var both = await ReadAsync(dispatcher, id);
        Assert.Equal(["onScene", "onScene"], both.GetProperty("drones").EnumerateArray().Select(drone => drone.GetProperty("state").GetString()));
        Assert.StartsWith("UAV-01 stays with its own task until it must leave at ", both.GetProperty("waitsFor").GetString(), StringComparison.Ordinal);

        rig.Copters[0].Plan(new TimedFault(FaultKind.LowBattery, 0, Value: 0.4));
        await rig.UntilAsync(() => rig.Copters[0].Mode == "RTL");
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        var after = await ReadAsync(dispatcher, id);
        Assert.Equal(("2", "It had to leave to land with its reserve."), (after.GetProperty("vehicleId").GetString(), after.GetProperty("drones")[0].GetProperty("why").GetString()));
        Assert.Equal(JsonValueKind.Null, after.GetProperty("waitsFor").ValueKind);
    }

    [Fact]
    public async Task A_light_is_switched_where_there_is_one_and_the_answer_says_so()
    {
        await using var rig = await FlightRig.StartAsync(1, store, ("Fleet:Payloads:0", "*|light|relay|0"), ("Fleet:Payloads:1", "UAV-01|loudspeaker/leave|servo|9|1900|1100"));
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await OnSceneAsync(rig, dispatcher);

        var carried = await dispatcher.GetAsync<JsonElement>($"{Incidents}/{id}/payload");
        Assert.Equal(["loudspeaker/leave", "light"], carried.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        (await PostAsync(rig, dispatcher, $"{id}/payload", new { action = "light", on = true })).Says("accepted");
        (await PostAsync(rig, dispatcher, $"{id}/payload", new { action = "loudspeaker", message = "leave" })).Says("accepted");
        (await PostAsync(rig, dispatcher, $"{id}/payload", new { action = "loudspeaker", message = "sing" })).Refused("payload-not-offered");
        (await PostAsync(rig, dispatcher, $"{id}/payload", new { action = "light" })).Refused("Say on");
    }

    private static async Task<Guid> OnSceneAsync(FlightRig rig, HttpClient dispatcher)
    {
        var report = new { type = "theft", priority = 1, summary = "", location = new { type = "Point", coordinates = new[] { Scene.LongitudeDeg, Scene.LatitudeDeg } } };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        var id = (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        (await PostAsync(rig, dispatcher, $"{id}/dispatch", new { vehicleId = "1" })).Done();
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters[0] is { GroundSpeed: < 0.3, Height: > 58 } && Geodesic.DistanceM(Scene, rig.Copters[0].Position) < 30);
        return id;
    }

    /// <summary>A drone at the scene that stands 20 m north of a unit and follows it.</summary>
    private static async Task<(Guid Incident, GeoPoint Unit)> FollowingAsync(FlightRig rig, HttpClient dispatcher)
    {
        var id = await OnSceneAsync(rig, dispatcher);
        var unit = Geodesic.Direct(Scene, 180, 60);
        await ReportUnitAsync(rig, unit);
        (await FollowAsync(rig, dispatcher, id)).Done();
        await rig.AdvanceAsync(TimeSpan.FromSeconds(25));
        Assert.True(Geodesic.DistanceM(Geodesic.Direct(unit, 0, 20), rig.Copters[0].Position) < 5);
        return (id, unit);
    }

    private static Task<Answer> FollowAsync(FlightRig rig, HttpClient dispatcher, Guid id) =>
        PostAsync(rig, dispatcher, $"{id}/scene", new { task = "followUnit", unitCallSign = "Z-7", radiusM = 20, bearingDeg = 0 });

    private static async Task<string?> NoteAsync(HttpClient client, Guid id) => (await ReadAsync(client, id)).GetProperty("drones")[0].GetProperty("task").GetProperty("note").GetString();

    private static async Task ReportUnitAsync(FlightRig rig, GeoPoint at)
    {
        using var cars = await rig.Server.SignInAsync("dispatcher");
        using var answer = await cars.PutAsJsonAsync("/api/v1/units/Z-7/position", new { location = new { type = "Point", coordinates = new[] { at.LongitudeDeg, at.LatitudeDeg } }, at = rig.Now }, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static async Task<Answer> PostAsync(FlightRig rig, HttpClient dispatcher, string path, object body)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{path}", body, Token));
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Token));
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    private sealed record Answer(HttpStatusCode Status, string Body)
    {
        public void Done() => Assert.True(Status == HttpStatusCode.OK, Body);

        public void Says(string outcome) => Assert.Contains($"\"outcome\":\"{outcome}\"", Body, StringComparison.Ordinal);

        public void Refused(string text)
        {
            Assert.NotEqual(HttpStatusCode.OK, Status);
            Assert.Contains(text, Body.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    public sealed class OnSqlite() : SceneTests(Store.Sqlite);

    public sealed class OnPostgres() : SceneTests(Store.Postgres);
}
