using System.Buffers;
using System.Buffers.Binary;
using DroneOps.Media;
using DroneOps.Media.TransportStream;
using DroneOps.Server.Video;
using DroneOps.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DroneOps.Server.Tests.Video;

/// <summary>What becomes of a picture on its way from the bytes of a source to those who look at it.</summary>
public sealed class StreamIntakeTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero));
    private readonly Warnings _warnings = new();
    private readonly VideoStream _stream = new(
        new("1-visible", "1", VideoKind.Visible, "Camera", new(SourceScheme.Udp, "127.0.0.1", 5600, "", null), SourceMode.Always, null, null), TimeSpan.FromSeconds(2));

    [Fact]
    public void A_source_that_is_opened_again_does_not_go_on_with_the_pictures_before()
    {
        Assert.False(Take().IsDiscontinuous);
        Assert.True(Take().IsDiscontinuous);
    }

    [Fact]
    public void When_a_picture_was_taken_is_believed_near_its_arrival_only_and_said_once()
    {
        var now = _time.GetUtcNow();
        Assert.Null(Take().CapturedAt);
        foreach (var late in new[] { 0.2, 5, -5 })
            Assert.Equal(now.AddSeconds(-late), Take(now.AddSeconds(-late)).CapturedAt);
        var latency = _stream.LatencyMs;
        Assert.Equal((0L, 0), (_stream.Figures.Disbelieved, _warnings.Said.Count));

        foreach (var late in new[] { 5.1, -5.1, 8 * 3600, -86_400 })
            Assert.Null(Take(now.AddSeconds(-late)).CapturedAt);
        Assert.Equal((4L, latency), (_stream.Figures.Disbelieved, _stream.LatencyMs));
        Assert.Contains(_stream.Id, Assert.Single(_warnings.Said), StringComparison.Ordinal);
    }

    /// <summary>Opens the source, takes one picture in and closes it.</summary>
    /// <param name="statedAt">When the picture says that it was taken.</param>
    private (bool IsDiscontinuous, DateTimeOffset? CapturedAt) Take(DateTimeOffset? statedAt = null)
    {
        using var plain = First();
        byte[] data = [.. statedAt is { } at ? TimeStamp(at) : [], .. plain.Data.Span];
        var rented = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(rented, 0);
        using Picture sent = new(plain.Format, rented, data.Length) { Pts = plain.Pts, Dts = plain.Dts, IsKey = true };
        ArrayBufferWriter<byte> bytes = new();
        new TsMuxer(hasMetadata: false).Write(sent, bytes);
        using (StreamIntake intake = new(_stream, new FirstPictures(), _time, _warnings))
            intake.Take(bytes.WrittenSpan);
        using var taken = _stream.Live.NewestKey();
        return (taken!.IsDiscontinuous, taken.CapturedAt);
    }

    /// <summary>The first picture of a camera, with its parameter sets.</summary>
    private static Picture First()
    {
        Picture? first = null;
        TsDemuxer demuxer = new(
            picture =>
            {
                if (first is null)
                    first = picture;
                else
                    picture.Dispose();
            },
            (_, _) => { });
        demuxer.Push(File.ReadAllBytes(Checkout.Golden("media", "avc-camera.ts")), default);
        return first!;
    }

    /// <summary>The precision time stamp of MISB ST 0604 in an SEI unit, behind its length.</summary>
    private static byte[] TimeStamp(DateTimeOffset at)
    {
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        byte[] stamp = [.. "MISPmicrosectime"u8, 0x1F, .. time[..2], 0xFF, .. time[2..4], 0xFF, .. time[4..6], 0xFF, .. time[6..]];
        byte[] unit = [6, 5, (byte)stamp.Length, .. stamp, 0x80];
        return [0, 0, 0, (byte)unit.Length, .. unit];
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));
    }
}
