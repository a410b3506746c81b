using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Response;

/// <summary>A response that a simulated drone has flown.</summary>
public abstract class FlownResponseTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_choice_is_kept_at_the_instant_it_is_made_and_the_way_is_taken_apart_when_it_is_flown()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var report = new { type = "theft", priority = 1, location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } }, dispatch = "auto" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        var id = (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await rig.UntilAsync(() => rig.Copters[0] is { IsArmed: true, Height: > 20 });

        var begun = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}/response");
        var only = Assert.Single(begun.GetProperty("considered").EnumerateArray());
        Assert.Equal(("1", 1), (only.GetProperty("vehicleId").GetString(), only.GetProperty("rank").GetInt32()));
        Assert.Equal(JsonValueKind.Null, Part(begun, "cruise").GetProperty("tookS").ValueKind);
        Assert.Equal(0, Part(begun, "choice").GetProperty("gainS").GetDouble());

        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));
        var flown = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}/response");
        var parts = new[] { "intake", "decision", "launch", "climb", "cruise", "detour" }.Sum(part => Part(flown, part).GetProperty("tookS").GetDouble());
        Assert.Equal(flown.GetProperty("callToSceneS").GetDouble(), parts, 3);
        Assert.True(Part(flown, "climb").GetProperty("tookS").GetDouble() > 0);
    }

    [Fact]
    public async Task A_response_is_explained_by_the_drone_that_came_first_and_not_by_the_second_view()
    {
        await using var rig = await FlightRig.StartAsync(2, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var report = new { type = "theft", priority = 1, location = new { type = "Point", coordinates = new[] { 117.6560, 24.5110 } }, dispatch = "manual" };
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        var id = (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        foreach (var (vehicleId, role) in new[] { ("1", "primary"), ("2", "second") })
        {
            using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/dispatch", new { vehicleId, role }, Token));
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
            await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        }

        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters.All(copter => copter is { GroundSpeed: < 0.3, Height: > 58 } && Geodesic.DistanceM(new(24.5110, 117.6560), copter.Position) < 30));
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        var drones = (await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}")).GetProperty("drones").EnumerateArray();
        Assert.Equal(["1", "2"], drones.OrderBy(drone => drone.GetProperty("onSceneAt").GetDateTimeOffset()).Select(drone => drone.GetProperty("vehicleId").GetString()));
        var flown = await dispatcher.GetAsync<JsonElement>($"/api/v1/incidents/{id}/response");
        Assert.Equal("1", flown.GetProperty("vehicleId").GetString());
    }

    private static JsonElement Part(JsonElement response, string name) => response.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("part").GetString() == name);

    public sealed class OnSqlite() : FlownResponseTests(Store.Sqlite);

    public sealed class OnPostgres() : FlownResponseTests(Store.Postgres);
}
