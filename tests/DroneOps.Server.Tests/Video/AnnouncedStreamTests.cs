using System.Text.Json;
using DroneOps.Mavlink.Messages;
using DroneOps.Server.Fleet;
using DroneOps.Server.Tests.Harness;
using DroneOps.Server.Video;
using DroneOps.Vehicles;
using Microsoft.Extensions.DependencyInjection;

namespace DroneOps.Server.Tests.Video;

/// <summary>Streams that vehicles tell of themselves.</summary>
public sealed class AnnouncedStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("5600", "udp://0.0.0.0:5600")]
    [InlineData("udp://@:5601", "udp://0.0.0.0:5601")]
    [InlineData("udp://192.168.144.25:5602/", "udp://0.0.0.0:5602")]
    public void A_transport_stream_is_waited_for_at_the_port_that_is_told(string told, string address)
    {
        Assert.True(AnnouncedStream.TryRead("7", Reading(VideoStreamType.MpegTs, told), AnnouncedStreams.Sent, out var settings, out var why), why);
        Assert.Equal(address, settings.Address.ToString());
        Assert.Equal(("7-visible", SourceMode.Always), (settings.Id, settings.Mode));
    }

    [Theory]
    [InlineData(VideoStreamType.MpegTs, "", "names no port")]
    [InlineData(VideoStreamType.MpegTs, "udp://@:80", "names no port")]
    [InlineData(VideoStreamType.MpegTs, "udp://@:99999", "names no port")]
    [InlineData(VideoStreamType.MpegTs, "udp://@:-5600", "names no port")]
    [InlineData(VideoStreamType.Rtpudp, "5600", "is not read")]
    [InlineData(VideoStreamType.TcpMpeg, "tcp://10.0.0.7:5600", "is not read")]
    [InlineData(VideoStreamType.Rtsp, "file:///etc/passwd", "no cameras")]
    [InlineData(VideoStreamType.Rtsp, "", "missing")]
    public void What_cannot_be_a_camera_is_refused_with_the_reason(VideoStreamType type, string told, string reason)
    {
        Assert.False(AnnouncedStream.TryRead("7", Reading(type, told), AnnouncedStreams.All, out _, out var why));
        Assert.Contains(reason, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None", VideoStreamType.MpegTs, "5600", false)]
    [InlineData("Sent", VideoStreamType.Rtsp, "rtsp://10.0.0.7/main", false)]
    [InlineData("All", VideoStreamType.Rtsp, "rtsp://10.0.0.7/main", true)]
    public void A_vehicle_does_not_choose_whom_the_service_calls_unless_that_is_wanted(string used, VideoStreamType type, string told, bool isUsed) =>
        Assert.Equal(isUsed, AnnouncedStream.TryRead("7", Reading(type, told), Enum.Parse<AnnouncedStreams>(used), out _, out _));

    [Fact]
    public async Task A_stream_that_a_vehicle_tells_of_is_in_the_list_and_one_of_the_options_goes_before_it()
    {
        var own = FreePorts.Take();
        await using var server = await TestServer.StartAsync(
            Store.Sqlite, ("Video:Sources:0:VehicleId", "1"), ("Video:Sources:0:Url", $"udp://127.0.0.1:{own}"), ("Video:Sources:0:Id", "mast"));
        using var pilot = await server.SignInAsync("pilot");
        var events = server.Services.GetRequiredService<FleetEvents>();
        foreach (var (vehicle, stream) in new[] { ("1", Reading(VideoStreamType.MpegTs, $"{FreePorts.Take()}")), ("2", Reading(VideoStreamType.MpegTs, $"{FreePorts.Take()}") with { IsThermal = true }) })
            await events.PublishAsync(new FleetEvent.Observed(vehicle, new VehicleFact.VideoStreamFound(server.Time.GetUtcNow(), stream)), Token);

        var streams = server.Services.GetRequiredService<VideoStreams>();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (streams.Find("2-thermal") is null)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var listed = (await pilot.GetAsync<JsonElement>("/api/v1/video/streams")).GetProperty("items").EnumerateArray().Select(stream => stream.GetProperty("id").GetString());
        Assert.Equal(["2-thermal", "mast"], listed);
    }

    private static VideoStreamReading Reading(VideoStreamType type, string uri) => new(100, 1, type, VideoStreamEncoding.H264, false, "eye", uri, 1280, 720);
}
