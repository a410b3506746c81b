using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Missions.Geodesy;
using DroneOps.Mavlink;
using DroneOps.Server.Tests.Harness;
using DroneOps.Vehicles;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>What drones do at incidents while the database is away: it is written when that is back, with the times at which it happened.</summary>
public abstract class SceneOutageTests(Store store)
{
    private const string Incidents = "/api/v1/incidents";
    private static readonly GeoPoint Scene = new(24.5110, 117.6560);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_arrival_and_a_landing_while_the_database_is_away_are_written_with_their_own_times_when_it_is_back()
    {
        await using var rig = await FlightRig.StartAsync(1, store);
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var report = new { type = "theft", priority = 1, summary = "", location = new { type = "Point", coordinates = new[] { Scene.LongitudeDeg, Scene.LatitudeDeg } } };
        using var made = await rig.CallAsync(() => dispatcher.PostAsJsonAsync(Incidents, report, Token));
        var id = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"{Incidents}/{id}/dispatch", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        await rig.UntilAsync(() => rig.Copters[0].Height > 20);
        rig.IsHurried = true;

        await rig.Server.TakeAwayAsync("incidents");
        await rig.UntilAsync(() => rig.Copters[0].GroundSpeed < 0.3 && Geodesic.DistanceM(Scene, rig.Copters[0].Position) < 30);
        await rig.AdvanceAsync(Moment);
        var there = rig.Now;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        await rig.Server.BringBackAsync("incidents");
        await rig.AdvanceAsync(Moment);

        var incident = await ReadAsync(dispatcher, id);
        Assert.Equal(("onScene", "onScene"), (incident.GetProperty("state").GetString(), incident.GetProperty("drones")[0].GetProperty("state").GetString()));
        Assert.True(StageAt(incident, "DroneOnScene") <= there);
        Assert.Equal(StageAt(incident, "DroneOnScene"), incident.GetProperty("drones")[0].GetProperty("onSceneAt").GetDateTimeOffset());

        await rig.Server.TakeAwayAsync("incidents");
        Assert.IsType<CommandOutcome.Accepted>(await rig.CommandAsync("1", new VehicleCommand.ReturnToLaunch()));
        await rig.UntilAsync(() => rig.Copters[0] is { IsLanded: true, IsArmed: false });
        await rig.AdvanceAsync(Moment);
        var down = rig.Now;
        await rig.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.NotNull(rig.Board.Find("1")!.Assignment);
        await rig.Server.BringBackAsync("incidents");
        await rig.AdvanceAsync(Moment);

        incident = await ReadAsync(dispatcher, id);
        Assert.Empty(incident.GetProperty("drones").EnumerateArray());
        Assert.InRange(StageAt(incident, "DroneRecovered")!.Value, there, down);
        Assert.Null(rig.Board.Find("1")!.Assignment);
    }

    private static DateTimeOffset? StageAt(JsonElement incident, string stage)
    {
        var at = incident.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == stage).GetProperty("at");
        return at.ValueKind == JsonValueKind.Null ? null : at.GetDateTimeOffset();
    }

    private static Task<JsonElement> ReadAsync(HttpClient client, Guid id) => client.GetAsync<JsonElement>($"{Incidents}/{id}");

    public sealed class OnSqlite() : SceneOutageTests(Store.Sqlite);

    public sealed class OnPostgres() : SceneOutageTests(Store.Postgres);
}
