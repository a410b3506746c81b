using System.Text;
using DroneOps.Server.Accounts;
using DroneOps.Server.Video.Rtsp;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace DroneOps.Server.Tests.Video.Rtsp;

/// <summary>What viewers ask (tests/Golden/rtsp/README.md).</summary>
public sealed class RtspReaderTests
{
    private const string Nonce = "0123456789abcdef0123456789abcdef";
    private static readonly byte[] Key = ApiToken.DigestKeyOf("wall", "a-secret");

    [Theory]
    [InlineData("ffmpeg-tcp", true)]
    [InlineData("ffmpeg-udp", false)]
    [InlineData("gstreamer-tcp", true)]
    [InlineData("gstreamer-udp", false)]
    public void The_requests_of_ffmpeg_and_GStreamer_are_understood_and_their_proofs_hold(string name, bool isInterleaved)
    {
        var requests = Read(Golden(name), int.MaxValue);
        Assert.Equal(["OPTIONS", "DESCRIBE", "DESCRIBE", "SETUP", "PLAY"], requests.Take(5).Select(request => request.Method));
        Assert.Equal(Enumerable.Range(1, requests.Count), requests.Select(request => request.Sequence));
        Assert.All(requests, request => Assert.Equal("1-visible", request.StreamId));
        var way = RtspTransport.Choose(requests[3]["Transport"]);
        Assert.Equal(isInterleaved ? new(true, 0, 1) : new RtspTransport(false, way!.First, way.First + 1), way);
        Assert.All(requests.Skip(2), request =>
        {
            var proof = DigestCheck.Parse(request["Authorization"])!;
            Assert.True(proof.Proves(Key, Nonce, request));
            Assert.False(proof.Proves(ApiToken.DigestKeyOf("wall", "another"), Nonce, request));
            Assert.False(proof.Proves(Key, "another", request));
            Assert.False(proof.Proves(Key, Nonce, request with { Method = "TEARDOWN" }));
            Assert.False(proof.Proves(Key, Nonce, request with { Uri = "rtsp://127.0.0.1/2-visible" }));
        });
    }

    [Property(MaxTest = 100)]
    public Property However_they_are_cut_the_requests_are_the_same() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        Random random = new(seed);
        byte[] frame = [(byte)'$', 1, 1, 0, .. Enumerable.Range(0, 256).Select(_ => (byte)random.Next(256))];
        byte[] bytes = [.. Golden("ffmpeg-tcp"), .. frame, .. Golden("gstreamer-udp"), .. frame, .. Golden("gstreamer-tcp")];
        Assert.Equal(Read(bytes, int.MaxValue).Select(Text), Read(bytes, 1 + random.Next(300)).Select(Text));
    });

    [Fact]
    public void A_body_is_passed_over()
    {
        var requests = Read("SET_PARAMETER rtsp://h/a RTSP/1.0\nCSeq: 7\nContent-Length: 20\n\nOPTIONS * RTSP/1.0\r\n\r\nOPTIONS * RTSP/1.0\r\nCSeq: 8\r\n\r\n"u8, 5);
        Assert.Equal([("SET_PARAMETER", 7), ("OPTIONS", 8)], requests.Select(request => (request.Method, request.Sequence)));
    }

    [Theory]
    [InlineData("OPTIONS * RTSP/1.0\r\n\r\n")]
    [InlineData("OPTIONS * RTSP/1.0\r\nCSeq: -1\r\n\r\n")]
    [InlineData("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nno header\r\n\r\n")]
    [InlineData("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: many\r\n\r\n")]
    [InlineData("OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: h\r\n\r\n")]
    [InlineData("options * RTSP/1.0\r\nCSeq: 1\r\n\r\n")]
    [InlineData("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nX: a\rb\r\n\r\n")]
    public void What_is_no_request_is_refused(string text)
    {
        RtspReader reader = new();
        Encoding.Latin1.GetBytes(text).CopyTo(reader.GetMemory());
        reader.Advance(text.Length);
        Assert.Equal(RtspReading.Malformed, reader.TryRead(out _));
    }

    [Fact]
    public void A_request_without_an_end_is_not_kept_for_ever()
    {
        RtspReader reader = new();
        var reading = RtspReading.Incomplete;
        for (var written = 0; reading == RtspReading.Incomplete; written++)
        {
            Assert.InRange(written, 0, RtspReader.LongestRequest);
            reader.GetMemory().Span[0] = (byte)'A';
            reader.Advance(1);
            reading = reader.TryRead(out _);
        }

        Assert.Equal(RtspReading.TooLong, reading);
    }

    [Theory]
    [InlineData("RTP/AVP;multicast;client_port=5000-5001", null)]
    [InlineData("RTP/AVP;unicast;client_port=80-81", null)]
    [InlineData("RTP/AVP;unicast;client_port=70000-70001", null)]
    [InlineData("RTP/AVP;unicast", null)]
    [InlineData("RTP/AVP/TCP;unicast;interleaved=255-256", null)]
    [InlineData("RTP/AVP/TCP;unicast;interleaved=3-3", null)]
    [InlineData("RTP/AVP;unicast;client_port=5000-5001;mode=record", null)]
    [InlineData("RTP/SAVP;unicast;client_port=5000-5001", null)]
    [InlineData("RTP/SAVP;unicast;client_port=5000-5001,RTP/AVP/TCP;unicast", "tcp 0 1")]
    [InlineData("RTP/AVP;unicast;destination=192.0.2.1;client_port=5000-5001;mode=\"PLAY\"", "udp 5000 5001")]
    [InlineData("rtp/avp/udp;unicast;client_port=5000", "udp 5000 5001")]
    [InlineData("RTP/AVP/TCP;interleaved=4-5", "tcp 4 5")]
    [InlineData(null, null)]
    public void The_way_is_the_first_that_can_be_gone(string? header, string? expected) =>
        Assert.Equal(expected, RtspTransport.Choose(header) is { } way ? $"{(way.IsInterleaved ? "tcp" : "udp")} {way.First} {way.Second}" : null);

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "rtsp", name + ".bin"));

    private static string Text(RtspRequest request) => $"{request.Method} {request.Uri} {request.Sequence} {string.Join(';', request.Headers)}";

    private static List<RtspRequest> Read(ReadOnlySpan<byte> bytes, int piece)
    {
        RtspReader reader = new();
        List<RtspRequest> requests = [];
        while (true)
        {
            while (reader.TryRead(out var request) == RtspReading.Request)
                requests.Add(request!);
            if (bytes.IsEmpty)
                return requests;
            var space = reader.GetMemory().Span;
            var count = Math.Min(Math.Min(piece, space.Length), bytes.Length);
            bytes[..count].CopyTo(space);
            reader.Advance(count);
            bytes = bytes[count..];
        }
    }
}
