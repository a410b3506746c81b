using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Dispatch;
using DroneOps.Server.Incidents;
using DroneOps.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>A drone under way when its incident moves, or turns out to be another one.</summary>
public abstract class MovingIncidentTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_drone_follows_its_incident_and_is_on_the_scene_when_it_is_there()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentAsync(rig, dispatcher, 117.6580, 24.5110);

        var moved = await MoveAsync(rig, dispatcher, id, 117.6600, 24.5140);
        Assert.Equal((0, "dispatched"), (moved.GetProperty("warnings").GetArrayLength(), moved.GetProperty("state").GetString()));
        await rig.UntilAsync(() => DistanceM(rig, 117.6600, 24.5140) < 30);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal("onScene", (await ReadAsync(dispatcher, id)).GetProperty("state").GetString());

        // Once more, from the scene.
        Assert.Equal("dispatched", (await MoveAsync(rig, dispatcher, id, 117.6580, 24.5110)).GetProperty("state").GetString());
        await rig.UntilAsync(() => DistanceM(rig, 117.6580, 24.5110) < 30);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal("onScene", (await ReadAsync(dispatcher, id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_drone_that_must_not_go_to_the_new_place_keeps_its_order_and_the_incident_says_so()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentAsync(rig, dispatcher, 117.6580, 24.5110);

        var moved = await MoveAsync(rig, dispatcher, id, 117.6029, 24.5332);
        Assert.Equal(["no-fly-zone", "drone-not-rerouted"], moved.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetProperty("code").GetString()));
        Assert.Contains("inside a no-fly zone", moved.GetProperty("warnings")[1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        await rig.UntilAsync(() => DistanceM(rig, 117.6580, 24.5110) < 30);
    }

    [Fact]
    public async Task The_drone_of_a_merged_call_goes_over_to_the_incident_that_it_becomes()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentAsync(rig, dispatcher, 117.6580, 24.5110);
        var other = await ReportAsync(rig, dispatcher, 117.6588, 24.5116, null);

        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/merge", new { into = other, reason = "the same" }, Token));
        var survivor = await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("1", "dispatched", 0), (survivor.GetProperty("vehicleId").GetString(), survivor.GetProperty("state").GetString(), survivor.GetProperty("warnings").GetArrayLength()));
        var merged = await ReadAsync(dispatcher, id);
        Assert.Equal(("closed", JsonValueKind.Null), (merged.GetProperty("state").GetString(), merged.GetProperty("vehicleId").ValueKind));
        await rig.UntilAsync(() => DistanceM(rig, 117.6588, 24.5116) < 30);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal("onScene", (await ReadAsync(dispatcher, other)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Whoever_merges_and_hangs_up_has_sent_the_drone_to_the_place_of_the_incident_that_it_becomes()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentAsync(rig, dispatcher, 117.6580, 24.5110);
        var other = await ReportAsync(rig, dispatcher, 117.6600, 24.5140, null);
        using CancellationTokenSource gone = new();
        List<string> said = [];
        rig.Get<IncidentChanges>().Changed += view =>
        {
            // The merge is written, and its drone has not been told.
            if (view.Id == other && view.Drones.Count > 0 && !gone.IsCancellationRequested)
            {
                said.AddRange(view.Warnings.Select(warning => warning.Code));
                gone.Cancel();
            }
        };

        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "dispatcher")], "test"));
        var merging = MergeIncident.HandleAsync(id, new(other, "the same"), new DefaultHttpContext(), user, rig.Get<IncidentBook>(), rig.Get<DispatchDesk>(), gone.Token);
        Assert.IsType<Ok<IncidentView>>((await rig.UntilAsync(merging)).Result);

        Assert.Equal((true, "drone-not-rerouted"), (gone.IsCancellationRequested, Assert.Single(said)));
        Assert.Equal(0, (await ReadAsync(dispatcher, other)).GetProperty("warnings").GetArrayLength());
        await rig.UntilAsync(() => DistanceM(rig, 117.6600, 24.5140) < 30);
    }

    [Fact]
    public async Task Two_incidents_with_a_drone_each_are_not_merged()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var one = await SentAsync(rig, dispatcher, 117.6580, 24.5110);
        var other = await ReportAsync(rig, dispatcher, 117.6588, 24.5116, "auto");
        await rig.UntilAsync(() => rig.Copters.All(copter => copter.Height > 10));

        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{one}/merge", new { into = other, reason = "the same" }, Token));
        await answer.ReadProblemAsync(HttpStatusCode.Conflict, "both-have-drones");
    }

    [Fact]
    public async Task Both_drones_follow_their_incident_and_stay_apart()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentTwoAsync(rig, dispatcher);

        var moved = await MoveAsync(rig, dispatcher, id, 117.6600, 24.5140);
        Assert.Equal((0, 2), (moved.GetProperty("warnings").GetArrayLength(), moved.GetProperty("drones").GetArrayLength()));
        await rig.UntilAsync(() => AllNear(rig, 117.6600, 24.5140));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        AssertBothOnScene(await ReadAsync(dispatcher, id));
        AssertApart(rig);
    }

    [Fact]
    public async Task Both_drones_of_a_merged_call_go_over_to_the_incident_that_it_becomes()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var id = await SentTwoAsync(rig, dispatcher);
        var other = await ReportAsync(rig, dispatcher, 117.6588, 24.5116, null);

        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/merge", new { into = other, reason = "the same" }, Token));
        var survivor = await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
        Assert.Equal(("1", 0), (survivor.GetProperty("vehicleId").GetString(), survivor.GetProperty("warnings").GetArrayLength()));
        Assert.All((await ReadAsync(dispatcher, id)).GetProperty("drones").EnumerateArray(), drone => Assert.Equal("gone", drone.GetProperty("state").GetString()));
        await rig.UntilAsync(() => AllNear(rig, 117.6588, 24.5116));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        AssertBothOnScene(await ReadAsync(dispatcher, other));
        AssertApart(rig);
    }

    private static async Task<Guid> SentTwoAsync(FlightRig rig, HttpClient dispatcher)
    {
        var id = await ReportAsync(rig, dispatcher, 117.6580, 24.5110, null);
        foreach (var body in new object[] { new { vehicleId = "1" }, new { vehicleId = "2", role = "second" } })
        {
            using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/dispatch", body, Token));
            await sent.ReadAsync<JsonElement>(HttpStatusCode.OK);
        }

        await rig.UntilAsync(() => rig.Copters.All(copter => copter is { IsArmed: true, Height: > 20 }));
        return id;
    }

    private static bool AllNear(FlightRig rig, double lon, double lat) =>
        rig.Board.All.All(vehicle => vehicle.Snapshot.Position is { } position && Geodesic.DistanceM(position.Value.Point, new GeoPoint(lat, lon)) < 40);

    private static void AssertBothOnScene(JsonElement incident)
    {
        var working = incident.GetProperty("drones").EnumerateArray().Where(drone => drone.GetProperty("state").GetString() != "gone").ToList();
        Assert.Equal([("1", "primary", "onScene"), ("2", "second", "onScene")], working.Select(drone =>
            (drone.GetProperty("vehicleId").GetString(), drone.GetProperty("role").GetString(), drone.GetProperty("state").GetString())).Order());
    }

    private static void AssertApart(FlightRig rig)
    {
        var heights = rig.Board.All.Select(vehicle => vehicle.Snapshot.Position!.Value.Value.Amsl.Metres).ToList();
        Assert.True(Math.Abs(heights[0] - heights[1]) >= SceneStand.SeparationM - 1);
    }

    private static double DistanceM(FlightRig rig, double lon, double lat) =>
        rig.Board.All.Single().Snapshot.Position is { } position ? Geodesic.DistanceM(position.Value.Point, new GeoPoint(lat, lon)) : double.MaxValue;

    private static async Task<Guid> SentAsync(FlightRig rig, HttpClient dispatcher, double lon, double lat)
    {
        var id = await ReportAsync(rig, dispatcher, lon, lat, "auto");
        await rig.UntilAsync(() => rig.Copters.Any(copter => copter is { IsArmed: true, Height: > 20 }));
        return id;
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, double lon, double lat, string? dispatch)
    {
        var report = new { type = "theft", priority = 2, summary = "", location = new { type = "Point", coordinates = new[] { lon, lat } }, dispatch };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<JsonElement> MoveAsync(FlightRig rig, HttpClient dispatcher, Guid id, double lon, double lat)
    {
        var request = new { location = new { type = "Point", coordinates = new[] { lon, lat } }, reason = "it goes on there" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/location", request, Token));
        return await answer.ReadAsync<JsonElement>(HttpStatusCode.OK);
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    public sealed class OnSqlite() : MovingIncidentTests(Store.Sqlite);

    public sealed class OnPostgres() : MovingIncidentTests(Store.Postgres);
}
