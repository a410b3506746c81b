using System.Globalization;

namespace DroneOps.Server.Storage;

/// <summary>The data folder, held by one server at a time. Owner: the host; released when it is disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>The embedded database's file.</summary>
    public string DatabaseFile => DatabaseFileIn(Path);

    /// <summary>The embedded database's file in a data folder.</summary>
    public static string DatabaseFileIn(string folder) => System.IO.Path.Combine(folder, "droneops.db");

    /// <summary>Creates the folder when needed and takes it.</summary>
    /// <exception cref="StartupException">It cannot be written, or another server holds it.</exception>
    public static DataFolder Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data folder {full} cannot be made: {problem.Message}", problem);
        }

        return new DataFolder(full, Lock(full));
    }

    /// <summary>A folder below the data folder, made when missing.</summary>
    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>A folder below that only the service's own account may enter.</summary>
    public string Secret(string name)
    {
        var path = Sub(name);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder)
    {
        var file = System.IO.Path.Combine(folder, ".lock");
        try
        {
            // FileShare.None is an advisory flock on Unix: it dies with the process, so kill -9 leaves nothing behind.
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return held;
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new StartupException($"The data folder {folder} cannot be written: {problem.Message}", problem);
        }
        catch (IOException problem)
        {
            throw new StartupException($"The data folder {folder} is in use by another server, or cannot be written ({problem.Message.TrimEnd('.')}).", problem);
        }
    }
}
