using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using DroneOps.Server.Alarms;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>How long recordings are kept, what keeps them longer, and what is left of them; clips, and what happens when there is no room.</summary>
public abstract class RetentionTests(Store store)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task A_recording_is_deleted_when_it_is_due_with_its_tombstone_in_the_audit_log_first_and_its_ledger_still_verifies()
    {
        await using var rig = await StartAsync();
        var recorded = await RecordAsync(rig);
        Assert.Equal(("routine", recorded.To!.Value.AddDays(30)), (recorded.Class, recorded.DueAt));
        var bytes = rig.Server.Services.GetRequiredService<DiskRoom>().Used;
        Assert.True(bytes > 0);
        await PassAsync(rig, TimeSpan.FromDays(29));
        Assert.Null(Folder(rig, recorded.Id).Tombstone);
        await PassAsync(rig, TimeSpan.FromDays(1));
        var folder = Folder(rig, recorded.Id);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.mp4"));

        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var left = await DetailAsync(pilot, recorded.Id);
        Assert.Equal(("deleted", recorded.Bytes), (left.State, left.Deleted!.Bytes));
        Assert.Equal(0, rig.Server.Services.GetRequiredService<DiskRoom>().Used);
        var verdict = await pilot.GetAsync<JsonElement>($"/api/v1/video/recordings/{recorded.Id}/verify");
        Assert.True(verdict.GetProperty("ok").GetBoolean() && verdict.GetProperty("isDeleted").GetBoolean());
        foreach (var path in new[] { "segments/1.mp4", "media.mp4", "thumbnail.jpg" })
        {
            using var gone = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/{path}", UriKind.Relative));
            await gone.ReadProblemAsync(HttpStatusCode.Conflict, "recording-deleted");
        }

        var tombstone = (await rig.AuditedAsync()).Single(entry => entry.GetProperty("action").GetString() == "video.recordingDeleted");
        Assert.Equal(left.Deleted.AuditEntry, tombstone.GetProperty("sequence").GetInt64());
        var said = tombstone.GetProperty("details");
        Assert.Equal(("due", "routine", folder.Link), (said.GetProperty("why").GetString(), said.GetProperty("class").GetString(), said.GetProperty("chain").GetString()));
        var (code, text, _) = await Droneops.RunAsync("video", "verify", folder.Path);
        Assert.Equal(0, code);
        Assert.Contains("deleted", text, StringComparison.Ordinal);

        await rig.RestartAsync();
        using var again = await rig.Server.SignInAsync(Roles.Pilot);
        Assert.Equal("deleted", (await DetailAsync(again, recorded.Id)).State);
    }

    [Fact]
    public async Task A_hold_keeps_a_recording_past_its_time_and_over_a_restart_until_it_is_lifted()
    {
        await using var rig = await StartAsync();
        var recorded = await RecordAsync(rig);
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using (var refused = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/holds", new { reason = "我" }))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var wordless = await auditor.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/holds", new { reason = "  " }))
            await wordless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using var put = await auditor.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/holds", new { reason = "信访投诉 2026-17" });
        var hold = await put.ReadAsync<LegalHold>(HttpStatusCode.Created);
        Assert.Null((await DetailAsync(pilot, recorded.Id)).DueAt);
        await PassAsync(rig, TimeSpan.FromDays(100));
        Assert.Null(Folder(rig, recorded.Id).Tombstone);

        using var later = await rig.Server.SignInAsync(Roles.Auditor);
        using (var silent = await later.DeleteAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/holds/{hold.Id}", UriKind.Relative)))
            await silent.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using (var lifted = await later.DeleteAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/holds/{hold.Id}?reason=办结", UriKind.Relative)))
            Assert.Equal(0, (await lifted.ReadAsync<RecordingView>(HttpStatusCode.OK)).Holds);
        using (var twice = await later.DeleteAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/holds/{hold.Id}?reason=办结", UriKind.Relative)))
            await twice.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await PassAsync(rig, TimeSpan.FromHours(2));
        Assert.NotNull(Folder(rig, recorded.Id).Tombstone);
        Assert.Equal(["video.held", "video.holdLifted", "video.recordingDeleted"], (await rig.AuditedAsync()).Select(entry => entry.GetProperty("action").GetString()).TakeLast(3));
        using var afterwards = await rig.Server.SignInAsync(Roles.Auditor);
        using var late = await afterwards.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/holds", new { reason = "迟了" });
        await late.ReadProblemAsync(HttpStatusCode.Conflict, "recording-deleted");
    }

    [Fact]
    public async Task A_pilot_lengthens_the_class_and_only_an_administrator_shortens_it()
    {
        await using var rig = await StartAsync();
        var recorded = await RecordAsync(rig);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var admin = await rig.Server.SignInAsync(Roles.Admin);
        Assert.Equal(["routine", "incident", "evidence"], (await pilot.GetAsync<List<RetentionClass>>("/api/v1/video/recordings/classes")).Select(one => one.Id));
        using (var longer = await ClassAsync(pilot, recorded.Id, "evidence"))
            Assert.Equal(recorded.To!.Value.AddDays(3650), (await longer.ReadAsync<RecordingView>(HttpStatusCode.OK)).DueAt);
        using (var shorter = await ClassAsync(pilot, recorded.Id, "routine"))
            await shorter.ReadProblemAsync(HttpStatusCode.Forbidden, "shorter-class");
        using (var unknown = await ClassAsync(admin, recorded.Id, "forever"))
            await unknown.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using (var allowed = await ClassAsync(admin, recorded.Id, "routine"))
            Assert.Equal("routine", (await allowed.ReadAsync<RecordingView>(HttpStatusCode.OK)).Class);
        Assert.Equal(["evidence", "routine"], (await DetailAsync(pilot, recorded.Id)).Keeping.Select(word => word.Class));
    }

    [Fact]
    public async Task A_vehicle_that_is_taken_for_an_incident_has_its_running_recording_kept_as_one_of_an_incident()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        Assert.Equal("routine", begun.Class);
        var incident = new Assignment(AssignmentKind.Incident, Guid.NewGuid().ToString(), "盗窃 城台路", 50, "user:dispatcher", "incident");
        await rig.Server.Services.GetRequiredService<FleetEvents>().PublishAsync(new FleetEvent.AssignmentTaken("1", rig.Server.Time.GetUtcNow(), incident), TestContext.Current.CancellationToken);
        await rig.UntilAtCameraPaceAsync(_ => Folder(rig, begun.Id).Keeping.Class == "incident" && rig.Video.Live.Pictures > 20);
        await OrderAsync(pilot, HttpMethod.Delete);
        Assert.Equal("incident", (await DetailAsync(pilot, begun.Id)).Class);
    }

    [Fact]
    public async Task A_clip_is_cut_without_reencoding_refers_to_its_recording_and_is_played_in_ranges()
    {
        await using var rig = await StartAsync();
        var recorded = await RecordAsync(rig);
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var detail = await DetailAsync(pilot, recorded.Id);
        var longest = detail.Segments.MaxBy(segment => segment.To - segment.From)!;
        var (from, length) = (longest.From, longest.To - longest.From);
        using var cut = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/clips", new { from = from + (length * 0.3), to = from + (length * 0.8), reason = "移送" });
        var clip = await cut.ReadAsync<Clip>(HttpStatusCode.Created);

        // There is room, but not for so much.
        var room = rig.Server.Services.GetRequiredService<DiskRoom>();
        var rest = 500_000_000_000 - room.Used - 100;
        room.Add(rest);
        Assert.True(room.HasRoom);
        using (var tooMuch = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/clips", new { from, to = from + length, reason = "移送" }))
            await tooMuch.ReadProblemAsync(HttpStatusCode.InsufficientStorage, "no-room-for-video");
        room.Add(-rest);
        Assert.Single(Directory.GetFiles(Folder(rig, recorded.Id).ClipsPath, "*.mp4*"));
        Assert.Equal(longest.Sha256, Assert.Single(clip.Sources).Sha256);
        using (var whole = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/clips/{clip.Id}.mp4?reason=移送", UriKind.Relative)))
            Assert.Equal(clip.Sha256, Convert.ToHexStringLower(SHA256.HashData(await whole.Content.ReadAsByteArrayAsync())));
        Assert.StartsWith("h264,320,180,", await Camera.ProbeAsync(Folder(rig, recorded.Id).ClipFile(clip.Id)), StringComparison.Ordinal);

        using (var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/video/recordings/{recorded.Id}/media.mp4") { Headers = { Range = new RangeHeaderValue(100, 299) } })
        using (var part = await pilot.SendAsync(request))
            Assert.Equal((HttpStatusCode.PartialContent, 200), (part.StatusCode, (await part.Content.ReadAsByteArrayAsync()).Length));
        using (var picture = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/thumbnail.jpg", UriKind.Relative)))
            Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (picture.StatusCode, picture.Content.Headers.ContentType!.MediaType));
        using (var export = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/export.zip?reason=移送", UriKind.Relative)))
        {
            using System.IO.Compression.ZipArchive zip = new(await export.Content.ReadAsStreamAsync());
            Assert.Equal(["media.mp4", "about.json", "recording.json", "ledger.jsonl", "track.json", "track.klv", "media.srt", $"clips/{clip.Id}.mp4", "SHA256SUMS"], zip.Entries.Select(entry => entry.FullName));
            using StreamReader sums = new(zip.GetEntry("SHA256SUMS")!.Open());
            await using var media = await zip.GetEntry("media.mp4")!.OpenAsync();
            Assert.StartsWith(Convert.ToHexStringLower(await SHA256.HashDataAsync(media)) + "  media.mp4\n", await sums.ReadToEndAsync(), StringComparison.Ordinal);
        }

        using (var wordless = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recorded.Id}/export.zip", UriKind.Relative)))
            await wordless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        using (var outside = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/clips", new { from = from.AddHours(1), to = from.AddHours(2), reason = "移送" }))
            await outside.ReadProblemAsync(HttpStatusCode.Conflict, "no-pictures-then");
        using (var backwards = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/clips", new { from, to = from, reason = "移送" }))
            await backwards.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        await rig.RestartAsync();
        using var again = await rig.Server.SignInAsync(Roles.Pilot);
        Assert.Equal(clip.Id, Assert.Single((await DetailAsync(again, recorded.Id)).Clips).Id);
        Assert.True((await again.GetAsync<JsonElement>($"/api/v1/video/recordings/{recorded.Id}/verify")).GetProperty("ok").GetBoolean());
        Assert.Equal(["video.clipCut", "video.clipViewed", "video.recordingViewed", "video.thumbnailViewed", "video.exported"], (await rig.AuditedAsync()).Select(entry => entry.GetProperty("action").GetString()).TakeLast(5));
    }

    [Fact]
    public async Task A_full_quota_ends_recording_with_an_alarm_and_it_goes_on_by_itself_when_there_is_room()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var room = rig.Server.Services.GetRequiredService<DiskRoom>();
        var book = rig.Server.Services.GetRequiredService<AlarmBook>();
        using var camera = Camera.SendTo(rig.Port);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        await rig.UntilAtCameraPaceAsync(_ => Directory.GetFiles(Folder(rig, begun.Id).Path, "*.mp4").Length > 0);
        room.Add(500_000_000_000);
        await rig.UntilAtCameraPaceAsync(stream => !stream.Recording);
        var ended = await DetailAsync(pilot, begun.Id);
        Assert.Equal((GapReason.DiskFull, ended.Segments[^1].To), (ended.Gaps[^1].Reason, ended.Gaps[^1].From));
        await rig.UntilAsync(_ => Standing(book).Contains(AlarmCatalog.VideoRoomFull) && Standing(book).Contains(AlarmCatalog.NotRecorded), Tick);

        room.Add(-500_000_000_000);
        await rig.UntilAsync(stream => stream.Recording, TimeSpan.FromSeconds(1));
        await rig.UntilAsync(_ => !Standing(book).Contains(AlarmCatalog.VideoRoomFull) && !Standing(book).Contains(AlarmCatalog.NotRecorded), Tick);
        var next = (await pilot.GetAsync<Page<RecordingView>>("/api/v1/video/recordings")).Items.Single(one => one.State == "recording");
        Assert.Equal((begun.Id, "user:pilot"), ((await DetailAsync(pilot, next.Id)).Resumes, next.StartedBy));
        await OrderAsync(pilot, HttpMethod.Delete);
    }

    [Fact]
    public async Task What_a_person_had_ordered_goes_on_after_a_restart_and_what_that_person_ended_does_not()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var begun = await OrderAsync(pilot, HttpMethod.Post);
        await rig.RestartAsync();
        using var again = await rig.Server.SignInAsync(Roles.Pilot);
        await rig.UntilAtCameraPaceAsync(stream => stream.Recording);
        var next = (await again.GetAsync<Page<RecordingView>>("/api/v1/video/recordings")).Items.Single(one => one.State == "recording");
        Assert.Equal(begun.Id, (await DetailAsync(again, next.Id)).Resumes);
        await OrderAsync(again, HttpMethod.Delete);

        await rig.RestartAsync();
        await PassAsync(rig, TimeSpan.Zero);
        Assert.False((await rig.ShowAsync()).Recording);
    }

    private static IEnumerable<string> Standing(AlarmBook book) => book.Open.Where(alarm => alarm.Life.IsActive).Select(alarm => alarm.Code);

    private static RecordingFolder Folder(VideoRig rig, Guid id) => rig.Server.Services.GetRequiredService<RecordingShelf>().Find(id)!;

    private static Task<RecordingDetail> DetailAsync(HttpClient client, Guid id) => client.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{id}");

    private static Task<HttpResponseMessage> ClassAsync(HttpClient client, Guid id, string to) =>
        client.PutAsJsonAsync($"/api/v1/video/recordings/{id}/class", new { @class = to, reason = "案件 2026-17" });

    /// <summary>Lets that time pass, and the keepers look once.</summary>
    private static async Task PassAsync(VideoRig rig, TimeSpan span)
    {
        await rig.RestartAsync(span);
        rig.Server.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.Server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();
    }

    private static async Task<RecordingView> RecordAsync(VideoRig rig)
    {
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        using var camera = Camera.SendTo(rig.Port);
        await OrderAsync(pilot, HttpMethod.Post);
        await rig.UntilAtCameraPaceAsync(stream => stream.Recording && rig.Video.Live.Pictures > 60);
        return await OrderAsync(pilot, HttpMethod.Delete);
    }

    private static async Task<RecordingView> OrderAsync(HttpClient pilot, HttpMethod method)
    {
        using var order = new HttpRequestMessage(method, $"/api/v1/video/streams/{VideoRig.Stream}/recording");
        if (method == HttpMethod.Post)
            order.Content = JsonContent.Create(new { reason = "一号警情" });
        using var answer = await pilot.SendAsync(order);
        return await answer.ReadAsync<RecordingView>(HttpStatusCode.OK);
    }

    private Task<VideoRig> StartAsync() => VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");

    public sealed class OnSqlite() : RetentionTests(Store.Sqlite);

    public sealed class OnPostgres() : RetentionTests(Store.Postgres);
}
