using System.Buffers;
using System.Buffers.Binary;
using DroneOps.Media;
using DroneOps.Server.Video;

namespace DroneOps.Server.Tests.Video;

/// <summary>Pictures from one source to many viewers.</summary>
public sealed class LiveStreamTests
{
    private static readonly VideoFormat Format = new(VideoCodec.H264, 1280, 720, "avc1.42C01F", new byte[] { 1 }, []);
    private static readonly DateTimeOffset At = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_viewer_begins_with_the_newest_key_picture()
    {
        LiveStream live = new("1-visible");
        Publish(live, "p", "k", "p", "p", "k", "p");
        using var viewer = live.Watch(10);
        Publish(live, "p", "k");
        Assert.Equal([(5, 1), (6, 2), (7, 3), (8, 4)], Read(viewer));
        Assert.Equal(0, viewer.Dropped);
    }

    [Fact]
    public void A_viewer_who_wants_only_what_is_to_come_begins_with_the_next_key_picture()
    {
        LiveStream live = new("1-visible");
        Publish(live, "k", "p");
        using var viewer = live.Watch(10, fromNow: true);
        Publish(live, "p", "k", "p");
        Assert.Equal([(4, 1), (5, 2)], Read(viewer));
        Assert.Equal(0, viewer.Dropped);
    }

    [Fact]
    public void A_slow_viewer_goes_on_with_a_key_picture_and_nobody_else_notices()
    {
        LiveStream live = new("1-visible");
        using var slow = live.Watch(4);
        using var quick = live.Watch(100);
        Publish(live, "k", "p", "p", "p", "p", "p", "k", "p");
        Assert.Equal([(7, 7), (8, 8)], Read(slow));
        Assert.Equal(6, slow.Dropped);
        Assert.Equal(8, Read(quick).Count);
        Assert.Equal(0, quick.Dropped);
    }

    [Fact]
    public async Task A_waiting_viewer_is_woken_by_a_picture_by_a_word_and_by_the_end()
    {
        LiveStream live = new("1-visible");
        using var viewer = live.Watch(4);
        var waiting = viewer.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        Publish(live, "k");
        Assert.True(await waiting);
        Read(viewer);

        waiting = viewer.WaitAsync().AsTask();
        live.Nudge();
        Assert.True(await waiting);

        waiting = viewer.WaitAsync().AsTask();
        live.End();
        Assert.False(await waiting);
        Assert.False(await viewer.WaitAsync());
    }

    [Fact]
    public async Task A_stream_of_pictures_ends_with_the_stream_and_with_the_reader()
    {
        LiveStream live = new("1-visible");
        Publish(live, "k", "p");
        using var viewer = live.Watch(4);
        live.End();
        Assert.Empty(await NumbersAsync(live.Watch(4), CancellationToken.None));
        Assert.Equal([1, 2], await NumbersAsync(viewer, CancellationToken.None));

        LiveStream other = new("2-visible");
        using CancellationTokenSource reader = new();
        var reading = NumbersAsync(other.Watch(4), reader.Token);
        await reader.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void Every_buffer_goes_back_when_all_are_done_with_it()
    {
        LiveStream live = new("1-visible");
        var pictures = new[] { Of("k"), Of("p"), Of("p") };
        var read = live.Watch(2);
        var unread = live.Watch(100);
        foreach (var picture in pictures)
            live.Publish(picture);
        Read(read);
        read.Dispose();
        unread.Dispose();
        Assert.Equal(pictures[0].Data.Length, live.NewestKey()!.Data.Length);
        live.NewestKey()!.Dispose();
        live.NewestKey()!.Dispose();
        live.End();
        // Three shares were taken above and two given back.
        pictures[0].Dispose();
        Assert.All(pictures, picture => Assert.Throws<ObjectDisposedException>(() => picture.Data));
        Assert.Null(live.NewestKey());
    }

    [Fact]
    public void A_message_has_the_header_that_the_console_reads()
    {
        var rented = ArrayPool<byte>.Shared.Rent(5);
        new byte[] { 0, 0, 0, 1, 0x65 }.CopyTo(rented, 0);
        using Picture picture = new(Format, rented, 5) { IsKey = true, IsDamaged = true, Pts = 90_009, CapturedAt = At, ReceivedAt = At.AddMicroseconds(42) };
        var message = new byte[37];
        Assert.Equal(37, PictureMessage.Write(picture, 7, message));
        Assert.Equal((1, 5, 7u), (message[0], message[1], BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(4))));
        Assert.Equal(1_000_100, BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(8)));
        Assert.Equal(1_777_593_600_000_000, BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(16)));
        Assert.Equal(1_777_593_600_000_042, BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(24)));
        Assert.Equal([0, 0, 0, 1, 0x65], message[32..]);
    }

    private static Picture Of(string kind) => new(Format, ArrayPool<byte>.Shared.Rent(64), 64) { IsKey = kind == "k", ReceivedAt = At };

    private static void Publish(LiveStream live, params string[] kinds)
    {
        foreach (var kind in kinds)
        {
            var number = live.Pictures + 1;
            live.Publish(new(Format, ArrayPool<byte>.Shared.Rent(64), 64) { IsKey = kind == "k", Pts = number, ReceivedAt = At });
        }
    }

    private static List<(int Picture, int Number)> Read(Viewer viewer)
    {
        List<(int, int)> read = [];
        while (viewer.TryTake(out var picture, out var number))
        {
            read.Add(((int)picture.Pts, (int)number));
            picture.Dispose();
        }

        return read;
    }

    private static async Task<List<int>> NumbersAsync(Viewer viewer, CancellationToken cancellation)
    {
        List<int> numbers = [];
        await foreach (var picture in viewer.ReadAsync(cancellation))
        {
            numbers.Add((int)picture.Pts);
            picture.Dispose();
        }

        return numbers;
    }
}
