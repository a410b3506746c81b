using System.Net;
using System.Net.Sockets;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using DroneOps.Server.Video.Rtsp;

namespace DroneOps.Server.Tests.Video.Rtsp;

/// <summary>The rules of a viewer's connection.</summary>
public abstract class RtspSessionTests(Store store)
{
    [Fact]
    public async Task What_is_against_the_rules_is_refused_and_what_is_not_goes_on()
    {
        await using var rig = await RtspRig.StartAsync(store, "Always");
        using var camera = Camera.SendTo(rig.Video.Port);
        using var viewer = await rig.ConnectAsync();
        Assert.Contains("DESCRIBE", (await viewer.AskAsync("OPTIONS", "")).Headers["Public"], StringComparison.Ordinal);
        Assert.Equal(401, (await viewer.AskAsync("DESCRIBE", VideoRig.Stream)).Status);
        Assert.Equal(404, (await viewer.AskAsync("DESCRIBE", "none")).Status);
        Assert.Equal(551, (await viewer.AskAsync("DESCRIBE", VideoRig.Stream, ("Require", "onvif-replay"))).Status);
        Assert.Equal(501, (await viewer.AskAsync("ANNOUNCE", VideoRig.Stream)).Status);
        var described = await viewer.AskAsync("DESCRIBE", VideoRig.Stream);
        Assert.Equal(("application/sdp", true), (described.Headers["Content-Type"], described.Body.Contains("a=rtpmap:96 H264/90000\r\n", StringComparison.Ordinal)));
        Assert.Equal(461, (await viewer.AskAsync("SETUP", $"{VideoRig.Stream}/track", ("Transport", "RTP/AVP;multicast"))).Status);
        Assert.Equal(454, (await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", "12345678"))).Status);
        Assert.Equal(454, (await viewer.AskAsync("TEARDOWN", VideoRig.Stream)).Status);

        var ready = await viewer.AskAsync("SETUP", $"{VideoRig.Stream}/track", ("Transport", "RTP/AVP/TCP;unicast;interleaved=4-5"));
        Assert.Equal((200, true), (ready.Status, ready.Headers["Transport"].StartsWith("RTP/AVP/TCP;unicast;interleaved=4-5;ssrc=", StringComparison.Ordinal)));
        Assert.Equal(455, (await viewer.AskAsync("SETUP", $"{VideoRig.Stream}/track", ("Transport", "RTP/AVP/TCP"))).Status);
        Assert.Empty(await rig.Video.AuditedAsync());

        var playing = await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", ready.Session));
        var packet = await viewer.PacketAsync(4);
        var report = await viewer.PacketAsync(5);
        Assert.Equal((0x80, 96), (packet[0], packet[1] & 0x7F));
        Assert.EndsWith($"seq={packet[2] << 8 | packet[3]}", playing.Headers["RTP-Info"], StringComparison.Ordinal);
        Assert.Equal((0x80, 200), (report[0], report[1]));
        Assert.Equal(packet[8..12], report[4..8]);
        Assert.Equal(200, (await viewer.AskAsync("GET_PARAMETER", VideoRig.Stream, ("Session", ready.Session))).Status);
        Assert.Equal(1, (await rig.Video.ShowAsync()).Viewers);

        Assert.Equal(200, (await viewer.AskAsync("PAUSE", VideoRig.Stream, ("Session", ready.Session))).Status);
        await rig.Video.UntilAsync(stream => stream.Viewers == 0);
        Assert.Equal(200, (await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", ready.Session))).Status);
        viewer.Packets.Clear();
        await viewer.PacketAsync(4);
        Assert.Equal(200, (await viewer.AskAsync("TEARDOWN", VideoRig.Stream, ("Session", ready.Session))).Status);
        Assert.Equal(454, (await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", ready.Session))).Status);
        Assert.Equal(
            ["video.watched", "video.watchEnded", "video.watched", "video.watchEnded"], (await rig.Video.AuditedAsync()).Select(entry => entry.GetProperty("action").GetString()));

        await viewer.SendAsync("\r\nTHIS is no request\r\n\r\n");
        await viewer.DrainAsync();
    }

    [Fact]
    public async Task A_revoked_token_ends_what_it_watches()
    {
        await using var rig = await RtspRig.StartAsync(store, "Always");
        using var camera = Camera.SendTo(rig.Video.Port);
        using var viewer = await PlayAsync(rig);
        using (var admin = await rig.Video.Server.SignInAsync(Roles.Admin))
            Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(new Uri($"/api/v1/tokens/{rig.Token.Id}", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        var draining = viewer.DrainAsync();
        await rig.Video.UntilAsync(stream => stream.Viewers == 0, VideoAudience.Every);
        await draining;
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_delays_nobody_and_is_gone_after_a_while()
    {
        await using var rig = await RtspRig.StartAsync(store, "Always", ("ViewerQueue", "60")); // more than two seconds: a busy machine does not make the quick one slow
        using var camera = Camera.SendTo(rig.Video.Port, "1920x1080");
        using var slow = await PlayAsync(rig);
        using var quick = await rig.Video.WatchAsync();
        uint last = 0;
        while (last < 200)
        {
            var picture = await quick.PictureAsync();
            Assert.Equal(last + 1, last = picture.Number);
        }

        Assert.Equal(2, (await rig.Video.ShowAsync()).Viewers);
        await rig.Video.UntilAsync(stream => stream.Viewers == 1, RtspWire.WriteLimit);
        var ended = (await rig.Video.AuditedAsync())[^1];
        Assert.Equal("video.watchEnded", ended.GetProperty("action").GetString());
        Assert.NotEqual(0, ended.GetProperty("details").GetProperty("dropped").GetInt64());
    }

    [Fact]
    public async Task Who_gets_datagrams_and_gives_no_sign_of_life_is_gone_after_a_while()
    {
        await using var rig = await RtspRig.StartAsync(store, "Always");
        using var camera = Camera.SendTo(rig.Video.Port);
        var port = FreePorts.Take();
        using UdpClient pictures = new(new IPEndPoint(IPAddress.Loopback, port)), reports = new(new IPEndPoint(IPAddress.Loopback, port + 1));
        using var viewer = await rig.ConnectAsync();
        var session = await viewer.SetUpAsync($"RTP/AVP;unicast;client_port={port}-{port + 1}");
        Assert.Equal(200, (await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", session))).Status);
        Assert.Equal(96, (await pictures.ReceiveAsync(TestContext.Current.CancellationToken)).Buffer[1] & 0x7F);
        var report = await reports.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal(200, report.Buffer[1]);

        // Any request is a sign of life.
        rig.Video.Server.Time.Advance(RtspConnection.SilenceLimit / 2);
        Assert.Equal(200, (await viewer.AskAsync("GET_PARAMETER", VideoRig.Stream, ("Session", session))).Status);
        rig.Video.Server.Time.Advance(RtspConnection.SilenceLimit * 0.9);
        Assert.Equal(1, (await rig.Video.ShowAsync()).Viewers);
        await rig.Video.UntilAsync(stream => stream.Viewers == 0, RtspConnection.SilenceLimit);
        await viewer.DrainAsync();
    }

    [Fact]
    public async Task A_stranger_is_not_kept()
    {
        await using var rig = await RtspRig.StartAsync(store, "Always", ("Rtsp:MostConnections", "2"));
        using var idle = await rig.ConnectAsync();
        using var guessing = await RtspClient.ConnectAsync(rig.Port, rig.Token.Name, "wrong");
        Assert.Equal(200, (await idle.AskAsync("OPTIONS", "")).Status);
        for (var attempt = 0; attempt < 4; attempt++)
            Assert.Equal(401, (await guessing.AskAsync("DESCRIBE", VideoRig.Stream)).Status);
        await guessing.DrainAsync();

        // One more than there is room for is let in when another has gone.
        rig.Video.Server.Time.Advance(RtspConnection.StrangerLimit);
        await idle.DrainAsync();
        using var next = await rig.ConnectAsync();
        Assert.Equal(200, (await next.AskAsync("OPTIONS", "")).Status);
    }

    private static async Task<RtspClient> PlayAsync(RtspRig rig)
    {
        var viewer = await rig.ConnectAsync();
        var session = await viewer.SetUpAsync();
        Assert.Equal(200, (await viewer.AskAsync("PLAY", VideoRig.Stream, ("Session", session))).Status);
        await viewer.PacketAsync(0);
        return viewer;
    }

    public sealed class OnSqlite() : RtspSessionTests(Store.Sqlite);

    public sealed class OnPostgres() : RtspSessionTests(Store.Postgres);
}
