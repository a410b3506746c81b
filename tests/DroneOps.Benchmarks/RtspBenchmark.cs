using System.Diagnostics;
using System.Globalization;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Benchmarks;

/// <summary>One camera to four players of other people at the same time, by RTSP: ffmpeg and GStreamer, in one connection and by datagrams. Each decodes
/// a minute of it, and none may find a fault.</summary>
internal sealed class RtspBenchmark : ISystemBenchmark
{
    private const int Rate = 25;
    private const int Seconds = 60;

    public string Name => "rtsp";

    public string Summary => "RTSP to ffmpeg and GStreamer, each over TCP and UDP, all decoding 720p25 for 60 s: pictures and decode errors [seconds]";

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var pictures = Rate * (arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : Seconds);
        var (port, video) = (FreePorts.Take(), FreePorts.Take());
        var folder = Directory.CreateTempSubdirectory("droneops-bench-").FullName;
        try
        {
            var wall = RtspWall.Make(folder);
            await using var server = await ServerProcess.StartAsync(
                folder, cancellationToken, "Video:Demo=false", "Recording:WithSorties=false", "Video:Sources:0:Id=camera", "Video:Sources:0:VehicleId=1", "Video:Sources:0:Mode=Always",
                string.Create(CultureInfo.InvariantCulture, $"Video:Sources:0:Url=udp://127.0.0.1:{video}"), string.Create(CultureInfo.InvariantCulture, $"Rtsp:Port={port}"));
            await using var camera = CameraSender.Start(1280, 720, video);
            var url = wall.Address(port, "camera");
            Console.WriteLine(Machine.Describe());
            var before = server.CpuTime;
            var began = TimeProvider.System.GetTimestamp();
            Task<bool>[] players =
            [
                PlayAsync("ffmpeg, TCP", Ffmpeg("tcp")), PlayAsync("ffmpeg, UDP", Ffmpeg("udp")), PlayAsync("GStreamer, TCP", GStreamer("tcp")), PlayAsync("GStreamer, UDP", GStreamer("udp")),
            ];
            var good = await Task.WhenAll(players);
            var passed = TimeProvider.System.GetElapsedTime(began);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the service used {(server.CpuTime - before) / passed:0.0 %} of a core over {passed.TotalSeconds:0} s"));
            return good.All(isGood => isGood) ? 0 : 1;

            string[] Ffmpeg(string transport) =>
                ["ffmpeg", "-nostdin", "-v", "warning", "-rtsp_transport", transport, "-i", url, "-frames:v", pictures.ToString(CultureInfo.InvariantCulture), "-f", "framemd5", "-"];

            string[] GStreamer(string transport) =>
            [
                "gst-launch-1.0", "-v", "rtspsrc", $"location={url}", $"protocols={transport}", "latency=200", "!", "rtph264depay", "!", "h264parse", "!", "avdec_h264", "max-errors=0",
                "!", "fakesink", "silent=false", string.Create(CultureInfo.InvariantCulture, $"num-buffers={pictures}"),
            ];

            async Task<bool> PlayAsync(string name, string[] command)
            {
                var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
                start.Environment["GST_DEBUG"] = "libav:2,videodecoder:2,rtpjitterbuffer:2";
                using var player = Process.Start(start)!;
                var complaining = player.StandardError.ReadToEndAsync(cancellationToken);
                var decoded = 0;
                while (await player.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
                    decoded += line.StartsWith("0,", StringComparison.Ordinal) || line.Contains("last-message = chain", StringComparison.Ordinal) ? 1 : 0;
                await player.WaitForExitAsync(cancellationToken);
                var complaints = (await complaining).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} {decoded} pictures decoded, {complaints.Length} errors and warnings, exit code {player.ExitCode}"));
                foreach (var complaint in complaints.Take(5))
                    Console.WriteLine("    " + complaint);
                return decoded == pictures && complaints.Length == 0 && player.ExitCode == 0;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>Somebody who may watch by RTSP.</summary>
internal sealed record RtspWall(string Secret)
{
    public const string User = "wall";

    /// <summary>Made in a data folder before the service runs on it, as an administrator does it in a shell.</summary>
    public static RtspWall Make(string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "droneops"), ["token", "create", "--name", User, "--role", "integration", "--rtsp", "--data", folder]) { RedirectStandardOutput = true };
        using var making = Process.Start(start)!;
        var secret = making.StandardOutput.ReadToEnd().Trim();
        making.WaitForExit();
        return making.ExitCode == 0 ? new(secret) : throw new InvalidOperationException("No token was made.");
    }

    public string Address(int port, string stream) => string.Create(CultureInfo.InvariantCulture, $"rtsp://{User}:{Secret}@127.0.0.1:{port}/{stream}");
}
