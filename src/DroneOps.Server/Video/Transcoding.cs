using System.Buffers;
using DroneOps.Media;
using DroneOps.Media.TransportStream;

namespace DroneOps.Server.Video;

/// <summary>One stream coded anew as H.264 for browsers that cannot show H.265, by one ffmpeg for all who watch it so. What is recorded and handed on otherwise
/// stays as the camera sent it.</summary>
/// <remarks>Owner: <see cref="Transcodings"/>. One loop writes pictures into ffmpeg, one thread reads them out and alone publishes.</remarks>
internal sealed class Transcoding : IAsyncDisposable
{
    /// <summary>Pictures in ffmpeg whose times are remembered: it holds back one or two.</summary>
    private const int MostRemembered = 250;

    private const int ChunkLength = 64 * 1024;
    private const long Clock33 = 1L << 33;

    /// <remarks>By one thread each: a decoder of several hands each picture out several pictures later.</remarks>
    private static IReadOnlyList<string> Arguments { get; } =
    [
        "-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "pipe", "-fflags", "nobuffer", "-flags", "low_delay", "-probesize", "4096", "-analyzeduration", "0", "-threads", "1",
        "-copyts", "-f", "mpegts", "-i", "pipe:0", "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", "scale='min(1280,iw)':-2", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency",
        "-threads", "1", "-g", "25", "-crf", "24", "-maxrate", "4M", "-bufsize", "2M", "-pix_fmt", "yuv420p", "-f", "mpegts", "-mpegts_flags", "+resend_headers", "-muxdelay", "0", "-muxpreload", "0",
        "-flush_packets", "1", "pipe:1",
    ];

    private readonly TimeProvider _time;
    private readonly Viewer _viewer;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new();
    private readonly Queue<Times> _inside = new();
    private readonly FfmpegProcess _process;
    private readonly Task _writing;
    private readonly Task _reading;

    /// <exception cref="IOException">ffmpeg does not start.</exception>
    public Transcoding(VideoStream stream, VideoOptions options, FfmpegOrphans orphans, TimeProvider time)
    {
        _time = time;
        Live = new(stream.Id);
        _process = FfmpegProcess.Start(options.FfmpegPath, Arguments, orphans);
        _viewer = stream.Live.Watch(options.ViewerQueue);
        _reading = StreamInput.OnThread($"transcoded {stream.Id}", () => Read(_process.Output));
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    /// <summary>The pictures as H.264, with the times of the camera's.</summary>
    public LiveStream Live { get; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _viewer.Dispose();
        _process.Kill();
        await _writing;
        await _reading.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _process.DisposeAsync();
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        TsMuxer muxer = new(hasMetadata: false);
        ArrayBufferWriter<byte> packets = new(ChunkLength);
        try
        {
            do
            {
                while (_viewer.TryTake(out var picture, out _))
                {
                    using (picture)
                    {
                        // The camera sends what every browser knows now: who watches comes again and gets it as it is.
                        if (picture.Format.Codec == VideoCodec.H264)
                            return;
                        Remember(picture);
                        packets.ResetWrittenCount();
                        muxer.Write(picture, packets);
                        await _process.Input.WriteAsync(packets.WrittenMemory, _ending.Token);
                        await _process.Input.FlushAsync(_ending.Token);
                    }
                }

                // How the stream is may have changed; who watches here is not woken by its pictures when there are none.
                Live.Nudge();
            }
            while (await _viewer.WaitAsync() && !_ending.IsCancellationRequested);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // ffmpeg has ended, or is to end.
        }
        finally
        {
            _process.Kill();
        }
    }

    private void Read(Stream output)
    {
        TsDemuxer demuxer = new(Publish, static (_, _) => { });
        var buffer = new byte[ChunkLength];
        try
        {
            while (output.Read(buffer) is > 0 and var count)
                demuxer.Push(buffer.AsSpan(0, count), _time.GetUtcNow());
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // That is how it ends.
        }

        // Who still watches comes again, and begins a new one.
        Live.End();
    }

    /// <summary>Publishes a picture with the times of the one that it was made of, so that its age is that of what is seen.</summary>
    private void Publish(Picture made)
    {
        using (made)
        {
            var times = TimesOf(made);
            var bytes = ArrayPool<byte>.Shared.Rent(made.Data.Length);
            made.Data.CopyTo(bytes);
            Live.Publish(new(made.Format, bytes, made.Data.Length)
            {
                Pts = made.Pts,
                Dts = made.Dts,
                IsKey = made.IsKey,
                IsDamaged = made.IsDamaged,
                IsDiscontinuous = made.IsDiscontinuous,
                CapturedAt = times?.CapturedAt,
                ReceivedAt = times?.ReceivedAt ?? made.ReceivedAt,
            });
        }
    }

    private void Remember(Picture picture)
    {
        lock (_gate)
        {
            if (_inside.Count == MostRemembered)
                _inside.Dequeue();
            _inside.Enqueue(new(picture.Pts & (Clock33 - 1), picture.CapturedAt, picture.ReceivedAt));
        }
    }

    private Times? TimesOf(Picture made)
    {
        lock (_gate)
        {
            foreach (var times in _inside)
            {
                if (times.Pts == (made.Pts & (Clock33 - 1)))
                    return times;
            }
        }

        return null;
    }

    private sealed record Times(long Pts, DateTimeOffset? CapturedAt, DateTimeOffset ReceivedAt);
}
