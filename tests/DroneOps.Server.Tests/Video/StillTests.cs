using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using DroneOps.Server.Api;
using DroneOps.Server.Cluster;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Stills that are shown to a court: the very picture of the moment, with where it is from, and as long there as its recording.</summary>
public abstract class StillTests(Store store)
{
    private const string Wish = "案件 2026-17";
    private const double Clock = 90_000;

    [Fact]
    public async Task A_still_has_the_pixels_of_the_picture_that_is_shown_then_and_says_where_it_is_from()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var recording = await RecordAsync(rig, pilot);
        var folder = Folder(rig, recording.Id);
        var segment = recording.Segments[0];
        var file = folder.FileOf("0001.mp4");
        var times = await TimesAsync(file);
        Assert.True(times.Count > 40, $"{times.Count} pictures");

        // The first, one in the middle of a group, the last before a key picture, that one, and the last of all.
        foreach (var number in new[] { 0, 17, 23, 24, times.Count - 1 })
        {
            var still = await KeepAsync(pilot, recording.Id, segment.From.AddSeconds((times[number] + 600) / Clock));
            Assert.Equal(
                (times[number], 1, segment.Sha256, 320, 180, Wish, "user:pilot", false, recording.Link),
                (still.Ticks, still.Segment, still.SegmentSha256, still.Width, still.Height, still.Reason, still.By, still.IsDamaged, still.Chain));
            Assert.InRange((still.PictureAt - segment.From).TotalSeconds, (times[number] / Clock) - 0.00001, (times[number] / Clock) + 0.00001);

            var png = await File.ReadAllBytesAsync(folder.StillFile(still.Id));
            Assert.Equal((still.Sha256, still.Bytes), (Convert.ToHexStringLower(SHA256.HashData(png)), png.Length));
            var pixels = await PixelsAsync(folder.StillFile(still.Id));
            Assert.Equal(await PixelsAsync(file, number), pixels);

            // The test picture moves and counts, so its neighbours are other pictures.
            if (number > 0)
                Assert.NotEqual(await PixelsAsync(file, number - 1), pixels);

            // The time that the still says is the time of the same picture.
            Assert.Equal(still.Sha256, (await KeepAsync(pilot, recording.Id, still.PictureAt)).Sha256);
        }

