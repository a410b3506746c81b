using System.Diagnostics;
using System.Globalization;
using DroneOps.Server.Storage;

namespace DroneOps.Server.Video;

/// <summary>Notes which ffmpeg processes are ours, and ends those that a crash has left: one that waits for an idle camera would hold its connection
/// for ever.</summary>
/// <remarks>A process id alone proves nothing, the system gives it away again; with the time of its start it does.</remarks>
internal sealed partial class FfmpegOrphans(DataFolder data, ILogger<FfmpegOrphans> logger)
{
    // Each run of a program computes the time from the boot time anew.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);
    private const string Program = "ffmpeg";

    private string Folder => data.Sub(Path.Combine("video", "processes"));

    /// <summary>Notes a process that was started.</summary>
    public void Note(Process process)
    {
        try
        {
            File.WriteAllText(FileOf(process.Id), process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // It has ended already, or cannot be noted; then it is not swept after a crash.
        }
    }

    /// <summary>A process has ended.</summary>
    public void Forget(int id)
    {
        try
        {
            File.Delete(FileOf(id));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The next start finds that the process is another one.
        }
    }

    /// <summary>Ends what an earlier run has left.</summary>
    /// <returns>How many.</returns>
    public int Sweep()
    {
        var ended = 0;
        foreach (var file in Directory.EnumerateFiles(Folder))
        {
            if (int.TryParse(Path.GetFileName(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && DateTimeOffset.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var started)
                && End(id, started))
            {
                LogSwept(id);
                ended++;
            }

            File.Delete(file);
        }

        return ended;
    }

    private static bool End(int id, DateTimeOffset started)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            if (!process.ProcessName.StartsWith(Program, StringComparison.Ordinal) || (process.StartTime.ToUniversalTime() - started.UtcDateTime).Duration() > Tolerance)
                return false;
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private string FileOf(int id) => Path.Combine(Folder, id.ToString(CultureInfo.InvariantCulture));

    [LoggerMessage(LogLevel.Warning, "The ffmpeg process {Id} of an earlier run was still there and was ended")]
    private partial void LogSwept(int id);
}
