using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using DroneOps.Simulator.Scenarios;

namespace DroneOps.Simulator.Camera;

/// <summary>An ffmpeg that takes pictures on its standard input and gives H.264 on its standard output. It ends when its input is closed, and so
/// with this process however that ends. Owned by one camera's loop; <see cref="ReadAsync"/> may run beside <see cref="WriteAsync"/>.</summary>
internal sealed class VideoEncoder : IAsyncDisposable
{
    private readonly Process _process;
    private readonly FlvTags _tags;

    private VideoEncoder(Process process)
    {
        _process = process;
        _tags = new(process.StandardOutput.BaseStream);
    }

    public int ProcessId => _process.Id;

    /// <exception cref="ScenarioException">There is no ffmpeg.</exception>
    public static VideoEncoder Start(int width, int height, double rate, int bitRate)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true, RedirectStandardOutput = true };
        string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
        foreach (var argument in (string[])
            [
                "-hide_banner", "-loglevel", "error", "-nostats",
                // Without probing: what comes is known, and probing would hold the first pictures back.
                "-probesize", "32", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", $"{width}x{height}", "-framerate", Number(rate),
                "-i", "pipe:0",
                "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-threads", "1",
                "-g", Number(Math.Round(rate)), "-b:v", Number(bitRate), "-maxrate", Number(bitRate), "-bufsize", Number(bitRate / 2),
                "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
                // As cameras do: each second a picture to begin with, its parameter sets before it.
                "-x264-params", "aud=1:repeat-headers=1:scenecut=0",
                "-fps_mode", "passthrough", "-flush_packets", "1", "-flvflags", "no_duration_filesize+no_sequence_end", "-f", "flv", "pipe:1",
            ])
            start.ArgumentList.Add(argument);
        try
        {
            return new(Process.Start(start)!);
        }
        catch (Win32Exception)
        {
            throw new ScenarioException("cameras need ffmpeg, which is not installed");
        }
    }

    /// <exception cref="IOException">The encoder has ended.</exception>
    public ValueTask WriteAsync(YuvPicture picture, CancellationToken cancellationToken) =>
        _process.StandardInput.BaseStream.WriteAsync(picture.Data, cancellationToken);

    /// <summary>The next picture, coded, with start codes; null at the end.</summary>
    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken) => _tags.ReadAsync(cancellationToken);

    /// <summary>No more pictures come: the encoder hands out what it has, and ends.</summary>
    public void Finish()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had ended before.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Finish();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
