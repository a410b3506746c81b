using DroneOps.Server.Storage;

namespace DroneOps.Server.Audit;

/// <summary>The disk of the audit log is full: the entry is not there, and what it announces must not be done. The log is whole, and goes on as soon as
/// there is room.</summary>
internal sealed class AuditFullException(Exception inner) : StoreFullException("The disk of the audit log is full: nothing that needs an entry is done until there is room.", inner);

/// <summary>Room for the audit log when the disk has none: a file that is given up then, so that the log is the last that stops, and that is
/// laid down again when there is room.</summary>
internal sealed class FullDisk(string folder)
{
    private const int ReserveBytes = 4 * 1024 * 1024;
    private const string ReserveName = ".reserve";
    private const int NoSpace = 28;
    private const int OverQuota = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the reserve is there.</summary>
    public bool HasReserve { get; private set; }

    /// <summary>Whether an error says that there is no room.</summary>
    public static bool Is(IOException problem) => problem is AuditFullException || problem.HResult is NoSpace or OverQuota or WindowsDiskFull;

    /// <summary>Lays the reserve down.</summary>
    /// <returns>Whether it is there.</returns>
    public bool Reserve()
    {
        if (HasReserve)
            return true;
        var path = Path.Combine(folder, ReserveName);
        try
        {
            // Written, not only sized: a hole in a file has no room.
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var zeros = new byte[64 * 1024];
            for (var written = 0; written < ReserveBytes; written += zeros.Length)
                file.Write(zeros);
            file.Flush(flushToDisk: true);
            HasReserve = true;
        }
        catch (IOException)
        {
            Delete(path);
        }

        return HasReserve;
    }

    /// <summary>Gives the reserve up.</summary>
    /// <returns>False where there was none.</returns>
    public bool Release()
    {
        var had = HasReserve;
        HasReserve = false;
        if (had)
            Delete(Path.Combine(folder, ReserveName));
        return had;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // It is tried again with the next reserve.
        }
    }
}
