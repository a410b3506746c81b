using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Missions.Geodesy;
using DroneOps.Mavlink;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Video;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Dispatch;

/// <summary>The first frame on the time axis of an incident, from real pictures of the drone that flies there.</summary>
public abstract class FirstFrameTests(Store store)
{
    private static readonly GeoPoint Scene = new(24.5110, 117.6560);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_picture_from_the_scene_is_the_first_frame_and_none_of_the_way_there()
    {
        var port = FreePorts.Take();
        await using var rig = await FlightRig.StartAsync(
            1, store, ("Video:Sources:0:VehicleId", "1"), ("Video:Sources:0:Url", $"udp://127.0.0.1:{port}"), ("Video:Sources:0:Mode", "Always"), ("Video:SenderHeldS", "1"));
        using var dispatcher = await rig.Server.SignInAsync("dispatcher");
        var pictures = rig.Get<FirstPictures>();
        using (Camera.SendTo(port))
            await pictures.NextAsync("1", rig.Now, Token);

        var report = new { type = "theft", priority = 1, summary = "", location = new { type = "Point", coordinates = new[] { Scene.LongitudeDeg, Scene.LatitudeDeg } } };
        using var made = await rig.CallAsync(() => dispatcher.PostAsJsonAsync("/api/v1/incidents", report, Token));
        var id = (await made.ReadAsync<JsonElement>(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var sent = await rig.CallAsync(() => dispatcher.PostAsJsonAsync($"/api/v1/incidents/{id}/dispatch", new { }, Token));
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        rig.IsHurried = true;
        await rig.UntilAsync(() => rig.Copters[0] is { GroundSpeed: < 0.3, Height: > 50 } && Geodesic.DistanceM(Scene, rig.Copters[0].Position) < 40);
        var there = await StageAsync(dispatcher, id, "DroneOnScene");
        Assert.NotNull(there);
        Assert.Null(await StageAsync(dispatcher, id, "FirstFrame"));

        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        var before = rig.Now;
        using (Camera.SendTo(port))
        {
            DateTimeOffset? first = null;
            await pictures.NextAsync("1", before, Token);
            for (var looks = 0; first is null && looks < 100; looks++)
            {
                await rig.AdvanceAsync(TimeSpan.FromSeconds(1));
                first = await StageAsync(dispatcher, id, "FirstFrame");
            }

            Assert.InRange(first!.Value, before, rig.Now);
        }
    }

    private static async Task<DateTimeOffset?> StageAsync(HttpClient client, Guid id, string stage)
    {
        var incident = await client.GetAsync<JsonElement>($"/api/v1/incidents/{id}");
        var at = incident.GetProperty("timeAxis").EnumerateArray().Single(step => step.GetProperty("stage").GetString() == stage).GetProperty("at");
        return at.ValueKind == JsonValueKind.Null ? null : at.GetDateTimeOffset();
    }

    public sealed class OnSqlite() : FirstFrameTests(Store.Sqlite);

    public sealed class OnPostgres() : FirstFrameTests(Store.Postgres);
}
