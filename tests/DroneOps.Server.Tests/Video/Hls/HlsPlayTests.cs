using System.Net;
using System.Text.RegularExpressions;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Tests.Video.Rtsp;
using DroneOps.Server.Video.Hls;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video.Hls;

/// <summary>HLS as players take it.</summary>
public abstract partial class HlsPlayTests(Store store)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ffmpeg_plays_it_without_a_complaint_and_it_is_one_look()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "OnDemand");
        using var camera = Camera.SendTo(rig.Port);
        var address = new Uri(rig.Server.Address, $"/api/v1/video/streams/{VideoRig.Stream}/hls/index.m3u8");
        var (code, output, complaints) = await RtspRig.RunAsync(
            "ffmpeg", "-nostdin", "-v", "error", "-headers", $"Authorization: Bearer {rig.Token}\r\n", "-i", address.ToString(), "-frames:v", "75", "-f", "framemd5", "-");
        Assert.Equal((0, ""), (code, complaints));
        Assert.Equal(75, output.Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)));
        Assert.Contains("#dimensions 0: 320x180", output, StringComparison.Ordinal);
        var watched = Assert.Single(await rig.AuditedAsync());
        Assert.Equal(("video.watched", "hls"), (watched.GetProperty("action").GetString(), watched.GetProperty("details").GetProperty("form").GetString()));
        Assert.Equal(1, (await rig.ShowAsync()).Viewers);

        // Nobody asks any more: it is cut no longer, and the look has an end.
        await rig.UntilAsync(stream => stream.Viewers == 0, TimeSpan.FromSeconds(5));
        var shelf = rig.Server.Services.GetRequiredService<HlsShelf>();
        await rig.UntilAsync(_ => shelf.Count == 0, TimeSpan.FromSeconds(5));
        Assert.Equal("video.watchEnded", (await rig.AuditedAsync())[^1].GetProperty("action").GetString());
    }

    [Fact]
    public async Task What_the_playlist_names_is_there_and_the_next_part_when_it_comes()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendTo(rig.Port);
        var list = await ListAsync(rig, "");
        for (var reload = 0; reload < 6; reload++)
        {
            var hint = Hint().Match(list);
            var (number, part) = (long.Parse(hint.Groups[1].ValueSpan), int.Parse(hint.Groups[2].ValueSpan));
            using var next = await rig.GetAsync($"{VideoRig.Stream}/hls/part-{number}-{part}.m4s");
            list = await ListAsync(rig, $"?_HLS_msn={number}&_HLS_part={part}");

            // The segment may have ended where a part was hinted at: the next one begins then.
            Assert.True(next.StatusCode == HttpStatusCode.OK || list.Contains($"part-{number + 1}-0.m4s", StringComparison.Ordinal));
            Assert.Matches($"part-{number}-{part}\\.m4s|part-{number + 1}-0\\.m4s", list);
        }

        foreach (var file in Files().Matches(list).Select(match => match.Value))
        {
            using var answer = await rig.GetAsync($"{VideoRig.Stream}/hls/{file}");
            Assert.Equal((HttpStatusCode.OK, "video/mp4"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        }

        foreach (var none in new[] { "seg-999999.m4s", "init-99.mp4", "part-1-99999.m4s", "other.txt", "seg-1.mp4" })
        {
            using var answer = await rig.GetAsync($"{VideoRig.Stream}/hls/{none}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        foreach (var wrong in new[] { "?_HLS_part=1", "?_HLS_msn=x", "?_HLS_msn=1&_HLS_part=-1" })
        {
            using var answer = await rig.GetAsync($"{VideoRig.Stream}/hls/index.m3u8{wrong}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using var stranger = rig.Server.Anonymous();
        using var refused = await stranger.GetAsync(new Uri($"/api/v1/video/streams/{VideoRig.Stream}/hls/index.m3u8", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<string> ListAsync(VideoRig rig, string query)
    {
        using var answer = await rig.GetAsync($"{VideoRig.Stream}/hls/index.m3u8{query}");
        Assert.Equal((HttpStatusCode.OK, "application/vnd.apple.mpegurl"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        return await answer.Content.ReadAsStringAsync(Token);
    }

    [GeneratedRegex("""PRELOAD-HINT:TYPE=PART,URI="part-(\d+)-(\d+)\.m4s""")]
    private static partial Regex Hint();

    [GeneratedRegex("""(?<=")(init-\d+\.mp4|part-\d+-\d+\.m4s)(?=")(?!"\s*$)|seg-\d+\.m4s""")]
    private static partial Regex Files();

    public sealed class OnSqlite() : HlsPlayTests(Store.Sqlite);

    public sealed class OnPostgres() : HlsPlayTests(Store.Postgres);
}
