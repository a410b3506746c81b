using System.Net;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>H.265 for browsers that do not show it: coded anew once for all of them, only while they watch, and never more at a time than the machine bears.</summary>
public abstract class TranscodingTests(Store store)
{
    [Fact]
    public async Task A_stream_of_h265_is_sent_as_h264_to_who_asks_and_as_it_is_to_others()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendH265To(rig.Port);
        using var plain = await rig.WatchAsync();
        Assert.StartsWith("hvc1.", await CodecAsync(plain), StringComparison.Ordinal);
        var transcodings = rig.Server.Services.GetRequiredService<Transcodings>();
        Assert.Equal(0, transcodings.Count);

        using (var first = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "format=pictures&codec=h264"))
        using (var second = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "format=mp4&codec=h264"))
        {
            Assert.StartsWith("avc1.", await CodecAsync(first), StringComparison.Ordinal);
            Assert.StartsWith("avc1.", await CodecAsync(second), StringComparison.Ordinal);
            Assert.Equal(1, transcodings.Count);

            // Each picture is one of the camera's, with its time: not that at which the coder was done with it.
            Dictionary<long, long> sent = [];
            List<LiveMessage> made = [];
            while (made.Count < 40)
                made.Add(await first.PictureAsync());
            while (sent.Keys.DefaultIfEmpty().Max() < made[^1].PtsUs)
            {
                var picture = await plain.PictureAsync();
                sent[picture.PtsUs] = picture.ReceivedUs;
            }

            Assert.True(made[0].IsKey);
            Assert.All(made.Where(picture => picture.PtsUs >= sent.Keys.Min()), picture => Assert.Equal(sent[picture.PtsUs], picture.ReceivedUs));
            Assert.Equal([.. made.Select(picture => picture.Number).Order()], made.Select(picture => picture.Number));
            await first.CloseAsync();
            await second.CloseAsync();
        }

        await rig.UntilAsync(_ => transcodings.Count == 0);
        var watched = (await rig.AuditedAsync()).Where(entry => entry.GetProperty("action").GetString() == "video.watched").Select(entry => entry.GetProperty("details").GetProperty("codec").GetString());
        Assert.Equal([null, "h264", "h264"], watched);
    }

    [Fact]
    public async Task When_the_camera_changes_to_h264_who_watches_comes_again_and_gets_it_as_it_is()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        var transcodings = rig.Server.Services.GetRequiredService<Transcodings>();
        LiveClient viewer;
        using (Camera.SendH265To(rig.Port))
        {
            await rig.UntilAsync(stream => stream.Codec == Media.VideoCodec.H265);
            viewer = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "codec=h264");
            await viewer.PictureAsync();
        }

        using var camera = Camera.SendTo(rig.Port);
        await rig.UntilAsync(stream => stream.Codec == Media.VideoCodec.H264, TimeSpan.FromMilliseconds(500));
        await viewer.DrainAsync();
        viewer.Dispose();
        using var again = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "codec=h264");
        await again.PictureAsync();
        await rig.UntilAsync(_ => transcodings.Count == 0);
    }

    [Fact]
    public async Task Who_comes_when_as_many_run_as_may_is_told_so_and_h264_is_never_coded_anew()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always", ("MostTranscoded", "0"));
        var transcodings = rig.Server.Services.GetRequiredService<Transcodings>();
        using (Camera.SendTo(rig.Port))
        {
            using var viewer = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "codec=h264");
            Assert.StartsWith("avc1.", await CodecAsync(viewer), StringComparison.Ordinal);
        }

        using var camera = Camera.SendH265To(rig.Port);
        await rig.UntilAsync(stream => stream.Codec == Media.VideoCodec.H265, TimeSpan.FromMilliseconds(500));
        var refused = await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "codec=h264"));
        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, transcodings.Count);
        using var wrong = await rig.GetAsync($"{VideoRig.Stream}/live?codec=av1");
        await wrong.ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    private static async Task<string?> CodecAsync(LiveClient viewer) => (await viewer.UntilAsync(message => message.Type == "format")).Text?.GetProperty("codec").GetString();

    public sealed class OnSqlite() : TranscodingTests(Store.Sqlite);

    public sealed class OnPostgres() : TranscodingTests(Store.Postgres);
}
