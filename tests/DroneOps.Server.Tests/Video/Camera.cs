using System.Diagnostics;
using System.Globalization;

namespace DroneOps.Server.Tests.Video;

/// <summary>A camera made of ffmpeg: a moving test picture, H.264, a key picture twice a second.</summary>
internal sealed class Camera : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private Camera(Process process) => _process = process;

    /// <summary>What it said; to be read after its end.</summary>
    public string Said { get; private set; } = "";

    /// <summary>Sends MPEG-TS to a port, as a drone does.</summary>
    public static Camera SendTo(int port, string size = "320x180", string scheme = "udp") => scheme == "rtp"
        ? Start(size, "-f", "rtp_mpegts", string.Create(CultureInfo.InvariantCulture, $"rtp://127.0.0.1:{port}?pkt_size=1316"))
        : Start(size, "-f", "mpegts", "-mpegts_flags", "+resend_headers", string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{port}?pkt_size=1316"));

    /// <summary>Sends H.265 to a port.</summary>
    public static Camera SendH265To(int port) => Start(
        "320x180", ["-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-x265-params", "log-level=none:keyint=12:repeat-headers=1:aud=1:pools=1:frame-threads=1"],
        "-f", "mpegts", "-mpegts_flags", "+resend_headers", string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{port}?pkt_size=1316"));

    /// <summary>Waits to be fetched by SRT.</summary>
    public static Camera OfferSrt(int port, string passphrase) =>
        Start("320x180", "-f", "mpegts", string.Create(CultureInfo.InvariantCulture, $"srt://127.0.0.1:{port}?mode=listener&passphrase={passphrase}&latency=20000"));

    /// <summary>What ffmpeg sees in a file: codec, width, height, and how many pictures it decodes without a complaint.</summary>
    public static async Task<string> ProbeAsync(string file)
    {
        using var probe = Process.Start(new ProcessStartInfo("ffprobe", ["-v", "error", "-count_frames", "-show_entries", "stream=codec_name,width,height,nb_read_frames", "-of", "csv=p=0", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = probe.StandardError.ReadToEndAsync();
        var found = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return (found + await complaints).Trim();
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        Said = _process.StandardError.ReadToEnd();
        _process.Dispose();
    }

    private static Camera Start(string size, params string[] output) => Start(
        size,
        ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-x264-params", "aud=1:repeat-headers=1", "-g", "12", "-threads", "1", "-b:v", "500k"],
        output);

    private static Camera Start(string size, IEnumerable<string> coding, params string[] output) => new(Process.Start(new ProcessStartInfo(
        "ffmpeg", ["-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25", .. coding, .. output])
    { RedirectStandardError = true })!);
}
