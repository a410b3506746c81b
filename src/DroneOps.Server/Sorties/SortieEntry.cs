namespace DroneOps.Server.Sorties;

/// <summary>A sortie on its way into the database: what it was opened with, how it has grown, and what of that is not written yet.</summary>
/// <param name="opening">The row as it was opened, or as the last run of the service left it.</param>
/// <param name="draft">The sortie as its recorder keeps it.</param>
internal sealed class SortieEntry(SortieRecord opening, SortieDraft draft)
{
    public Guid Id => opening.Id;

    public SortieDraft Draft => draft;

    /// <summary>Pieces of its track that are in the database.</summary>
    public int Pieces { get; set; }

    /// <summary>Points of its track that are not known to be there.</summary>
    public List<TrackPoint> Points { get; } = [];

    /// <summary>How many of <see cref="Points"/> went with an attempt whose outcome is not known; 0 when there is none.</summary>
    public int Sent { get; set; }

    /// <summary>Up to when it is in the database.</summary>
    public DateTimeOffset WrittenAt { get; set; }

    /// <summary>Something about it should be written now.</summary>
    public bool IsDue { get; set; }

    /// <summary>Its closing is in the audit log, which it must be once.</summary>
    public bool IsClosureAudited { get; set; }

    /// <summary>A new row with what was known when it was opened.</summary>
    public SortieRecord NewRow() => new()
    {
        Id = opening.Id,
        VehicleId = opening.VehicleId,
        VehicleName = opening.VehicleName,
        HardwareId = opening.HardwareId,
        Firmware = opening.Firmware,
        SystemId = opening.SystemId,
        Pilot = opening.Pilot,
        Purpose = opening.Purpose,
        TaskKind = opening.TaskKind,
        TaskId = opening.TaskId,
        TaskLabel = opening.TaskLabel,
        DockId = opening.DockId,
        BatterySerial = opening.BatterySerial,
        ArmedAt = opening.ArmedAt,
        TakeoffAt = opening.TakeoffAt,
        TakeoffSource = opening.TakeoffSource,
    };
}
