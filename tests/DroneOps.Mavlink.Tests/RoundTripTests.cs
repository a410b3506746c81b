using DroneOps.Mavlink.Messages;
using Xunit;

namespace DroneOps.Mavlink.Tests;

public sealed class RoundTripTests
{
    private static readonly MavlinkAddress Gcs = new(255, 190);

    [Fact]
    public void A_heartbeat_has_the_published_bytes()
    {
        var heartbeat = new Heartbeat { Type = MavType.Gcs, Autopilot = MavAutopilot.Invalid, SystemStatus = MavState.Active, MavlinkVersion = 3 };
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, heartbeat, Gcs, 0);
        Assert.Equal("fd09000000ffbe0000000000000006080004033d48", Convert.ToHexStringLower(buffer[..length]));
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var sent = new Statustext { Severity = MavSeverity.Critical, Text = "漳州古城 PreArm: Need Position Estimate" };
        Span<byte> buffer = stackalloc byte[MavlinkFrame.MaxLength];
        var length = FrameWriter.Write(buffer, sent, Gcs, 7);
        Assert.True(MavlinkFrame.TryParse(buffer[..length], MessageCatalog.Default, out var frame));
        var got = frame.Decode<Statustext>();
        Assert.Equal((MavSeverity.Critical, sent.Text, (byte)7), (got.Severity, got.Text, frame.Sequence));
    }
}
