using System.Net;
using System.Net.Sockets;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>From a camera's datagrams to who watches.</summary>
public abstract class VideoLiveTests(Store store)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_still_is_the_newest_picture_and_leaves_a_trace()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using (var none = await rig.GetAsync($"{VideoRig.Stream}/snapshot.jpg"))
            await none.ReadProblemAsync(HttpStatusCode.Conflict, "no-picture");
        using var camera = Camera.SendTo(rig.Port);
        await rig.UntilAsync(_ =>
        {
            // A datagram may be lost: the first picture need not be one that can be shown alone.
            using var key = rig.Video.Live.NewestKey();
            return key is not null;
        });
        using var answer = await rig.GetAsync($"{VideoRig.Stream}/snapshot.jpg");
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.True(bytes is [0xFF, 0xD8, .., 0xFF, 0xD9], "It is no JPEG.");
        Assert.Equal(2, (await rig.AuditedAsync()).Count(entry => entry.GetProperty("action").GetString() == "video.stillTaken"));
    }

    [Fact]
    public async Task What_a_camera_sends_is_seen_and_who_looks_is_written_down()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendTo(rig.Port);
        using var viewer = await rig.WatchAsync();

        var format = (await viewer.UntilAsync(message => message.Type == "format")).Text!.Value;
        Assert.Equal((320, 180), (format.GetProperty("width").GetInt32(), format.GetProperty("height").GetInt32()));
        Assert.Matches("^avc1\\.42[0-9A-F]{4}$", format.GetProperty("codec").GetString());
        Assert.Equal($"video/mp4; codecs=\"{format.GetProperty("codec").GetString()}\"", format.GetProperty("mime").GetString());
        Assert.Equal(1, format.GetProperty("description").GetBytesFromBase64()[0]);
        List<LiveMessage> pictures = [];
        while (pictures.Count < 50)
            pictures.Add(await viewer.PictureAsync());
        Assert.True(pictures[0].IsKey);
        Assert.Equal(Enumerable.Range(1, 50), pictures.Select(picture => (int)picture.Number));
        Assert.All(pictures.Zip(pictures.Skip(1)), pair => Assert.Equal(40_000, pair.Second.PtsUs - pair.First.PtsUs));
        Assert.InRange(pictures.Count(picture => picture.IsKey), 4, 5);
        Assert.Equal(TestServer.Begin.ToUnixTimeMilliseconds() * 1000, pictures[^1].ReceivedUs);

        var shown = await rig.ShowAsync();
        Assert.Equal((StreamState.Live, 1, 320, 180, "1", VideoKind.Visible), (shown.State, shown.Viewers, shown.Width, shown.Height, shown.VehicleId, shown.Kind));
        var watched = Assert.Single(await rig.AuditedAsync());
        Assert.Equal(("video.watched", $"video/{VideoRig.Stream}"), (watched.GetProperty("action").GetString(), watched.GetProperty("subject").GetString()));
        Assert.Equal("127.0.0.1", watched.GetProperty("details").GetProperty("from").GetString());

        rig.Server.Time.Advance(Second);
        await viewer.CloseAsync();
        await rig.UntilAsync(stream => stream.Viewers == 0);
        var ended = (await rig.AuditedAsync())[^1];
        Assert.Equal("video.watchEnded", ended.GetProperty("action").GetString());
        Assert.Equal(1, ended.GetProperty("details").GetProperty("seconds").GetDouble());
        Assert.InRange(ended.GetProperty("details").GetProperty("pictures").GetInt64(), 50, 10_000);
    }

    [Fact]
    public async Task A_player_of_files_gets_a_file_that_ffmpeg_plays()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendTo(rig.Port);
        using var viewer = await LiveClient.OpenAsync(rig.Server, rig.Token, VideoRig.Stream, "format=mp4");
        await viewer.UntilAsync(message => message.Type == "format");
        var file = Path.GetTempFileName();
        await using (var written = File.Create(file))
        {
            for (var count = 0; count < 31; count++)
            {
                var message = await viewer.PictureAsync();
                Assert.Equal(count == 0 ? 0 : count == 1 ? 1 : message.Bytes[0], message.Bytes[0]);
                await written.WriteAsync(message.Bytes.AsMemory(1), TestContext.Current.CancellationToken);
            }
        }

        Assert.Equal("h264,320,180,30", await Camera.ProbeAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_viewer_who_comes_later_sees_something_at_once()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendTo(rig.Port);
        await rig.UntilAsync(stream => stream.State == StreamState.Live);
        camera.Dispose();

        // Nothing comes any more: what is seen is what was kept.
        using var viewer = await rig.WatchAsync();
        Assert.True((await viewer.PictureAsync()).IsKey);
    }

    [Fact]
    public async Task A_stream_without_pictures_is_stalled_and_goes_on_with_the_camera()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always", ("SenderHeldS", "1"));
        using var viewer = await rig.WatchAsync();
        Assert.Equal("connecting", (await viewer.UntilAsync(message => message.Type == "state")).State);
        using (Camera.SendTo(rig.Port))
            await viewer.UntilAsync(message => message.State == "live");
        await rig.UntilAsync(stream => stream.State == StreamState.Stalled, Second);
        var stalled = await viewer.UntilAsync(message => message.State == "stalled");
        Assert.InRange(stalled.Text!.Value.GetProperty("ageMs").GetDouble(), 3000, 60_000);
        using (Camera.SendTo(rig.Port))
            await viewer.UntilAsync(message => message.State == "live");
    }

    [Fact]
    public async Task A_source_on_demand_is_open_while_somebody_watches_and_a_little_longer()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "OnDemand");
        using var camera = Camera.SendTo(rig.Port);
        Assert.Equal(StreamState.Idle, (await rig.ShowAsync()).State);
        using (var viewer = await rig.WatchAsync())
        {
            await viewer.UntilAsync(message => message.IsPicture);
            await viewer.CloseAsync();
        }

        await rig.UntilAsync(stream => stream.Viewers == 0);
        rig.Server.Time.Advance(29 * Second);
        Assert.NotEqual(StreamState.Idle, (await rig.ShowAsync()).State);
        await rig.UntilAsync(stream => stream.State == StreamState.Idle, Second);

        // And it opens again.
        using var again = await rig.WatchAsync();
        await again.UntilAsync(message => message.State == "live");
        Assert.Equal(2, rig.Video.Figures.Starts);
    }

    [Fact]
    public async Task Two_senders_on_one_port_do_not_make_one_picture()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var viewer = await rig.WatchAsync();
        using var first = Camera.SendTo(rig.Port);
        await viewer.PictureAsync();
        using var second = Camera.SendTo(rig.Port, "640x360");
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (rig.Video.Figures.Strangers < 50)
        {
            var picture = await viewer.UntilAsync(message => message.IsPicture || message.Type == "format");
            Assert.True(picture.IsPicture, "The format has changed.");
            Assert.False(limit.IsCancellationRequested);
        }

        Assert.Equal((0, 0), (rig.Video.Figures.Damaged, rig.Video.Figures.Gaps));

        // The first falls silent: the second takes its place.
        first.Dispose();
        await rig.UntilAsync(stream => stream.Width == 640, Second);
    }

    [Fact]
    public async Task Rubbish_is_counted_and_locks_nobody_out()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "Always");
        using var viewer = await rig.WatchAsync();
        await viewer.UntilAsync(message => message.Type == "state");
        using UdpClient rubbish = new();
        var random = new Random(4711);
        var bytes = new byte[1316];
        for (var sent = 0; rig.Video.Figures.Garbage < 20; sent++)
        {
            random.NextBytes(bytes);
            await rubbish.SendAsync(bytes.AsMemory(0, random.Next(bytes.Length)), new IPEndPoint(IPAddress.Loopback, rig.Port), TestContext.Current.CancellationToken);
            Assert.InRange(sent, 0, 1_000_000);
        }

        using var camera = Camera.SendTo(rig.Port);
        await viewer.PictureAsync();
    }

    [Fact]
    public async Task Rtp_is_taken_as_well()
    {
        await using var rig = await VideoRig.StartAsync(store, "rtp://127.0.0.1:{0}", "Always");
        using var camera = Camera.SendTo(rig.Port, scheme: "rtp");
        using var viewer = await rig.WatchAsync();
        for (var count = 0; count < 25; count++)
            await viewer.PictureAsync();
        Assert.Equal((0, 0), (rig.Video.Figures.Damaged, rig.Video.Figures.Gaps));
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_there_is_told_so()
    {
        await using var rig = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", "OnDemand");
        await (await rig.GetAsync("9-visible")).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await rig.GetAsync("9-visible/live")).ReadProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await rig.GetAsync($"{VideoRig.Stream}/live")).ReadProblemAsync(HttpStatusCode.UpgradeRequired, "websocket-needed");
        await (await rig.GetAsync($"{VideoRig.Stream}/live?format=mov")).ReadProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Empty(await rig.AuditedAsync());
        using var anonymous = rig.Server.Anonymous();
        using var refused = await anonymous.GetAsync(new Uri($"/api/v1/video/streams/{VideoRig.Stream}/live", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    public sealed class OnSqlite() : VideoLiveTests(Store.Sqlite);

    public sealed class OnPostgres() : VideoLiveTests(Store.Postgres);
}
