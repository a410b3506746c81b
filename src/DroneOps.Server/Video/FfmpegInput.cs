using System.Globalization;
using System.Net;
using System.Text;

namespace DroneOps.Server.Video;

/// <summary>A stream that is fetched by ffmpeg, which takes it out of RTSP, SRT or RTMP and hands it on as MPEG-TS, unchanged.</summary>
/// <remarks>
/// What to fetch is told by standard input, as a list of one entry (ffmpeg's concat format): a command line is there for everybody on the machine to
/// read, and it would hold the password. The program is started directly and not by FFMpegCore, which keeps all that ffmpeg ever said in memory and
/// knows no such input. ffmpeg may use the protocols of the stream and nothing else; the address was resolved and judged before.
/// </remarks>
internal sealed class FfmpegInput(StreamSettings settings, SourceReach reach, FfmpegOrphans orphans, string program) : StreamInput
{
    private const int ChunkLength = 64 * 1024;
    private const int LinesKept = 8;
    private const int LongestLine = 300;
    private const string Hidden = "***";

    private readonly Queue<string> _said = new();
    private FfmpegProcess? _process;
    private volatile bool _isDisposed;

    public override async Task ReadAsync(StreamIntake intake, CancellationToken cancellation)
    {
        var host = await reach.ResolveAsync(settings.Address.Host, cancellation);
        var process = FfmpegProcess.Start(program, Arguments(settings.Address), orphans);
        _process = process;
        if (_isDisposed)
            process.Kill();
        var saying = ListenAsync(process);
        try
        {
            await process.Input.WriteAsync(Encoding.UTF8.GetBytes(Order(settings, host)), CancellationToken.None);
            process.Input.Close();
        }
        catch (IOException)
        {
            // It has ended already; what it said tells why.
        }

        await OnThread($"video {settings.Id}", () => Pump(process.Output, intake));
        await process.WhenEndedAsync();
        await saying;
        if (!_isDisposed)
            throw new IOException(_said.Count > 0 ? string.Join(" ", _said) : string.Create(CultureInfo.InvariantCulture, $"ffmpeg ended with {process.ExitCode}."));
    }

    public override async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_process is { } process)
            await process.DisposeAsync();
    }

    /// <summary>What ffmpeg is told by its standard input.</summary>
    internal static string Order(StreamSettings settings, IPAddress host)
    {
        var address = settings.Address;
        var user = settings is { UserName: { } name, Secret: { } password } ? $"{Uri.EscapeDataString(name)}:{Uri.EscapeDataString(password)}@" : "";
        var text = new StringBuilder("ffconcat version 1.0\n").Append(CultureInfo.InvariantCulture, $"file '{address.With(host, user)}'\n");
        foreach (var (key, value) in OptionsOf(settings))
            text.Append(CultureInfo.InvariantCulture, $"option {key} '{value.Replace("'", "'\\''", StringComparison.Ordinal)}'\n");
        return text.ToString();
    }

    /// <summary>ffmpeg's command line. Nothing in it is secret.</summary>
    internal static IReadOnlyList<string> Arguments(SourceAddress address) =>
    [
        "-hide_banner", "-loglevel", "error", "-protocol_whitelist", $"pipe,{Protocols(address.Scheme)}",
        "-f", "concat", "-safe", "0", "-fflags", "nobuffer", "-flags", "low_delay", "-probesize", "32", "-analyzeduration", "0", "-i", "pipe:0",
        "-map", "0:v:0", "-map", "0:d?", "-c", "copy",

        // Metadata has no time stamps there, and a muxer that waits for one holds the pictures back for ten seconds.
        "-max_interleave_delta", "1", "-flush_packets", "1", "-f", "mpegts", "-mpegts_flags", "+resend_headers", "-muxdelay", "0", "-muxpreload", "0", "pipe:1",
    ];

    private static string Protocols(SourceScheme scheme) => scheme switch
    {
        SourceScheme.Rtsp => "rtsp,rtp,udp,tcp",
        SourceScheme.Rtsps => "rtsps,rtsp,rtp,udp,tcp,tls",
        SourceScheme.Srt => "srt,udp",
        _ => "rtmp,tcp",
    };

    // Time limits in microseconds, of SRT's connection in milliseconds. A transport stream needs no probing: its tables say what is in it.
    private static IEnumerable<(string Key, string Value)> OptionsOf(StreamSettings settings)
    {
        switch (settings.Address.Scheme)
        {
            case SourceScheme.Rtsp or SourceScheme.Rtsps:
                yield return ("rtsp_transport", "tcp");
                yield return ("timeout", "5000000");
                yield return ("allowed_media_types", "video+data");
                yield return ("analyzeduration", "300000");
                break;
            case SourceScheme.Srt:
                yield return ("mode", "caller");
                yield return ("connect_timeout", "3000");
                yield return ("timeout", "5000000");
                yield return ("latency", "80000");
                if (settings.Secret is { } passphrase)
                    yield return ("passphrase", passphrase);
                yield return ("probesize", "32");
                yield return ("analyzeduration", "0");
                break;
            default:
                yield return ("rw_timeout", "5000000");
                yield return ("analyzeduration", "300000");
                break;
        }

        yield return ("max_streams", "8");
    }

    private void Pump(Stream output, StreamIntake intake)
    {
        var buffer = new byte[ChunkLength];
        try
        {
            while (output.Read(buffer) is > 0 and var count)
                intake.Take(buffer.AsSpan(0, count));
        }
        catch (Exception closed) when (_isDisposed && closed is IOException or ObjectDisposedException)
        {
            // That is how it ends.
        }
    }

    // Read to the end, or ffmpeg stops when the pipe is full; the last lines are kept, without the password that ffmpeg repeats in them.
    private async Task ListenAsync(FfmpegProcess process)
    {
        while (await process.Said.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (_said.Count == LinesKept)
                _said.Dequeue();
            var clean = Clean(line);
            _said.Enqueue(clean.Length > LongestLine ? clean[..LongestLine] : clean);
        }
    }

    private string Clean(string line) => settings.Secret is not { Length: > 0 } secret
        ? line
        : line.Replace(secret, Hidden, StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), Hidden, StringComparison.Ordinal);
}
