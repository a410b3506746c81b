using System.Diagnostics;
using System.Text;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using DroneOps.Server.Accounts;
using DroneOps.Server.Api;
using DroneOps.Server.Tests.Harness;

namespace DroneOps.Server.Tests.Video.Rtsp;

/// <summary>A server with one camera and a port for viewers that speak RTSP.</summary>
internal sealed class RtspRig : IAsyncDisposable
{
    private RtspRig(VideoRig video, int port, CreateToken.Answer token) => (Video, Port, Token) = (video, port, token);

    public VideoRig Video { get; }

    public int Port { get; }

    /// <summary>The wall's token, made for RTSP.</summary>
    public CreateToken.Answer Token { get; }

    public string Url => Address(Token.Name, Token.Token);

    public static async Task<RtspRig> StartAsync(Store store, string mode, params (string, string)[] settings)
    {
        var port = FreePorts.Take();
        var video = await VideoRig.StartAsync(store, "udp://127.0.0.1:{0}", mode, [("Rtsp:Port", port.ToString(CultureInfo.InvariantCulture)), ("Rtsp:Address", "127.0.0.1"), .. settings]);
        return new(video, port, await TokenAsync(video.Server, rtsp: true));
    }

    public static async Task<CreateToken.Answer> TokenAsync(TestServer server, bool rtsp)
    {
        using var admin = await server.SignInAsync(Roles.Admin);
        var answer = await admin.PostAsJsonAsync("/api/v1/tokens", new { name = $"wall-{Guid.NewGuid():N}", role = Roles.Integration, rtsp });
        return await answer.ReadAsync<CreateToken.Answer>(HttpStatusCode.Created);
    }

    public string Address(string user, string password) => string.Create(CultureInfo.InvariantCulture, $"rtsp://{user}:{password}@127.0.0.1:{Port}/{VideoRig.Stream}");

    public Task<RtspClient> ConnectAsync() => RtspClient.ConnectAsync(Port, Token.Name, Token.Token);

    /// <summary>Runs a player to its end.</summary>
    public static async Task<(int Code, string Out, string Complaints)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var player = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var complaints = player.StandardError.ReadToEndAsync();
        var output = await player.StandardOutput.ReadToEndAsync();
        await player.WaitForExitAsync();
        return (player.ExitCode, output, (await complaints).Trim());
    }

    /// <summary>Has GStreamer decode so many pictures and ends it then, without a word: its own farewell breaks off now and then and is not about us.</summary>
    /// <returns>How many it has decoded, and what it complained of.</returns>
    public async Task<(int Pictures, string Complaints)> DecodeByGStreamerAsync(string transport, int count)
    {
        ProcessStartInfo start = new(
            "gst-launch-1.0", ["-v", "rtspsrc", $"location={Url}", $"protocols={transport}", "latency=200", "!", "rtph264depay", "!", "h264parse", "!", "avdec_h264", "max-errors=0", "!", "fakesink", "silent=false"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What cannot be decoded. How evenly pictures arrive is the camera's business and the machine's: a camera that stood still for a second and
        // catches up makes the jitter buffer complain, and the decoder of the times that the buffer then makes up.
        start.Environment["GST_DEBUG"] = "libav:2,h264parse:2,rtph264depay:2";
        start.Environment["GST_DEBUG_NO_COLOR"] = "1";
        using var player = Process.Start(start)!;
        var complaints = player.StandardError.ReadToEndAsync();
        var pictures = 0;
        while (pictures < count && await player.StandardOutput.ReadLineAsync() is { } line)
            pictures += line.Contains("last-message = chain", StringComparison.Ordinal) ? 1 : 0;
        player.Kill();
        await player.WaitForExitAsync();
        return (pictures, (await complaints).Trim());
    }

    /// <summary>What the server has said so far.</summary>
    public async Task<string> LogAsync()
    {
        var lines = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Video.Server.DataFolder, "logs")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            lines.Append(await reader.ReadToEndAsync());
        }

        return lines.ToString();
    }

    public ValueTask DisposeAsync() => Video.DisposeAsync();
}
