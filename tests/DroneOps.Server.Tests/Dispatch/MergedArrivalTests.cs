using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Missions.Geodesy;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>A drone that is at the scene of a call when that turns out to be another incident.</summary>
public abstract class MergedArrivalTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly GeoPoint Scene = new(24.5110, 117.6560);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_has_arrived_at_the_other_one_where_that_is_the_same_place()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var call = await OnSceneAsync(rig, dispatcher);
        var arrived = StageAt(await ReadAsync(dispatcher, call), "DroneOnScene");
        await rig.AdvanceAsync(TimeSpan.FromMinutes(2));
        var other = await ReportAsync(rig, dispatcher, Scene);

        var merged = rig.Now;
        await PostAsync(rig, dispatcher, $"{call}/merge", new { into = other, reason = "the same" });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(10));
        var survivor = await ReadAsync(dispatcher, other);
        Assert.Equal(("onScene", arrived), (survivor.GetProperty("state").GetString(), StageAt(survivor, "DroneOnScene")));

        await PostAsync(rig, dispatcher, $"{call}/unmerge", new { reason = "another one" });
        Assert.Equal(arrived, StageAt(await ReadAsync(dispatcher, call), "DroneOnScene"));
        var response = await dispatcher.GetAsync<JsonElement>($"{Incidents}/{other}/response");
        Assert.Equal((merged - StageAt(survivor = await ReadAsync(dispatcher, other), "CallReceived")!.Value).TotalSeconds, response.GetProperty("callToSceneS").GetDouble(), 1.0);
        Assert.Equal("1", survivor.GetProperty("vehicleId").GetString());
    }

    [Fact]
    public async Task One_that_follows_a_unit_has_arrived_wherever_the_other_one_is()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var call = await OnSceneAsync(rig, dispatcher);
        var arrived = StageAt(await ReadAsync(dispatcher, call), "DroneOnScene");
        using var cars = await dispatcher.PutAsJsonAsync("/api/v1/units/Z-7/position", new { location = PointOf(Geodesic.Direct(Scene, 180, 60)), at = rig.Now }, Token);
        Assert.True(cars.IsSuccessStatusCode, await cars.Content.ReadAsStringAsync(Token));
        await PostAsync(rig, dispatcher, $"{call}/scene", new { task = "followUnit", unitCallSign = "Z-7", radiusM = 20, bearingDeg = 0 });
        var other = await ReportAsync(rig, dispatcher, Geodesic.Direct(Scene, 90, 400));

        await PostAsync(rig, dispatcher, $"{call}/merge", new { into = other, reason = "the same" });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        var survivor = await ReadAsync(dispatcher, other);
        Assert.Equal(("onScene", arrived), (survivor.GetProperty("state").GetString(), StageAt(survivor, "DroneOnScene")));
    }

    private static async Task<Guid> OnSceneAsync(FlightRig rig, HttpClient dispatcher)
    {
        var id = await ReportAsync(rig, dispatcher, Scene);
        await PostAsync(rig, dispatcher, $"{id}/dispatch", new { });
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters[0] is { GroundSpeed: < 0.3, Height: > 58 } && Geodesic.DistanceM(Scene, rig.Copters[0].Position) < 30);
        return id;
    }

    private static async Task<Guid> ReportAsync(FlightRig rig, HttpClient dispatcher, GeoPoint place)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, new { type = "theft", priority = 2, summary = "", location = PointOf(place), dispatch = "manual" }, Token));
        return (await answer.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static object PointOf(GeoPoint place) => new { type = "Point", coordinates = new[] { place.LongitudeDeg, place.LatitudeDeg } };

    private static async Task PostAsync(FlightRig rig, HttpClient dispatcher, string path, object body)
    {
        using var answer = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{path}", body, Token));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Token));
    }

    private static DateTimeOffset? StageAt(JsonElement incident, string stage)
    {
        var at = incident.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == stage).GetProperty("at");
        return at.ValueKind == JsonValueKind.Null ? null : at.GetDateTimeOffset();
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    public sealed class OnSqlite() : MergedArrivalTests(Store.Sqlite);

    public sealed class OnPostgres() : MergedArrivalTests(Store.Postgres);
}
