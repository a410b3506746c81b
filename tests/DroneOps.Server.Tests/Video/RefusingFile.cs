using System.Runtime.InteropServices;

namespace DroneOps.Server.Tests.Video;

/// <summary>A disk that takes no more under a file that is open: what the process has open is made <c>/dev/full</c>, to which every write fails with ENOSPC.</summary>
internal static class RefusingFile
{
    private const int WriteOnly = 1;

    /// <returns>False while this process does not have the file open.</returns>
    public static bool Replace(string path)
    {
        foreach (var open in Directory.GetFiles("/proc/self/fd"))
        {
            if (TargetOf(open) != path)
                continue;
            var full = Open("/dev/full", WriteOnly);
            Assert.True(full >= 0);
            var number = int.Parse(Path.GetFileName(open), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(number, Duplicate(full, number));
            _ = Close(full);
            return true;
        }

        return false;
    }

    private static string? TargetOf(string open)
    {
        try
        {
            return File.ResolveLinkTarget(open, returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            // Another test has closed it meanwhile.
            return null;
        }
    }

#pragma warning disable SYSLIB1054 // A test project needs no generated marshalling for three calls.
    [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, CharSet = CharSet.Ansi)]
    private static extern int Open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static extern int Duplicate(int from, int to);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
#pragma warning restore SYSLIB1054
}
