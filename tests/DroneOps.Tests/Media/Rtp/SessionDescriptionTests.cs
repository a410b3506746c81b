using DroneOps.Media.Rtp;
using Xunit;

namespace DroneOps.Tests.Media.Rtp;

public sealed class SessionDescriptionTests
{
    // What ffmpeg 5.1 writes for the same streams (-f rtp prints it).
    [Theory]
    [InlineData("avc-camera", "H264", "packetization-mode=1; sprop-parameter-sets=Z0LADdoFwj4iTARAAAADAEAAAAyjxQqo,aM48gA==; profile-level-id=42C00D")]
    [InlineData("hevc", "H265", "sprop-vps=QAEMAf//AWAAAAMAkAAAAwAAAwA8lZgJ; sprop-sps=QgEBAWAAAAMAkAAAAwAAAwA8oAtIBEckmWVmkkyvAWgIAAADAAgAAAMAyEA=; sprop-pps=RAHBcrRiQA==")]
    public void A_decoder_is_told_what_ffmpeg_would_tell_it(string name, string codec, string parameters)
    {
        using var picture = RtpPacketizerTests.Pictures(name).First();
        var lines = SessionDescription.Of(picture.Format, "No. 1\r\nm=audio", 42, "track").Split("\r\n");
        Assert.Equal(
            [
                "v=0", "o=- 42 1 IN IP4 0.0.0.0", "s=No. 1  m=audio", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*", "a=range:npt=now-", "m=video 0 RTP/AVP 96", $"a=rtpmap:96 {codec}/90000",
                $"a=fmtp:96 {parameters}", $"a=framesize:96 354-266", "a=control:track", "",
            ],
            lines);
    }
}
