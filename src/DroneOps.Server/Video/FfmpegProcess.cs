using System.Diagnostics;

namespace DroneOps.Server.Video;

/// <summary>An ffmpeg that runs as long as a stream does. Its end is certain: it is noted, so that the next run ends what a crash has left, and killed when it is
/// disposed of.</summary>
internal sealed class FfmpegProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly FfmpegOrphans _orphans;

    private FfmpegProcess(Process process, FfmpegOrphans orphans) => (_process, _orphans) = (process, orphans);

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>What it says. It must be read to the end, or ffmpeg stops when the pipe is full.</summary>
    public StreamReader Said => _process.StandardError;

    /// <summary>With what it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts it with pipes for what goes in, what comes out and what it says.</summary>
    /// <exception cref="IOException">It does not start.</exception>
    public static FfmpegProcess Start(string program, IEnumerable<string> arguments, FfmpegOrphans orphans)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            var process = Process.Start(start) ?? throw new IOException($"{program} did not start.");
            orphans.Note(process);
            return new(process, orphans);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new IOException($"{program} cannot be started: {missing.Message}", missing);
        }
    }

    public Task WhenEndedAsync() => _process.WaitForExitAsync(CancellationToken.None);

    /// <summary>Ends it; may be called at any time before it is disposed of.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WhenEndedAsync();
        _orphans.Forget(_process.Id);
        _process.Dispose();
    }
}
