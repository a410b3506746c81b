namespace DroneOps.Server.Video.Recording;

/// <summary>Whether there is room for recordings: video stops before the audit log and the database have no room left.</summary>
internal sealed class DiskRoom(string folder, RecordingOptions options)
{
    private const double Giga = 1e9;
    private long _used;

    /// <summary>Bytes of all recordings that are kept.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Whether a segment may be begun.</summary>
    public bool HasRoom => Used < options.QuotaGB * Giga && FreeBytes() >= options.LeastFreeGB * Giga;

    public void SetUsed(long bytes) => Interlocked.Exchange(ref _used, bytes);

    /// <summary>A segment was closed.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);

    private long FreeBytes()
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (IOException)
        {
            // A disk that cannot be asked is found out about when it is written to.
            return long.MaxValue;
        }
    }
}
