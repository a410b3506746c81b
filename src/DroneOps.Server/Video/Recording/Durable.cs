using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace DroneOps.Server.Video.Recording;

/// <summary>Files whose being there survives a power cut: a new file is on the disk only when its folder is as well (fsync(2), fsync of a directory).</summary>
internal static class Durable
{
    public static void WriteNew(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>A folder, and so the names in it.</summary>
    public static void Folder(string path)
    {
        // Windows has no such call: NTFS journals names by itself.
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = open([.. Encoding.UTF8.GetBytes(path), 0], 0);
        if (descriptor < 0)
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        try
        {
            if (fsync(descriptor) != 0)
                throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>A folder and those above it, which may be new as well.</summary>
    public static void FolderTree(string path, int levels)
    {
        for (var folder = new DirectoryInfo(path); folder is not null && levels >= 0; folder = folder.Parent, levels--)
            Folder(folder.FullName);
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
}
