using System.Globalization;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Video.Rtsp;

/// <summary>What other people's players make of our RTSP.</summary>
public abstract class RtspPlayerTests(Store store)
{
    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task Ffmpeg_plays_it_without_a_complaint(string transport)
    {
        await using var rig = await RtspRig.StartAsync(store, "Always");
        using var camera = Camera.SendTo(rig.Video.Port);
        var (code, output, complaints) = await RtspRig.RunAsync("ffmpeg", "-nostdin", "-v", "warning", "-rtsp_transport", transport, "-i", rig.Url, "-frames:v", "60", "-f", "framemd5", "-");
        Assert.Equal((0, ""), (code, complaints));
        Assert.Equal(60, output.Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)));
        Assert.Contains("#dimensions 0: 320x180", output, StringComparison.Ordinal);
        await AssertWrittenDownAsync(rig, transport);
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public async Task GStreamer_plays_it_without_a_complaint(string transport)
    {
        await using var rig = await RtspRig.StartAsync(store, "OnDemand");
        using var camera = Camera.SendTo(rig.Video.Port);
        var (pictures, complaints) = await rig.DecodeByGStreamerAsync(transport, 60);
        Assert.True(pictures == 60 && complaints.Length == 0, $"{pictures}: {complaints}{Environment.NewLine}{await rig.LogAsync()}");
        await AssertWrittenDownAsync(rig, transport);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_does_not_know_the_secret_sees_nothing(bool isOther)
    {
        await using var rig = await RtspRig.StartAsync(store, "Always");
        using var camera = Camera.SendTo(rig.Video.Port);

        // A token that was not made for it does not open it either.
        var other = await RtspRig.TokenAsync(rig.Video.Server, rtsp: false);
        var url = isOther ? rig.Address(other.Name, other.Token) : rig.Address(rig.Token.Name, "wrong");
        var (code, _, complaints) = await RtspRig.RunAsync("ffmpeg", "-nostdin", "-v", "error", "-rtsp_transport", "tcp", "-i", url, "-frames:v", "1", "-f", "null", "-");
        Assert.NotEqual(0, code);
        Assert.Contains("401", complaints, StringComparison.Ordinal);
        Assert.Empty(await rig.Video.AuditedAsync());
    }

    [Fact]
    public async Task Another_server_fetches_it_and_shows_it()
    {
        await using var rig = await RtspRig.StartAsync(store, "OnDemand");
        using var camera = Camera.SendTo(rig.Video.Port);
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, rig.Token.Token, TestContext.Current.CancellationToken);
        await using var second = await VideoRig.StartAsync(
            store, string.Create(CultureInfo.InvariantCulture, $"rtsp://127.0.0.1:{rig.Port}/{VideoRig.Stream}"), "OnDemand",
            ("AllowedNetworks:0", "127.0.0.0/8"), ("Sources:0:UserName", rig.Token.Name), ("Sources:0:SecretFile", secret));
        using var viewer = await second.WatchAsync();
        var pictures = 0;
        while (pictures < 50)
        {
            var picture = await viewer.PictureAsync();
            pictures++;
            Assert.Equal(pictures == 1, picture.IsKey && picture.Number == 1);
        }

        Assert.Null((await second.ShowAsync()).Trouble);
        await viewer.CloseAsync();
        File.Delete(secret);
    }

    private static async Task AssertWrittenDownAsync(RtspRig rig, string transport)
    {
        await rig.Video.UntilAsync(stream => stream.Viewers == 0);
        var entries = await rig.Video.AuditedAsync();
        Assert.Equal(["video.watched", "video.watchEnded"], entries.Select(entry => entry.GetProperty("action").GetString()));
        Assert.All(entries, entry => Assert.Equal($"token:{rig.Token.Name}", entry.GetProperty("actor").GetString()));
        var details = entries[0].GetProperty("details");
        Assert.Equal(("rtsp", transport, "127.0.0.1"), (details.GetProperty("form").GetString(), details.GetProperty("transport").GetString(), details.GetProperty("from").GetString()));
        Assert.InRange(entries[1].GetProperty("details").GetProperty("pictures").GetInt64(), 60, 10_000);
    }

    public sealed class OnSqlite() : RtspPlayerTests(Store.Sqlite);

    public sealed class OnPostgres() : RtspPlayerTests(Store.Postgres);
}
