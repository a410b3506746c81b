using System.Globalization;

namespace DroneOps.Server.Video.Recording;

/// <summary>How much room there is for recordings.</summary>
internal enum RoomLevel
{
    Ample,

    /// <summary>Still enough, and time to do something.</summary>
    Low,

    /// <summary>Nothing is begun, and what runs is ended.</summary>
    Full,
}

/// <summary>Whether there is room for recordings: video stops before the audit log and the database have no room left.</summary>
internal sealed class DiskRoom(string folder, RecordingOptions options)
{
    private const double Giga = 1e9;

    /// <summary>The share of the quota from which on it counts as low; and how many times what is to stay free.</summary>
    private const double LowShare = 0.9;
    private const double LowTimes = 2;
    private long _used;

    /// <summary>Bytes of all recordings that are kept.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Whether recording may begin or go on.</summary>
    public bool HasRoom => Level != RoomLevel.Full;

    public RoomLevel Level => LevelWith(0);

    /// <summary>Whether there is still room when so much more is kept.</summary>
    public bool HasRoomFor(long bytes) => LevelWith(bytes) != RoomLevel.Full;

    public void SetUsed(long bytes) => Interlocked.Exchange(ref _used, bytes);

    /// <summary>Something was written, or (less than nothing) deleted.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _used, bytes);

    /// <summary>The figures, for people.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Used / Giga:0.0} of {options.QuotaGB:0.###} GB used{(FreeBytes() is < long.MaxValue and var free ? string.Create(CultureInfo.InvariantCulture, $", {free / Giga:0.0} GB of the disk free") : "")}");

    private RoomLevel LevelWith(long more)
    {
        var (used, free) = (Used + more, FreeBytes() - more);
        return used >= options.QuotaGB * Giga || free < options.LeastFreeGB * Giga ? RoomLevel.Full
            : used >= LowShare * options.QuotaGB * Giga || free < LowTimes * options.LeastFreeGB * Giga ? RoomLevel.Low
            : RoomLevel.Ample;
    }

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
