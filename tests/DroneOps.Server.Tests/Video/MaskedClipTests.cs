using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video.Recording;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Copies in which faces and plates are painted over: the original stays as it is, and nobody gets back what is painted over.</summary>
public abstract class MaskedClipTests(Store store)
{
    private const string Wish = "信息公开 2026-8";

    [Fact]
    public async Task A_masked_copy_is_black_where_and_when_it_was_asked_for_and_its_clip_stays_as_it_is()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var pilot = await rig.Server.SignInAsync(Roles.Pilot);
        var (recording, folder, clip) = await CutAsync(rig, pilot);
        var path = $"/api/v1/video/recordings/{recording}/clips/{clip.Id}";

        await RefusedAsync(pilot, path, "invalid-request", HttpStatusCode.BadRequest, "#/regions");
        await RefusedAsync(pilot, path, "invalid-request", HttpStatusCode.BadRequest, "#/regions/0", new MaskedRegion(0.6, 0, 0.5, 0.5, 0, 1));
        await RefusedAsync(pilot, path, "invalid-request", HttpStatusCode.BadRequest, "#/regions/1/toS", new(0, 0, 1, 1, 0, 1), new(0, 0, 1, 1, 2, 2));
        await RefusedAsync(pilot, path.Replace(clip.Id.ToString(), Guid.NewGuid().ToString(), StringComparison.Ordinal), "not-found", HttpStatusCode.NotFound, "", new MaskedRegion(0, 0, 1, 1, 0, 1));

        // The upper left quarter in the first half second, a strip at the right all the time.
        MaskedRegion[] regions = [new(0, 0, 0.5, 0.5, 0, 0.5), new(0.75, 0, 0.25, 1, 0, 3600)];
        // Done while somebody else has to do with the keeping of recordings, who waits for it no more than it for him: only the end of it does.
        Task<HttpResponseMessage> masking = null!;
        Assert.True(await rig.Server.Services.GetRequiredService<RetentionDesk>().WhileKeptAsync(
            folder,
            async () =>
            {
                masking = pilot.PostAsJsonAsync($"{path}/masked", new { regions, reason = Wish });
                using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
                while (Directory.GetFiles(folder.ClipsPath, "*.new").Length == 0)
                {
                    limit.Token.ThrowIfCancellationRequested();
                    await Task.Yield();
                }
            },
            TestContext.Current.CancellationToken));
        using var answer = await masking;
        var masked = await answer.ReadAsync<Clip>(HttpStatusCode.Created);
        Assert.Equal((clip.Id, clip.From, clip.To, Wish), (masked.MaskedFrom, masked.From, masked.To, masked.Reason));
        Assert.Equal(regions, masked.Regions!);
        Assert.Equal((await Camera.ProbeAsync(folder.ClipFile(clip.Id))).Split(','), (await Camera.ProbeAsync(folder.ClipFile(masked.Id))).Split(','));

        using (var copy = await pilot.GetAsync(new Uri($"/api/v1/video/recordings/{recording}/clips/{masked.Id}.mp4?reason=x", UriKind.Relative)))
            Assert.Equal(masked.Sha256, Convert.ToHexStringLower(SHA256.HashData(await copy.Content.ReadAsByteArrayAsync())));
        Assert.Equal(clip.Sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(folder.ClipFile(clip.Id)))));

        var (early, late) = (await LumaAsync(folder.ClipFile(masked.Id), 0.1), await LumaAsync(folder.ClipFile(masked.Id), 0.8));

        // Away from the edges, which the coder blurs: black is 16, and the test picture is bright everywhere else.
        Assert.InRange(Brightest(early, 0, 0, 144, 72), 0, 40);
        Assert.InRange(Brightest(early, 256, 0, 320, 180), 0, 40);
        Assert.InRange(Brightest(early, 0, 100, 224, 180), 100, 255);
        Assert.InRange(Brightest(late, 0, 0, 144, 72), 100, 255);
        Assert.InRange(Brightest(late, 256, 0, 320, 180), 0, 40);

        var said = (await rig.AuditedAsync()).Single(entry => entry.GetProperty("action").GetString() == "video.clipMasked");
        Assert.Equal(masked.AuditEntry, said.GetProperty("sequence").GetInt64());
        var details = said.GetProperty("details");
        Assert.Equal((clip.Sha256, masked.Sha256, 2), (details.GetProperty("fromSha256").GetString(), details.GetProperty("sha256").GetString(), details.GetProperty("regions").GetArrayLength()));

        // What cannot be decoded is not taken for a copy, and leaves nothing.
        await File.WriteAllBytesAsync(folder.ClipFile(clip.Id), new byte[5000]);
        await RefusedAsync(pilot, path, "not-masked", HttpStatusCode.Conflict, "", new MaskedRegion(0, 0, 1, 1, 0, 1));
        Assert.Equal(2, Directory.GetFiles(folder.ClipsPath, "*.mp4*").Length);
    }

    private static async Task<(Guid, RecordingFolder, Clip)> CutAsync(VideoRig rig, HttpClient pilot)
    {
        using var camera = Camera.SendTo(rig.Port);
        using (var order = await pilot.PostAsJsonAsync($"/api/v1/video/streams/{VideoRig.Stream}/recording", new { reason = Wish }))
            order.EnsureSuccessStatusCode();
        await rig.UntilAtCameraPaceAsync(stream => stream.Recording);
        var before = rig.Video.Live.Pictures;
        await rig.UntilAtCameraPaceAsync(_ => rig.Video.Live.Pictures > before + 60);
        using var end = await pilot.DeleteAsync(new Uri($"/api/v1/video/streams/{VideoRig.Stream}/recording", UriKind.Relative));
        var recorded = await end.ReadAsync<RecordingView>(HttpStatusCode.OK);
        using var cut = await pilot.PostAsJsonAsync($"/api/v1/video/recordings/{recorded.Id}/clips", new { from = recorded.From.AddSeconds(-1), to = recorded.From.AddMinutes(1), reason = Wish });
        return (recorded.Id, rig.Server.Services.GetRequiredService<RecordingShelf>().Find(recorded.Id)!, await cut.ReadAsync<Clip>(HttpStatusCode.Created));
    }

    private static async Task RefusedAsync(HttpClient pilot, string path, string code, HttpStatusCode status, string where, params MaskedRegion[] regions)
    {
        using var answer = await pilot.PostAsJsonAsync($"{path}/masked", new { regions, reason = Wish });
        var problem = await answer.ReadProblemAsync(status, code);
        if (where.Length > 0)
            Assert.Equal(where, problem.GetProperty("errors")[0].GetProperty("pointer").GetString());
    }

    /// <summary>The brightness of each pixel of the picture at that time, 320 by 180, row by row.</summary>
    private static async Task<byte[]> LumaAsync(string file, double atS)
    {
        using var decoder = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-i", file, "-ss", atS.ToString(CultureInfo.InvariantCulture), "-frames:v", "1", "-pix_fmt", "gray", "-f", "rawvideo", "-"])
        { RedirectStandardOutput = true })!;
        using MemoryStream pixels = new();
        await decoder.StandardOutput.BaseStream.CopyToAsync(pixels);
        await decoder.WaitForExitAsync();
        Assert.Equal(320 * 180, pixels.Length);
        return pixels.ToArray();
    }

    private static int Brightest(byte[] luma, int left, int top, int right, int bottom)
    {
        var most = 0;
        for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                most = Math.Max(most, luma[(y * 320) + x]);
        return most;
    }

    public sealed class OnSqlite() : MaskedClipTests(Store.Sqlite);

    public sealed class OnPostgres() : MaskedClipTests(Store.Postgres);
}
