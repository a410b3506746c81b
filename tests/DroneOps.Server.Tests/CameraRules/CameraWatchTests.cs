using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Missions;
using DroneOps.Missions.Items;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Recording;

namespace DroneOps.Server.Tests.CameraRules;

/// <summary>Cameras held to their duty on real flights of a simulated vehicle, on both stores.</summary>
public abstract class CameraWatchTests(Store store)
{
    private const double Step = 0.0009; // about 100 m

    [Fact]
    public async Task By_the_rule_of_the_legs_the_scene_is_recorded_and_the_way_is_not()
    {
        await using var rig = await StartAsync(("CameraRules:Rule", "legs"), ("Recording:WithSorties", "false"));
        await FlyAsync(rig, (1, CameraDuty.Transit), (2, CameraDuty.Scene), (3, CameraDuty.Transit));
        await rig.UntilAsync(() => Stream(rig).IsRecorded);
        Assert.InRange(Distance(rig), 80, 125);
        await rig.UntilAsync(() => !Stream(rig).IsRecorded);
        Assert.InRange(Distance(rig), 180, 230);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await BreachesAsync(rig));
    }

    [Fact]
    public async Task In_a_no_record_zone_the_recording_of_a_sortie_ends_and_it_goes_on_behind_it()
    {
        await using var rig = await StartAsync();
        await DrawAsync(rig, 1.5, 2.5);
        await FlyAsync(rig, (1, CameraDuty.Transit), (4, CameraDuty.Transit));
        await rig.UntilAsync(() => Stream(rig).IsRecorded && Distance(rig) > 20);
        await rig.UntilAsync(() => !Stream(rig).IsRecorded);
        Assert.InRange(Distance(rig), 145, 175);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using (var refused = await pilot.PostAsJsonAsync("/api/v1/video/streams/1-visible/recording", new { reason = "现场" }))
            await refused.ReadProblemAsync(HttpStatusCode.Conflict, "no-record-zone");
        await rig.UntilAsync(() => Stream(rig).IsRecorded);
        Assert.InRange(Distance(rig), 245, 275);
        var recordings = (await pilot.GetAsync<Page<RecordingView>>("/api/v1/video/recordings")).Items;
        Assert.Equal(["recording", "closed"], recordings.Select(recording => recording.State));
        Assert.Equal(recordings[1].Id, (await pilot.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{recordings[0].Id}")).Resumes);
        Assert.Empty(await BreachesAsync(rig));
        Assert.Equal(["video.recordingForbidden", "video.recordingAllowed"], await ActionsAsync(rig, "video/1-visible"));
    }

    [Fact]
    public async Task In_a_no_record_zone_a_position_that_is_late_does_not_start_the_recording_again()
    {
        await using var rig = await StartAsync();
        await DrawAsync(rig, 1.5, 9);
        await FlyAsync(rig, (4, CameraDuty.Transit));
        await rig.UntilAsync(() => Stream(rig).IsRecorded && Distance(rig) > 20);
        await rig.UntilAsync(() => !Stream(rig).IsRecorded);
        rig.IsSilent = true;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Position is { IsStale: true });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.False(Stream(rig).IsRecorded);
        rig.IsSilent = false;
        await rig.UntilAsync(() => rig.Board.Find("1")!.Snapshot.Position is { IsStale: false });
        await rig.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.False(Stream(rig).IsRecorded);
        Assert.Equal(["video.recordingForbidden"], await ActionsAsync(rig, "video/1-visible"));
        Assert.Empty(await BreachesAsync(rig));
    }

    [Fact]
    public async Task What_a_person_records_on_the_way_is_a_breach_that_the_auditor_sees_with_its_end()
    {
        await using var rig = await StartAsync(("CameraRules:Rule", "legs"), ("Recording:WithSorties", "false"));
        await FlyAsync(rig, (3, CameraDuty.Transit), (4, CameraDuty.Scene));
        await rig.UntilAsync(() => Distance(rig) > 40);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using (var begun = await pilot.PostAsJsonAsync("/api/v1/video/streams/1-visible/recording", new { reason = "看看" }))
            Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(6));
        var going = Assert.Single(await BreachesAsync(rig));
        Assert.Equal(("recordedOnTheWay", JsonValueKind.Null), (going.GetProperty("kind").GetString(), going.GetProperty("endedAt").ValueKind));
        await rig.UntilAsync(() => IsCalled(rig));
        using (var ended = await pilot.DeleteAsync(new Uri("/api/v1/video/streams/1-visible/recording", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        await rig.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(JsonValueKind.String, Assert.Single(await BreachesAsync(rig)).GetProperty("endedAt").ValueKind);
        await rig.UntilAsync(() => !IsCalled(rig));
        Assert.Equal(["camera.breached", "camera.breachEnded"], (await ActionsAsync(rig, "vehicle/1")).Where(action => action.StartsWith("camera.", StringComparison.Ordinal)));
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        var sortie = Assert.Single((await auditor.GetAsync<JsonElement>("/api/v1/sorties")).GetProperty("items").EnumerateArray());
        var finding = Assert.Single((await auditor.GetAsync<JsonElement>("/api/v1/oversight/findings?kind=cameraBreach")).GetProperty("items").EnumerateArray());
        var recording = Assert.Single((await auditor.GetAsync<Page<RecordingView>>("/api/v1/video/recordings")).Items);
        Assert.Equal((sortie.GetProperty("id").GetGuid(), recording.Id), (finding.GetProperty("sortieId").GetGuid(), finding.GetProperty("camera").GetProperty("recordingId").GetGuid()));
        Assert.Equal("transit", finding.GetProperty("camera").GetProperty("duty").GetString());
        using var refused = await pilot.GetAsync(new Uri("/api/v1/camera-breaches", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private Task<FlightRig> StartAsync(params (string, string)[] settings) => FlightRig.StartAsync(
        1, store, [("Video:Sources:0:VehicleId", "1"), ("Video:Sources:0:Url", $"udp://127.0.0.1:{FreePorts.Take()}"), .. settings]);

    private static VideoStream Stream(FlightRig rig) => rig.Get<VideoStreams>().Find("1-visible")!;

    private static bool IsCalled(FlightRig rig) => rig.Get<AlarmBook>().Open.Any(alarm => alarm.Code == AlarmCatalog.CameraDuty && alarm.Life.IsActive);

    private static double Distance(FlightRig rig) => rig.Copters[0].DistanceFromDock;

    private static GeoPoint HomeOf(FlightRig rig) => rig.Board.Find("1")!.Snapshot.Home!.Value.Value.Point;

    /// <summary>Flies north, in hundreds of metres.</summary>
    private static async Task FlyAsync(FlightRig rig, params (double Hundreds, CameraDuty Duty)[] legs)
    {
        var snapshot = rig.Board.Find("1")!.Snapshot;
        var home = snapshot.Home!.Value.Value;
        Route route = new()
        {
            Name = "duty",
            CruiseSpeedMps = 8,
            Legs = [.. legs.Select(leg => new RouteLeg { To = new(home.Point.LatitudeDeg + (leg.Hundreds * Step), home.Point.LongitudeDeg), Altitude = Mavlink.Altitude.Relative(60), Camera = leg.Duty })],
        };
        var compiled = MissionCompiler.Compile(route, new CompileSettings { Heights = HeightFrame.Flat(new LaunchPoint(home.Point, home.Amsl.Metres)), Dialect = MissionDialect.ArduPilotCopter });
        Assert.True(compiled.TryGet(out var mission), string.Join(" ", compiled.Faults));
        var pilot = new Commander("user:pilot", MayFly: true, AssignmentId: null) { Grounds = new("training", "user:admin", IsEmergency: false) };
        Assert.NotNull(await rig.Get<IGrainFactory>().GetGrain<IVehicleGrain>("1").TakeControl(pilot.Actor));
        var flown = await rig.UntilAsync(rig.Get<FleetCommands>().FlyAsync(
            "1", [.. mission.Items.Select((item, index) => item.ToWire(snapshot.Key.SystemId, 1, (ushort)index, MavMissionType.Mission))], pilot, CancellationToken.None));
        Assert.IsType<FlyResult.Flying>(flown);
    }

    private static async Task DrawAsync(FlightRig rig, double from, double to)
    {
        using var admin = await rig.Server.SignInAsync(Roles.Admin);
        var (south, north, west, east) = (HomeOf(rig).LatitudeDeg + (from * Step), HomeOf(rig).LatitudeDeg + (to * Step), HomeOf(rig).LongitudeDeg - Step, HomeOf(rig).LongitudeDeg + Step);
        double[][] ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
        using var drawn = await admin.PostAsJsonAsync("/api/v1/zones", new
        {
            type = "Feature",
            properties = new { nameZh = "学校", nameEn = "School", effect = "NoRecord", floorM = 0, ceilingM = 200, heightDatum = "Agl" },
            geometry = new { type = "Polygon", coordinates = new[] { ring } },
        });
        Assert.Equal(HttpStatusCode.Created, drawn.StatusCode);
    }

    private static async Task<List<JsonElement>> BreachesAsync(FlightRig rig)
    {
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        return [.. (await auditor.GetAsync<JsonElement>("/api/v1/camera-breaches?vehicleId=1")).GetProperty("items").EnumerateArray()];
    }

    private static async Task<List<string>> ActionsAsync(FlightRig rig, string subject)
    {
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        var page = await auditor.GetAsync<JsonElement>("/api/v1/audit/entries?limit=1000");
        return [.. page.GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("subject").GetString() == subject).OrderBy(entry => entry.GetProperty("sequence").GetInt64()).Select(entry => entry.GetProperty("action").GetString()!)];
    }

    public sealed class OnSqlite() : CameraWatchTests(Store.Sqlite);

    public sealed class OnPostgres() : CameraWatchTests(Store.Postgres);
}
