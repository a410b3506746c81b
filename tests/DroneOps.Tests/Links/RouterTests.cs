using DroneOps.Links;
using DroneOps.Mavlink.Messages;
using DroneOps.Mavlink;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class RouterTests
{
    [Fact]
    public async Task A_frame_reaches_the_sink_as_it_was_sent()
    {
        await using Bench bench = new();
        var (link, far) = await bench.OpenMemoryAsync("a", "?network=city");
        var sent = Bench.HeartbeatOf(7, 0);

        far.TrySend(sent);

        using var received = await bench.NextAsync();
        Assert.Equal(sent, received.Bytes.ToArray());
        Assert.Equal(("city", link.Id, (byte)7, (byte)1), (received.Network, received.LinkId, received.SystemId, received.ComponentId));
        Assert.Equal(bench.Time.GetUtcNow(), received.ReceivedAt);
    }

    [Fact]
    public async Task A_message_goes_to_the_link_by_which_the_vehicle_was_heard()
    {
        await using Bench bench = new();
        var (_, far1) = await bench.OpenMemoryAsync("a");
        var (_, far2) = await bench.OpenMemoryAsync("b");
        far1.TrySend(Bench.HeartbeatOf(1, 0));
        far2.TrySend(Bench.HeartbeatOf(2, 0));
        (await bench.NextAsync()).Dispose();
        (await bench.NextAsync()).Dispose();

        var result = bench.Router.Send("default", 2, ArmMessage(2), Bench.Ground, notAfter: null);

        Assert.Equal(SendResult.Sent, result);
        var frame = Bench.Parse(await Bench.ReceiveAsync(far2));
        Assert.True(frame.Is<CommandLong>());
        Assert.Equal((byte)255, frame.SystemId);
        Assert.False(far1.TryReceive(out _));
    }

    [Fact]
    public async Task A_vehicle_that_was_never_heard_has_no_link()
    {
        await using Bench bench = new();
        await bench.OpenMemoryAsync("a");
        Assert.Equal(SendResult.NoLink, bench.Router.Send("default", 9, ArmMessage(9), Bench.Ground, notAfter: null));
        Assert.Equal(SendResult.NoLink, bench.Router.Send("elsewhere", 9, ArmMessage(9), Bench.Ground, notAfter: null));
    }

    internal static OutgoingMessage ArmMessage(byte system) => OutgoingMessage.From(new CommandLong
    {
        TargetSystem = system,
        TargetComponent = 1,
        Command = MavCmd.ComponentArmDisarm,
        Param1 = 1,
    });
}
