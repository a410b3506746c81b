using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles;
using Xunit;

namespace DroneOps.Tests.Vehicles;

/// <summary>The video streams of a vehicle, asked for and told of.</summary>
public sealed class VideoStreamTests
{
    private const byte Camera = 100; // MAV_COMP_ID_CAMERA

    [Fact]
    public void An_autopilot_that_drives_a_camera_is_asked_once_and_tells_all_its_streams()
    {
        var bench = Begun();
        bench.OnSent = message =>
        {
            if (!IsQuestion(message))
                return;
            bench.Ack(MavCmd.RequestMessage, MavResult.Accepted);
            bench.Reply(Stream(1, of: 2, "udp://@:5601"));
            bench.Reply(Stream(2, of: 2, "udp://@:5701", VideoStreamStatusFlags.Thermal));
        };
        bench.Run(TimeSpan.FromSeconds(60));

        Assert.Equal(1, Questions(bench, 1));
        var told = bench.Facts.OfType<VehicleFact.VideoStreamFound>().Select(fact => fact.Stream).ToList();
        Assert.Equal(["udp://@:5601", "udp://@:5701"], told.Select(stream => stream.Uri));
        Assert.Equal([false, true], told.Select(stream => stream.IsThermal));
        Assert.Equal(new(1, 1, VideoStreamType.MpegTs, VideoStreamEncoding.H264, false, "eye", "udp://@:5601", 1280, 720), told[0]);
    }

    [Fact]
    public void One_that_refuses_is_not_asked_again_and_one_that_is_silent_three_times()
    {
        var refusing = Begun();
        refusing.OnSent = message =>
        {
            if (IsQuestion(message))
                refusing.Ack(MavCmd.RequestMessage, MavResult.Unsupported);
        };
        refusing.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(1, Questions(refusing, 1));

        var lost = Begun();
        lost.OnSent = message =>
        {
            if (IsQuestion(message))
                lost.Ack(MavCmd.RequestMessage, MavResult.Accepted); // and the stream's message goes missing
        };
        lost.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(3, Questions(lost, 1));
    }

    [Fact]
    public void A_camera_that_speaks_for_itself_is_asked_by_its_own_name()
    {
        var bench = Begun();
        bench.Receive(new Heartbeat { Type = MavType.Camera, Autopilot = MavAutopilot.Invalid, MavlinkVersion = 3 }, Camera);
        bench.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(1, Questions(bench, Camera));

        bench.Receive(Stream(1, of: 1, "rtsp://192.168.144.25:8554/main", type: VideoStreamType.Rtsp), Camera);
        bench.Run(TimeSpan.FromSeconds(60));
        Assert.Equal(1, Questions(bench, Camera));
        Assert.Equal(Camera, Assert.Single(bench.Facts.OfType<VehicleFact.VideoStreamFound>()).Stream.ComponentId);
    }

    [Fact]
    public void A_stream_is_told_of_again_only_when_it_changed()
    {
        var bench = Begun();
        for (var i = 0; i < 3; i++)
            bench.Receive(Stream(1, of: 1, "udp://@:5601"));
        bench.Receive(Stream(1, of: 1, "udp://@:5602"));
        Assert.Equal(["udp://@:5601", "udp://@:5602"], bench.Facts.OfType<VehicleFact.VideoStreamFound>().Select(fact => fact.Stream.Uri));
    }

    [Fact]
    public void Who_tells_of_ever_more_streams_is_heard_to_a_limit()
    {
        var bench = Begun();
        for (var number = 1; number <= 200; number++)
            bench.Receive(Stream((byte)number, of: 200, $"udp://@:{5600 + number}"));
        for (byte component = Camera; component < 200; component++)
            bench.Receive(new Heartbeat { Type = MavType.Camera, Autopilot = MavAutopilot.Invalid, MavlinkVersion = 3 }, component);
        bench.Run(TimeSpan.FromSeconds(30));
        Assert.InRange(bench.Facts.OfType<VehicleFact.VideoStreamFound>().Count(), 1, 16);
        Assert.InRange(bench.SentCommands(MavCmd.RequestMessage).Select(command => command.TargetComponent).Distinct().Count(), 1, 8);
    }

    [Fact]
    public void Who_only_listens_asks_nothing()
    {
        Bench bench = new(new VehicleOptions { Streams = [], AuditFailsafes = false, ListenOnly = true });
        bench.Beat();
        bench.Run(TimeSpan.FromSeconds(30));
        Assert.Empty(bench.SentCommands(MavCmd.RequestMessage));
    }

    private static Bench Begun()
    {
        Bench bench = new(new VehicleOptions { Streams = [], AuditFailsafes = false });
        bench.Beat();
        bench.Receive(Bench.Version(1));
        return bench;
    }

    private static VideoStreamInformation Stream(byte number, byte of, string uri, VideoStreamStatusFlags flags = 0, VideoStreamType type = VideoStreamType.MpegTs) => new()
    {
        StreamId = number,
        Count = of,
        Type = type,
        Encoding = VideoStreamEncoding.H264,
        Flags = VideoStreamStatusFlags.Running | flags,
        ResolutionH = 1280,
        ResolutionV = 720,
        Name = "eye",
        Uri = uri,
    };

    private static bool IsQuestion(OutgoingMessage message) =>
        message.Is<CommandLong>() && message.Decode<CommandLong>() is { Command: MavCmd.RequestMessage, Param1: (float)VideoStreamInformation.MsgId };

    private static int Questions(Bench bench, byte component) =>
        bench.SentCommands(MavCmd.RequestMessage).Count(command => command.TargetComponent == component && command.Param1 == VideoStreamInformation.MsgId);
}
