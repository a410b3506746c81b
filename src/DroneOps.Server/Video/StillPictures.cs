using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Video;

/// <summary>Turns the newest key picture of a stream into a JPEG by ffmpeg; once for all who ask while it is the newest.</summary>
/// <remarks>A still costs a process for a third of a second, so two are made at a time and the others wait.</remarks>
internal sealed class StillPictures(IOptions<VideoOptions> options) : IDisposable
{
    private const int HdLines = 720;
    private static readonly byte[] StartCode = [0, 0, 0, 1];
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _makers = new(2);
    private readonly Dictionary<string, Still> _newest = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The newest still; null when the stream has given no key picture since it was opened, or ffmpeg makes no picture of it.</summary>
    public async Task<Still?> OfAsync(VideoStream stream, CancellationToken cancellation)
    {
        await _makers.WaitAsync(cancellation);
        try
        {
            using var key = stream.Live.NewestKey();
            if (key is null)
                return null;
            lock (_gate)
            {
                if (_newest.GetValueOrDefault(stream.Id) is { } known && known.At == key.ReceivedAt)
                    return known;
            }

            using var coded = new MemoryStream();
            foreach (var set in key.Format.ParameterSets)
                Write(coded, set.Span);
            for (var left = key.Data; left.Length > 4;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(left.Span);
                Write(coded, left.Span.Slice(4, length));
                left = left[(4 + length)..];
            }

            coded.Position = 0;
            string[] from = ["-f", key.Format.Codec == Media.VideoCodec.H264 ? "h264" : "hevc"];
            if (await RunAsync((to, stop) => coded.CopyToAsync(to, stop), from, ["-frames:v", "1", "-q:v", "3", "-f", "mjpeg"], cancellation) is not { } jpeg)
                return null;
            var still = new Still(key.ReceivedAt, jpeg);
            lock (_gate)
                _newest[stream.Id] = still;
            return still;
        }
        finally
        {
            _makers.Release();
        }
    }

    /// <summary>The first picture of a file, made smaller, as JPEG; null when ffmpeg makes none of it.</summary>
    /// <param name="format">What the file is, in ffmpeg's words.</param>
    public Task<byte[]?> FromFileAsync(Stream file, string format, int width, CancellationToken cancellation) => MakeAsync(
        (to, stop) => file.CopyToAsync(to, stop), ["-f", format],
        ["-frames:v", "1", "-vf", string.Create(CultureInfo.InvariantCulture, $"scale={width}:-2"), "-q:v", "5", "-f", "mjpeg"], cancellation);

    /// <summary>One picture of an MP4 file in its own size, without a loss, as PNG; null when there is none with exactly that time.</summary>
    /// <param name="write">Writes what has to be decoded, from a key picture on.</param>
    /// <param name="ticks">When the picture is shown, ticks of the file.</param>
    /// <param name="height">Pixels.</param>
    /// <remarks>Chosen by the time in the file, not by counting: a picture that is lost in decoding shifts no other one into its place.</remarks>
    public Task<byte[]?> ExactAsync(Func<Stream, CancellationToken, Task> write, long ticks, int height, CancellationToken cancellation) => MakeAsync(
        write,
        // What a stream does not say of its colours is what players take it for: those of HD from 720 lines on (ITU-R BT.709).
        height >= HdLines ? ["-colorspace", "bt709", "-f", "mp4"] : ["-f", "mp4"],
        [
            "-copyts", "-vf", string.Create(CultureInfo.InvariantCulture, $"select='eq(pts,{ticks})'"), "-fps_mode", "passthrough", "-frames:v", "1",
            "-sws_flags", "accurate_rnd+full_chroma_int", "-c:v", "png", "-f", "image2pipe",
        ],
        cancellation);

    public void Dispose() => _makers.Dispose();

    private async Task<byte[]?> MakeAsync(Func<Stream, CancellationToken, Task> write, IEnumerable<string> from, IEnumerable<string> how, CancellationToken cancellation)
    {
        await _makers.WaitAsync(cancellation);
        try
        {
            return await RunAsync(write, from, how, cancellation);
        }
        finally
        {
            _makers.Release();
        }
    }

    private static void Write(MemoryStream to, ReadOnlySpan<byte> unit)
    {
        to.Write(StartCode);
        to.Write(unit);
    }

    /// <remarks>Started directly: ffmpeg takes what it needs of the file and goes, which a library that still writes takes for a failure.</remarks>
    private async Task<byte[]?> RunAsync(Func<Stream, CancellationToken, Task> write, IEnumerable<string> from, IEnumerable<string> how, CancellationToken cancellation)
    {
        string[] arguments = ["-hide_banner", "-loglevel", "quiet", "-protocol_whitelist", "pipe", "-threads", "1", .. from, "-i", "pipe:0", .. how, "pipe:1"];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        using var process = Process.Start(new ProcessStartInfo(options.Value.FfmpegPath, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new IOException($"{options.Value.FfmpegPath} did not start.");
        try
        {
            using MemoryStream picture = new();
            var reading = process.StandardOutput.BaseStream.CopyToAsync(picture, limit.Token);
            try
            {
                await write(process.StandardInput.BaseStream, limit.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It has what it wanted, and has gone.
            }

            await reading;
            await process.WaitForExitAsync(limit.Token);
            return picture.Length > 0 ? picture.ToArray() : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <param name="At">When the picture arrived.</param>
    /// <param name="Jpeg">Its bytes.</param>
    internal sealed record Still(DateTimeOffset At, byte[] Jpeg);
}
