using DroneOps.Server.Audit;
using DroneOps.Server.Fleet;

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

    /// <summary>When it was given up; null while its vehicle is heard.</summary>
    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>What has happened to it and is not in the audit log yet, in order. The log comes before the database.</summary>
    public Queue<AuditEntry> Unsaid { get; } = new();

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
        AuthorisedBy = opening.AuthorisedBy,
        TaskKind = opening.TaskKind,
        TaskId = opening.TaskId,
        TaskLabel = opening.TaskLabel,
        DockId = opening.DockId,
        BatterySerial = opening.BatterySerial,
        BatteryCycles = opening.BatteryCycles,
        BatteryHealthPercent = opening.BatteryHealthPercent,
        Unit = opening.Unit,
        ArmedAt = opening.ArmedAt,
        TakeoffAt = opening.TakeoffAt,
        TakeoffSource = opening.TakeoffSource,
        Debt = opening.Debt is { } debt ? new() { Cause = debt.Cause, Person = debt.Person, OpenedAt = debt.OpenedAt } : null,
    };

    /// <summary>The vehicle was given to a task: from now on the sortie is flown for that.</summary>
    /// <returns>The turn; null when it is flown for it already, or has landed.</returns>
    public SortieTurn? Turn(Assignment task, DateTimeOffset at)
    {
        if (draft.LandedAt is not null || at < draft.TakeoffAt || (draft.Turns is [.., var last] ? last.TaskId : opening.TaskId) == task.Id)
            return null;
        var turn = new SortieTurn
        {
            Number = draft.Turns.Count + 1,
            At = at,
            Purpose = task.Purpose,
            AuthorisedBy = task.AuthorisedBy,
            TaskKind = SortieRecord.KindOf(task),
            TaskId = task.Id,
            TaskLabel = task.Label,
        };
        draft.Turns.Add(turn);
        return turn;
    }

    /// <summary>What the sortie was last flown for, for the next hop of the same flight.</summary>
    public (string? Purpose, string? AuthorisedBy) LastGrounds => draft.Turns is [.., var last] ? (last.Purpose, last.AuthorisedBy) : (opening.Purpose, opening.AuthorisedBy);
}