        var entry = (await rig.AuditedAsync()).First(one => one.GetProperty("action").GetString() == "video.stillKept");
        var first = folder.Stills[0];
        Assert.Equal(first.AuditEntry, entry.GetProperty("sequence").GetInt64());
        Assert.Equal((first.Sha256, segment.Sha256, Wish), (Text(entry, "sha256"), Text(entry, "segmentSha256"), Text(entry, "reason")));
    }

    [Fact]
    public async Task Pictures_of_hd_that_do_not_state_their_colours_have_those_of_hd_as_in_every_player()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var recording = await RecordAsync(rig, pilot, size: "160x720");
        var still = await KeepAsync(pilot, recording.Id, recording.Segments[0].From);
        var folder = Folder(rig, recording.Id);
        Assert.Equal((160, 720), (still.Width, still.Height));
        var pixels = await PixelsAsync(folder.StillFile(still.Id), bytes: 160 * 720 * 3);
        Assert.Equal(await PixelsAsync(folder.FileOf("0001.mp4"), bytes: 160 * 720 * 3, colours: ["-colorspace", "bt709"]), pixels);
        Assert.NotEqual(await PixelsAsync(folder.FileOf("0001.mp4"), bytes: 160 * 720 * 3), pixels);
    }

    [Fact]
    public async Task A_still_knows_where_the_camera_was_is_listed_after_a_restart_and_each_look_at_it_is_entered()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var recording = await RecordAsync(rig, pilot, folder => folder.Follow(new(TestServer.Begin.AddSeconds(Math.Ceiling((rig.Server.Time.GetUtcNow() - TestServer.Begin).TotalSeconds)), 117.655, 24.513, 120, 270, -45, 60, [117.654, 24.513], null)));
        var view = Assert.Single(Folder(rig, recording.Id).ReadTrack(DateTimeOffset.MinValue, DateTimeOffset.MaxValue));
        var still = await KeepAsync(pilot, recording.Id, view.At);
        Assert.Equal((view.At, 117.655, 24.513, 270d, -45d), (still.View!.At, still.View.Lon, still.View.Lat, still.View.HeadingDeg, still.View.PitchDeg));

        await rig.RestartAsync();
        using var auditor = await rig.Server.SignInAsync(Roles.Auditor);
        var listed = Assert.Single((await DetailAsync(auditor, recording.Id)).Stills);
        Assert.Equal((still.Id, still.Sha256, still.PictureAt, still.AuditEntry), (listed.Id, listed.Sha256, listed.PictureAt, listed.AuditEntry));
        var path = $"/api/v1/video/recordings/{recording.Id}/stills";
        using (var whole = await auditor.GetAsync(new Uri($"{path}/{still.Id}.png?reason=核对", UriKind.Relative)))
        {
            Assert.Equal("image/png", whole.Content.Headers.ContentType!.MediaType);
            Assert.Equal(still.Sha256, Convert.ToHexStringLower(SHA256.HashData(await whole.Content.ReadAsByteArrayAsync())));
        }

        for (var look = 0; look < 2; look++)
        {
            using var small = await auditor.GetAsync(new Uri($"{path}/{still.Id}.jpg", UriKind.Relative));
            Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (small.StatusCode, small.Content.Headers.ContentType!.MediaType));
        }

        using (var again = await rig.Server.SignInAsync(Roles.Pilot))
        using (var export = await again.GetAsync(new Uri($"/api/v1/video/recordings/{recording.Id}/export.zip?reason=移送", UriKind.Relative)))
        {
            using ZipArchive zip = new(await export.Content.ReadAsStreamAsync());
            await using var packed = await zip.GetEntry($"stills/{still.Id}.png")!.OpenAsync();
            Assert.Equal(still.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(packed)));
            await using var about = await zip.GetEntry("about.json")!.OpenAsync();
            Assert.Equal(still.SegmentSha256, (await JsonDocument.ParseAsync(about)).RootElement.GetProperty("stills")[0].GetProperty("segmentSha256").GetString());
        }

        using (var unknown = await auditor.GetAsync(new Uri($"{path}/{Guid.NewGuid()}.png", UriKind.Relative)))
            await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        var looks = (await rig.AuditedAsync()).Where(one => one.GetProperty("actor").GetString() == "user:auditor").Select(one => (one.GetProperty("action").GetString(), Text(one, "still"))).ToList();
        Assert.Equal([("video.stillViewed", still.Id.ToString()), ("video.thumbnailViewed", still.Id.ToString())], looks);
        var page = await auditor.GetAsync<JsonElement>("/api/v1/oversight/looks?actor=user:auditor");
        Assert.Equal("核对", page.GetProperty("items").EnumerateArray().Single(look => look.GetProperty("action").GetString() == "video.stillViewed").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task There_is_no_still_of_a_time_without_pictures_nor_of_a_segment_that_is_not_what_was_recorded()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var recording = await RecordAsync(rig, pilot, breaks: true);
        var segment = recording.Segments[0];
        var gap = recording.Gaps.MaxBy(one => one.To - one.From)!;
        Assert.True(gap.Reason == GapReason.SourceSilent && gap.To - gap.From > TimeSpan.FromSeconds(4), $"{gap}");
        foreach (var at in new[] { segment.From.AddHours(-1), gap.From + ((gap.To - gap.From) / 2), recording.Segments[^1].To.AddSeconds(1), DateTimeOffset.MaxValue })
        {
            using var none = await AskAsync(pilot, recording.Id, at, Wish);
            await none.ReadProblemAsync(HttpStatusCode.Conflict, "no-pictures-then");
        }

        using (var wordless = await AskAsync(pilot, recording.Id, segment.From, " "))
            Assert.Equal("#/reason", (await wordless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        using (var timeless = await AskAsync(pilot, recording.Id, null, Wish))
            Assert.Equal("#/at", (await timeless.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        using (var unknown = await AskAsync(pilot, Guid.NewGuid(), segment.From, Wish))
            await unknown.ReadProblemAsync(HttpStatusCode.NotFound, "not-found");

        // One byte at the end of the segment, long after the picture: it is not the segment that the still would name.
        var folder = Folder(rig, recording.Id);
        var bytes = await File.ReadAllBytesAsync(folder.FileOf("0001.mp4"));
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(folder.FileOf("0001.mp4"), bytes);
        using (var changed = await AskAsync(pilot, recording.Id, segment.From.AddMilliseconds(100), Wish))
            await changed.ReadProblemAsync(HttpStatusCode.Conflict, "segment-changed");
        File.Delete(folder.FileOf("0001.mp4"));
        using (var gone = await AskAsync(pilot, recording.Id, segment.From.AddMilliseconds(100), Wish))
            await gone.ReadProblemAsync(HttpStatusCode.Conflict, "segment-changed");
        Assert.Empty(folder.Stills);
        Assert.DoesNotContain(await rig.AuditedAsync(), one => one.GetProperty("action").GetString() == "video.stillKept");
    }

    [Fact]
    public async Task A_still_is_deleted_with_its_recording_and_the_entry_about_that_has_its_hash()
    {
        await using var rig = await StartAsync();
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var recording = await RecordAsync(rig, pilot);
        var still = await KeepAsync(pilot, recording.Id, recording.Segments[0].From.AddSeconds(1));
        var room = rig.Server.Services.GetRequiredService<DiskRoom>();
        Assert.Equal(recording.Bytes + still.Bytes, room.Used);
        await rig.RestartAsync(TimeSpan.FromDays(30));
        Assert.Equal(recording.Bytes + still.Bytes, rig.Server.Services.GetRequiredService<DiskRoom>().Used);
        rig.Server.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.Server.Services.GetRequiredService<Quiescence>().WhenIdleAsync();

        var folder = Folder(rig, recording.Id);
        Assert.False(Directory.Exists(folder.StillsPath));
        Assert.Equal((recording.Bytes + still.Bytes, 0L), (folder.Tombstone!.Bytes, rig.Server.Services.GetRequiredService<DiskRoom>().Used));
        var said = (await rig.AuditedAsync()).Single(one => one.GetProperty("action").GetString() == "video.recordingDeleted").GetProperty("details");
        Assert.Equal(still.Sha256, Assert.Single(said.GetProperty("stills").EnumerateArray()).GetProperty("sha256").GetString());
        using var later = await rig.Server.SignInAsync(Roles.Pilot);
        using (var gone = await later.GetAsync(new Uri($"/api/v1/video/recordings/{recording.Id}/stills/{still.Id}.png?reason=x", UriKind.Relative)))
            await gone.ReadProblemAsync(HttpStatusCode.Conflict, "recording-deleted");
        using var late = await AskAsync(later, recording.Id, recording.Segments[0].From, Wish);
        await late.ReadProblemAsync(HttpStatusCode.Conflict, "recording-deleted");
    }

    private static RecordingFolder Folder(VideoRig rig, Guid id) => rig.Server.Services.GetRequiredService<RecordingShelf>().Find(id)!;

    private static string? Text(JsonElement entry, string name) => entry.GetProperty("details").GetProperty(name).GetString();

    private static Task<RecordingDetail> DetailAsync(HttpClient client, Guid id) => client.GetAsync<RecordingDetail>($"/api/v1/video/recordings/{id}");

    private static Task<HttpResponseMessage> AskAsync(HttpClient client, Guid recording, DateTimeOffset? at, string reason) =>
        client.PostAsJsonAsync($"/api/v1/video/recordings/{recording}/stills", new { at, reason });

    private static async Task<Still> KeepAsync(HttpClient client, Guid recording, DateTimeOffset at)
    {
        using var answer = await AskAsync(client, recording, at, Wish);
        return await answer.ReadAsync<Still>(HttpStatusCode.Created);
    }

    /// <summary>Records two seconds.</summary>
    /// <param name="meanwhile">Done while it is recorded.</param>
    /// <param name="breaks">Whether the camera is away for a while and comes back.</param>
    private static async Task<RecordingDetail> RecordAsync(VideoRig rig, HttpClient pilot, Action<RecordingFolder>? meanwhile = null, bool breaks = false, string size = "320x180")
    {
        using var order = await pilot.PostAsJsonAsync($"/api/v1/video/streams/{VideoRig.Stream}/recording", new { reason = Wish });
        var begun = await order.ReadAsync<RecordingView>(HttpStatusCode.OK);
        using (Camera.SendTo(rig.Port, size))
        {
            await SeePicturesAsync(rig);
            meanwhile?.Invoke(Folder(rig, begun.Id));
            await SeePicturesAsync(rig);
        }

        if (breaks)
        {
            rig.Server.Time.Advance(TimeSpan.FromSeconds(5));
            using (Camera.SendTo(rig.Port))
                await SeePicturesAsync(rig);
        }

        using (var end = await pilot.DeleteAsync(new Uri($"/api/v1/video/streams/{VideoRig.Stream}/recording", UriKind.Relative)))
            end.EnsureSuccessStatusCode();
        return await DetailAsync(pilot, begun.Id);
    }

    private static async Task SeePicturesAsync(VideoRig rig)
    {
        var before = rig.Video.Live.Pictures;
        await rig.UntilAtCameraPaceAsync(_ => rig.Video.Live.Pictures > before + 30);
    }

    /// <summary>When each picture of a file is shown, by ffprobe, in its ticks.</summary>
    private static async Task<List<long>> TimesAsync(string file)
    {
        using var probe = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts", "-of", "csv=p=0", file]) { RedirectStandardOutput = true })!;
        var said = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return [.. said.Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(one => long.Parse(one, CultureInfo.InvariantCulture)).Order()];
    }

    /// <summary>The pixels of one picture of a file, counted from its beginning, by an ffmpeg that decodes all of it.</summary>
    private static async Task<byte[]> PixelsAsync(string file, int number = 0, int bytes = 320 * 180 * 3, params string[] colours)
    {
        using var decoder = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            [
                "-v", "error", .. colours, "-i", file, "-vf", string.Create(CultureInfo.InvariantCulture, $"select=eq(n\\,{number})"), "-frames:v", "1", "-fps_mode", "passthrough",
                "-sws_flags", "accurate_rnd+full_chroma_int", "-pix_fmt", "rgb24", "-f", "rawvideo", "-",
            ])
        { RedirectStandardOutput = true })!;
        using MemoryStream pixels = new();
        await decoder.StandardOutput.BaseStream.CopyToAsync(pixels);
        await decoder.WaitForExitAsync();
        Assert.Equal(bytes, pixels.Length);
        return pixels.ToArray();
    }

    private Task<VideoRig> StartAsync() => VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");

    public sealed class OnSqlite() : StillTests(Store.Sqlite);

    public sealed class OnPostgres() : StillTests(Store.Postgres);
}
