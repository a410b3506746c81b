using DroneOps.Links;
using Xunit;

namespace DroneOps.Tests.Links;

public sealed class SerialTests
{
    [Fact]
    public async Task A_serial_line_carries_frames_both_ways()
    {
        using PseudoTerminal line = new();
        await using Bench bench = new();
        var link = await bench.OpenAsync($"serial://{line.Device}?baud=921600");
        var beat = Bench.HeartbeatOf(1, 0);

        await line.Stream.WriteAsync((byte[])[.. "Init ArduCopter\n"u8, .. beat], TestContext.Current.CancellationToken);
        using var received = await bench.NextAsync();
        Assert.Equal(beat, received.Bytes.ToArray());
        Assert.Equal(16, link.Status().Frames.SkippedBytes);

        Assert.Equal(SendResult.Sent, await bench.Router.SendAsync("default", 1, RouterTests.ArmMessage(1), Bench.Ground, notAfter: null));
        var frame = new byte[64];
        // 33 bytes of payload, of which the last, zero, is cut off.
        var length = await line.Stream.ReadAtLeastAsync(frame, 12 + 32, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((byte)255, Bench.Parse(frame.AsMemory(0, length)).SystemId);
    }

    [Fact]
    public async Task Closing_ends_the_reader_of_a_silent_line()
    {
        using PseudoTerminal line = new();
        await using Bench bench = new();
        var link = await bench.OpenAsync($"serial://{line.Device}?baud=57600");
        await link.DisposeAsync();
        Assert.Equal(LinkState.Closed, link.State);
    }

    [Fact]
    public async Task A_line_whose_other_end_is_unplugged_closes_the_link()
    {
        PseudoTerminal line = new();
        await using Bench bench = new();
        await using var link = bench.Make($"serial://{line.Device}?baud=57600");
        TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        link.StateChanged += (_, state) =>
        {
            if (state == LinkState.Open)
                open.TrySetResult();
        };
        var run = link.RunAsync(TestContext.Current.CancellationToken);
        await open.Task;
        line.Dispose();
        Assert.NotNull(await run);
    }

    [Fact]
    public async Task A_device_that_does_not_exist_is_said_so()
    {
        await using Bench bench = new();
        await using var link = bench.Make("serial:///dev/ttyNOBODY?baud=57600");
        Assert.IsAssignableFrom<IOException>(await link.RunAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commands_overtake_a_plan_on_a_slow_line()
    {
        using PseudoTerminal line = new();
        await using Bench bench = new();
        var link = await bench.OpenAsync($"serial://{line.Device}?baud=9600");
        // Each item takes about 50 ms at this speed, and only 100 ms of bytes are given to the driver ahead of time.
        var items = Enumerable.Range(0, 20).Select(_ => link.SendAsync(LinkLifeTests.MissionItem(), Bench.Ground, peer: null, notAfter: null)).ToArray();
        await bench.Time.TimerAsync(TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(100));

        var command = link.SendAsync(RouterTests.ArmMessage(1), Bench.Ground, peer: null, notAfter: null);
        bench.Time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(SendResult.Sent, await command);
        Assert.False(items[^1].IsCompleted);
    }
}
