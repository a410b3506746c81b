using System.Net.Sockets;
using DroneOps.Server.Video;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>The life of a source whose input cannot even be made.</summary>
public sealed class StreamSourceTests
{
    [Fact]
    public async Task Whatever_a_try_fails_of_it_is_tried_again()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
        SourceAddress address = new(SourceScheme.Udp, "127.0.0.1", 5600, "", null);
        VideoStream stream = new(new("1-visible", "1", VideoKind.Visible, "Camera", address, SourceMode.Always, null, null), TimeSpan.FromSeconds(2));
        var tries = 0;
        using CancellationTokenSource stopping = new();
        StreamSource source = new(
            stream,
            _ =>
            {
                tries++;
                throw new SocketException((int)SocketError.TooManyOpenSockets);
            },
            new FirstPictures(), Options.Create(new VideoOptions()), time, NullLogger<StreamSource>.Instance);
        var running = source.RunAsync(stopping.Token);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (Volatile.Read(ref tries) < 3)
        {
            limit.Token.ThrowIfCancellationRequested();
            Assert.False(running.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.NotNull(stream.Trouble);
        await stopping.CancelAsync();
        await running;
    }
}
