using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using DroneOps.Vehicles;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Recordings of a running server: begun and ended, shown, played, marked, verified.</summary>
public abstract class RecordingDeskTests(Store store)
{
    [Fact]
    public async Task A_pilot_records_and_the_recording_plays_and_verifies_and_every_step_is_in_the_audit_log()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        Assert.Equal(("recording", "user:pilot", "一号警情"), (begun.State, begun.StartedBy, begun.Reason));
        var folder = rig.Server.Services.GetRequiredService<RecordingShelf>().Find(begun.Id)!;
        await rig.UntilAtCameraPaceAsync(stream => stream.Recording && rig.Video.Live.Pictures > 60 && folder.Growing is not null);
        var running = await OrderAsync(pilot, HttpMethod.Post);
        Assert.Equal((begun.Id, 0), (running.Id, running.Segments));
        Assert.True(running is { Seconds: > 0, Bytes: > 0 }, $"{running.Seconds} s, {running.Bytes} bytes on the disk");
        var ended = await OrderAsync(pilot, HttpMethod.Delete);
        Assert.Equal((begun.Id, "closed"), (ended.Id, ended.State));
        Assert.False((await rig.ShowAsync()).Recording);

        var one = await pilot.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{begun.Id}");
        var segment = one.Segments[0];
        Assert.Equal((320, 180), (segment.Width, segment.Height));
        using (var answer = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{begun.Id}/segments/1.mp4?reason=复核", UriKind.Relative)))
        {
            var bytes = await answer.Content.ReadAsByteArrayAsync();
            Assert.Equal((HttpStatusCode.OK, segment.Bytes), (answer.StatusCode, bytes.Length));
            Assert.Equal(segment.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        }

        var mark = new { at = one.From.AddMilliseconds(10), text = " 人员倒地 " };
        using (var marked = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{begun.Id}/bookmarks", mark))
            Assert.Equal("人员倒地", (await marked.ReadAsync<Bookmark>(HttpStatusCode.Created)).Text);
        Assert.Equal("user:pilot", Assert.Single((await pilot.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{begun.Id}")).Bookmarks).By);
        Assert.True((await pilot.GetAsync<JsonElement>($"/api/v1/video/recordings/{begun.Id}/verify")).GetProperty("ok").GetBoolean());

        var actions = (await rig.AuditedAsync()).Where(entry => entry.GetProperty("subject").GetString() == $"recording/{begun.Id}").Select(entry => entry.GetProperty("action").GetString()).ToList();
        Assert.Equal("video.recordingStarted", actions[0]);
        Assert.Equal(["video.segmentClosed", "video.recordingStopped", "video.recordingViewed", "video.marked"], actions.Skip(actions.Count - 4));
        Assert.Equal(begun.Id, Assert.Single((await pilot.GetAsync<Page<RecordingView>>("/api/v1/video/recordings?vehicleId=1")).Items).Id);
        Assert.Empty((await pilot.GetAsync<Page<RecordingView>>("/api/v1/video/recordings?vehicleId=2")).Items);
    }

    [Fact]
    public async Task The_first_picture_can_be_marked_although_it_came_before_the_order_to_record()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var watching = rig.Video.Live.Watch(capacity: 500);
        using (Camera.SendTo(rig.Port))
            await rig.UntilAtCameraPaceAsync(_ => rig.Video.Live.Pictures > 20);

        // No key picture comes between this and the order.
        await rig.UntilAtCameraPaceAsync(stream => stream.AgeMs > 200);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        var folder = rig.Server.Services.GetRequiredService<RecordingShelf>().Find(begun.Id)!;
        await rig.UntilAtCameraPaceAsync(_ => folder.Growing is not null);
        await OrderAsync(pilot, HttpMethod.Delete);
        var first = (await pilot.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{begun.Id}")).Segments[0].From;
        Assert.True(first < begun.From, $"{first:O} and {begun.From:O}");

        async Task<HttpStatusCode> MarkAsync(DateTimeOffset at)
        {
            using var answer = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{begun.Id}/bookmarks", new { at, text = "车牌" });
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Created, await MarkAsync(new(first.UtcTicks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero)));
        Assert.Equal(HttpStatusCode.BadRequest, await MarkAsync(first.AddMilliseconds(-2)));
    }

    [Fact]
    public async Task A_file_that_somebody_changed_is_named()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        await rig.UntilAtCameraPaceAsync(_ => rig.Video.Live.Pictures > 30);
        await OrderAsync(pilot, HttpMethod.Delete);
        var file = Directory.GetFiles(rig.Server.Services.GetRequiredService<RecordingShelf>().Find(begun.Id)!.Path, "0001.mp4").Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^100] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        var verdict = await pilot.GetAsync<JsonElement>($"/api/v1/video/recordings/{begun.Id}/verify");
        Assert.False(verdict.GetProperty("ok").GetBoolean());
        Assert.Equal(1, verdict.GetProperty("firstBad").GetInt32());
    }

    [Fact]
    public async Task A_sortie_is_recorded_from_arming_to_disarming_and_a_motor_test_is_not()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        await HappenAsync(rig, new VehicleFact.Armed(rig.Server.Time.GetUtcNow(), MotorTest: true, FirstSeen: false));
        await HappenAsync(rig, new VehicleFact.Armed(rig.Server.Time.GetUtcNow(), MotorTest: false, FirstSeen: false));
        await rig.UntilAtCameraPaceAsync(stream => stream.Recording && rig.Video.Live.Pictures > 30);
        await HappenAsync(rig, new VehicleFact.Disarmed(rig.Server.Time.GetUtcNow(), MotorTest: false));
        await rig.UntilAtCameraPaceAsync(stream => !stream.Recording);
        var recording = Assert.Single((await pilot.GetAsync<Page<RecordingView>>("/api/v1/video/recordings")).Items);
        Assert.Equal(("closed", Actors.System), (recording.State, recording.StartedBy));
        Assert.True(recording.Bytes > 0);
    }

    [Fact]
    public async Task What_a_crash_left_open_is_closed_at_the_next_start_with_the_gap_named()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var identity = new RecordingIdentity(RecordingIdentity.Current, Guid.CreateVersion7(), VideoRig.Stream, "1", rig.Server.Time.GetUtcNow(), Actors.System, null);
        RecordingFolder.Create(Path.Combine(rig.Server.Services.GetRequiredService<RecordingShelf>().Root, RecordingFolder.Place(identity)), identity);
        rig.Server.Time.Advance(TimeSpan.FromSeconds(7));
        await rig.Server.RestartAsync();
        using var again = await rig.Server.SignInAsync(Roles.Pilot);
        var one = await again.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{identity.Id}");
        Assert.Equal("closed", one.State);
        var gap = Assert.Single(one.Gaps);
        Assert.Equal((GapReason.ServerStopped, TimeSpan.FromSeconds(7)), (gap.Reason, gap.To - gap.From));
    }

    [Fact]
    public async Task Without_room_nothing_is_begun_and_the_answer_says_why()
    {
        await using var server = await TestServer.StartAsync(
            store, ("Video:Sources:0:VehicleId", "1"), ("Video:Sources:0:Url", $"udp://127.0.0.1:{FreePorts.Take()}"), ("Recording:LeastFreeGB", "100000"));
        using var pilot = await server.SignInAsync(Roles.Pilot);
        using var answer = await pilot.PostAsJsonAsync($"/api/v1/video/streams/{VideoRig.Stream}/recording", new { });
        await answer.ReadProblemAsync(HttpStatusCode.InsufficientStorage, "no-room-for-video");
    }

    [Fact]
    public async Task A_dispatcher_may_not_begin_a_recording_and_what_is_not_there_is_not_found()
    {
        await using var rig = await StartAsync();
        using var dispatcher = await rig.Server.SignInAsync(Roles.Dispatcher);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using (var refused = await dispatcher.PostAsJsonAsync($"/api/v1/video/streams/{VideoRig.Stream}/recording", new { }))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var missing = await pilot.DeleteAsync(new Uri($"/api/v1/video/streams/{VideoRig.Stream}/recording", UriKind.Relative)))
            await missing.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        foreach (var path in new[] { "", "/verify", "/segments/1.mp4" })
        {
            using var absent = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{Guid.NewGuid()}{path}", UriKind.Relative));
            await absent.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        }
    }

    private static async Task<RecordingView> OrderAsync(HttpClient pilot, HttpMethod method)
    {
        using var order = new HttpRequestMessage(method, $"/api/v1/video/streams/{VideoRig.Stream}/recording");
        if (method == HttpMethod.Post)
            order.Content = JsonContent.Create(new { reason = "一号警情" });
        using var answer = await pilot.SendAsync(order);
        return await answer.ReadAsync<RecordingView>(HttpStatusCode.OK);
    }

    private static async Task HappenAsync(VideoRig rig, VehicleFact fact) =>
        await rig.Server.Services.GetRequiredService<FleetEvents>().PublishAsync(new FleetEvent.Observed("1", fact), TestContext.Current.CancellationToken);

    private Task<VideoRig> StartAsync() => VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");

    public sealed class OnSqlite() : RecordingDeskTests(Store.Sqlite);

    public sealed class OnPostgres() : RecordingDeskTests(Store.Postgres);
}
