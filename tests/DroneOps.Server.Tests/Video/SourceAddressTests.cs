using System.ComponentModel.DataAnnotations;
using System.Net;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>What may be a camera's address.</summary>
public sealed class SourceAddressTests
{
    [Theory]
    [InlineData("udp://0.0.0.0:5600", "udp://0.0.0.0:5600")]
    [InlineData("udp://0.0.0.0:5600?from=10.0.0.7", "udp://0.0.0.0:5600")]
    [InlineData("udp://[::]:5600", "udp://[::]:5600")]
    [InlineData("rtp://239.1.2.3:6000", "rtp://239.1.2.3:6000")]
    [InlineData("rtsp://10.0.0.7/main?profile=1", "rtsp://10.0.0.7:554/main?profile=1")]
    [InlineData("rtsps://camera.city.example/", "rtsps://camera.city.example:322")]
    [InlineData("RTSP://10.0.0.7:8554/Live", "rtsp://10.0.0.7:8554/Live")]
    [InlineData("srt://10.0.0.7:9000", "srt://10.0.0.7:9000")]
    [InlineData("rtmp://10.0.0.7/live/stream", "rtmp://10.0.0.7:1935/live/stream")]
    public void An_address_that_a_camera_can_have_is_read(string text, string read)
    {
        Assert.True(SourceAddress.TryParse(text, out var address, out var fault), fault);
        Assert.Equal(read, address.ToString());
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData("file:///etc/passwd", "no cameras")]
    [InlineData("/etc/passwd", "no cameras")]
    [InlineData("concat:udp://10.0.0.7:1|udp://10.0.0.7:2", "spaces, quotes")]
    [InlineData("concat:rtsp://10.0.0.7/a", "no cameras")]
    [InlineData("pipe:0", "no cameras")]
    [InlineData("http://10.0.0.7/stream", "no cameras")]
    [InlineData("https://10.0.0.7/live.m3u8", "no cameras")]
    [InlineData("subfile,,start,0,end,9,,:file", "no cameras")]
    [InlineData("udp,rtp://0.0.0.0:5600", "no cameras")]
    [InlineData("0://10.0.0.7:5600", "no cameras")]
    [InlineData("rtsp:10.0.0.7", "no cameras")]
    [InlineData("rtsp://10.0.0.7/live.m3u8", "list of other addresses")]
    [InlineData("rtsp://10.0.0.7/x.ffconcat", "list of other addresses")]
    [InlineData("rtsp://10.0.0.7/x.sdp?a=b", "list of other addresses")]
    [InlineData("rtsp://admin:secret@10.0.0.7/main", "UserName and SecretFile")]
    [InlineData("rtsp://10.0.0.7/main'%0aoption x", "spaces, quotes")]
    [InlineData("rtsp://10.0.0.7/main\nfile 'x'", "spaces, quotes")]
    [InlineData("rtsp://10.0.0.7/main#x", "fragment")]
    [InlineData("rtsp:///main", "not an address")]
    [InlineData("srt://10.0.0.7", "needs a port")]
    [InlineData("srt://10.0.0.7:9000?passphrase=verysecret12", "takes no options")]
    [InlineData("udp://0.0.0.0", "needs a port")]
    [InlineData("udp://0.0.0.0:0", "needs a port")]
    [InlineData("udp://0.0.0.0:22", "below 1024")]
    [InlineData("udp://0.0.0.0:5600/path", "path")]
    [InlineData("udp://0.0.0.0:5600?fifo_size=1", "?from=")]
    [InlineData("udp://0.0.0.0:5600?from=drone", "?from=")]
    [InlineData("udp://drone.example:5600", "address of this machine")]
    public void An_address_that_no_camera_has_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(SourceAddress.TryParse(text, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.9.9.9", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("10.0.0.7", true)]
    [InlineData("192.168.1.20", true)]
    [InlineData("100.64.0.9", true)]
    [InlineData("8.8.8.8", true)]
    [InlineData("fd12::7", true)]
    public void Only_what_may_be_a_camera_is_fetched_from(string address, bool isPermitted)
    {
        Assert.Equal(isPermitted, new SourceReach([]).Permits(IPAddress.Parse(address)));
        Assert.True(new SourceReach([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")]).Permits(IPAddress.Parse(address)));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_fetched_from()
    {
        var refused = await Assert.ThrowsAsync<IOException>(() => new SourceReach([]).ResolveAsync("localhost", TestContext.Current.CancellationToken));
        Assert.Contains("AllowedNetworks", refused.Message, StringComparison.Ordinal);
        Assert.Equal(IPAddress.Loopback, (await new SourceReach([IPNetwork.Parse("127.0.0.0/8")]).ResolveAsync("localhost", TestContext.Current.CancellationToken)).MapToIPv4());
    }

    [Fact]
    public void A_source_that_cannot_be_stops_the_start_with_what_is_wrong()
    {
        VideoOptions options = new()
        {
            Sources =
            {
                new() { VehicleId = "1", Url = "udp://0.0.0.0:5600" },
                new() { VehicleId = "1", Url = "udp://0.0.0.0:5601" },
                new() { VehicleId = "2", Url = "file:///etc/passwd" },
                new() { VehicleId = "3", Url = "rtsp://127.0.0.1/x" },
                new() { VehicleId = "4", Url = "rtsp://10.0.0.7/x", UserName = "admin" },
                new() { VehicleId = "5", Url = "udp://0.0.0.0:5605", SecretFile = "x" },
                new() { VehicleId = "6", Id = "../6", Url = "udp://0.0.0.0:5606" },
                new() { Url = "udp://0.0.0.0:5607", Id = "none" },
            },
            AllowedNetworks = { "here" },
        };
        List<ValidationResult> faults = [];
        Assert.False(Validator.TryValidateObject(options, new(options), faults, validateAllProperties: true));
        string[] wanted = ["'1-visible' more than once", "2:Url 'file", "3:Url leads to 127.0.0.1", "4:UserName", "5:SecretFile", "6:Id '../6'", "7:VehicleId is missing", "'here' is not a network"];
        Assert.All(wanted, part => Assert.Contains(faults, fault => fault.ErrorMessage!.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(wanted.Length, faults.Count);
    }

    [Fact]
    public void What_ffmpeg_is_told_has_the_password_and_its_command_line_has_not()
    {
        Assert.True(SourceAddress.TryParse("rtsp://camera.example/main", out var address, out _));
        StreamSettings settings = new("1-visible", "1", VideoKind.Visible, "Camera", address, SourceMode.OnDemand, "admin", "it's @ secret");
        Assert.Contains("file 'rtsp://admin:it%27s%20%40%20secret@10.0.0.7:554/main'", FfmpegInput.Order(settings, IPAddress.Parse("10.0.0.7")), StringComparison.Ordinal);
        Assert.DoesNotContain(FfmpegInput.Arguments(address), argument => argument.Contains("secret", StringComparison.Ordinal) || argument.Contains("camera", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", settings.ToString(), StringComparison.Ordinal);
        var passphrase = settings with { Address = new(SourceScheme.Srt, "10.0.0.7", 9000, "", null), UserName = null };
        Assert.Contains(@"option passphrase 'it'\''s @ secret'", FfmpegInput.Order(passphrase, IPAddress.Parse("10.0.0.7")), StringComparison.Ordinal);
    }
}
