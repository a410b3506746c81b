using System.Diagnostics;
using System.Globalization;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A camera made of ffmpeg that can be killed: a moving test picture, 25 a second, a key picture twice a second, MPEG-TS.</summary>
internal sealed class KilledCamera : IDisposable
{
    private readonly string[] _output;
    private Process _process;

    private KilledCamera(params string[] output)
    {
        _output = output;
        _process = Start(output);
    }

    /// <summary>Whether it runs; one that offers its pictures ends when whoever fetched them is gone.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>When it was started last.</summary>
    public DateTimeOffset StartedAt { get; private set; } = TimeProvider.System.GetUtcNow();

    /// <summary>Sends to a port, as a drone does.</summary>
    public static KilledCamera SendTo(int port) => new("-f", "mpegts", "-mpegts_flags", "+resend_headers", string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{port}?pkt_size=1316"));

    /// <summary>Waits to be fetched by RTMP.</summary>
    public static KilledCamera OfferRtmp(int port) => new("-f", "flv", "-listen", "1", string.Create(CultureInfo.InvariantCulture, $"rtmp://127.0.0.1:{port}/live/camera"));

    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
    }

    public void StartAgain()
    {
        Kill();
        _process.Dispose();
        _process = Start(_output);
        StartedAt = TimeProvider.System.GetUtcNow();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static Process Start(string[] output) => Process.Start(new ProcessStartInfo(
        "ffmpeg",
        [
            "-nostdin", "-loglevel", "fatal", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline",
            "-x264-params", "aud=1:repeat-headers=1", "-g", "12", "-threads", "1", "-b:v", "500k", .. output,
        ]))!;
}
