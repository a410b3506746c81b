using System.Diagnostics;
using System.Globalization;

namespace DroneOps.Server.Tests.Harness;

/// <summary>A camera as far as the service can tell: an ffmpeg that sends a moving picture as MPEG-TS over UDP, 25 a second, with its time at the top.</summary>
/// <remarks>
/// The upper eighteenth of the picture is a strip of 32 blocks, white for one and black for zero, most significant first: the milliseconds of the UTC
/// day at which the picture was drawn. Whoever sees the picture can tell how old it is (<see cref="AgeScript"/>).
/// </remarks>
public sealed class CameraSender : IAsyncDisposable
{
    /// <summary>A function for a page: <c>(canvasOrVideo) =&gt; milliseconds since the picture that it shows was drawn</c>, or null where there is no strip.</summary>
    public const string AgeScript =
        """
        (() => {
          const reader = document.createElement('canvas');
          [reader.width, reader.height] = [32, 1];
          const context = reader.getContext('2d', { willReadFrequently: true });
          context.imageSmoothingEnabled = false;
          return (shown) => {
            const [width, height] = [shown.videoWidth ?? shown.width, shown.videoHeight ?? shown.height];
            if (width < 320) return null;
            context.drawImage(shown, 0, Math.round(height / 36), width, 1, 0, 0, 32, 1);
            const { data } = context.getImageData(0, 0, 32, 1);
            let drawn = 0;
            for (let block = 0; block < 32; block++) drawn = drawn * 2 + (data[block * 4] > 128 ? 1 : 0);
            const day = 86_400_000;
            return drawn === 0 || drawn >= day ? null : ((Date.now() % day) - drawn + day + day / 2) % day - day / 2;
          };
        })()
        """;

    /// <summary>
    /// A function for a page: <c>async ({ selector, count }) =&gt; ages</c>, the milliseconds from the drawing of a picture to the first moment at which
    /// it could be seen, of the next <c>count</c> different pictures.
    /// </summary>
    public const string WatchScript =
        $$"""
        async ({ selector, count }) => {
          const ageOf = {{AgeScript}};
          const seen = new Map();
          while (seen.size < count) {
            await new Promise(requestAnimationFrame);
            const shown = document.querySelector(selector);
            const age = shown && ageOf(shown);
            if (age === null) continue;
            const drawn = Math.round(Date.now() - age);
            if (![...seen.keys()].slice(-3).some((known) => Math.abs(known - drawn) < 5)) seen.set(drawn, age);
          }
          return [...seen.values()];
        }
        """;

    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v", "baseline", "-g", "25", "-x264-params", "aud=1:repeat-headers=1"];
    private static readonly string[] H265 = ["-c:v", "libx265", "-preset", "ultrafast", "-tune", "zerolatency", "-x265-params", "log-level=none:keyint=25:aud=1:repeat-headers=1:pools=1:frame-threads=1"];

    private readonly Process _process;

    private CameraSender(Process process) => _process = process;

    /// <summary>Sends the same picture to each of these ports of this machine.</summary>
    public static CameraSender Start(int width, int height, params IReadOnlyList<int> ports) => Start(width, height, H264, ports);

    /// <summary>The same coded as H.265.</summary>
    public static CameraSender StartH265(int width, int height, params IReadOnlyList<int> ports) => Start(width, height, H265, ports);

    private static CameraSender Start(int width, int height, string[] coding, IReadOnlyList<int> ports)
    {
        var strip = string.Create(CultureInfo.InvariantCulture, $"{width}:{height / 18}");
        var picture =
            "[0:v]realtime,settb=1/1000,setpts='(RTCTIME-floor(RTCTIME/86400000000)*86400000000)/1000',split[picture][clock];"
            + $"[clock]scale=32:2,format=gray,geq=lum='255*mod(floor((T*1000+0.5)/pow(2\\,31-X))\\,2)',scale={strip}:flags=neighbor,format=yuv420p[strip];"
            + "[picture][strip]overlay=0:0:shortest=1,format=yuv420p,settb=1/25,setpts=N[out]";
        var outputs = string.Join('|', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"[f=mpegts:max_delay=0:flush_packets=1]udp\\://127.0.0.1\\:{port}?pkt_size=1316")));
        string[] arguments =
        [
            "-loglevel", "error", "-nostdin",
            "-f", "lavfi", "-i", string.Create(CultureInfo.InvariantCulture, $"testsrc2=size={width}x{height}:rate=25"),
            "-filter_complex", picture, "-map", "[out]",
            .. coding, "-f", "tee", outputs,
        ];
        return new(Process.Start(new ProcessStartInfo("ffmpeg", arguments)) ?? throw new InvalidOperationException("ffmpeg did not start."));
    }

    /// <summary>Takes the camera away, without a last word to the service.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
