using System.Globalization;
using DroneOps.Server.Api;

namespace DroneOps.Server.Sorties;

/// <summary>A value of a field before and after a change, as text.</summary>
internal sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>A change to one field of a sortie, checked. Pure.</summary>
/// <param name="Before">The value that stands there, as text.</param>
/// <param name="After">The value that should.</param>
/// <param name="NeedsClosed">Whether the sortie must be over.</param>
/// <param name="Apply">Makes the change.</param>
internal sealed record SortieChange(string? Before, string? After, bool NeedsClosed, Action<SortieRecord> Apply)
{
    private const int LongestText = 200;
    private static readonly TimeSpan LongestShift = TimeSpan.FromDays(1);

    private static readonly string[] Fields = ["pilot", "purpose", "authorisedBy", "taskId", "batterySerial", "unit", "takeoffAt", "landedAt"];

    /// <summary>What belonged to the value before, and goes with it.</summary>
    public IReadOnlyList<FieldChange> Along { get; private init; } = [];

    /// <summary>Reads a change; null with at least one fault.</summary>
    /// <param name="task">The task that the value names, where it is to be one; null when there is none.</param>
    public static SortieChange? Read(string? field, string? value, SortieRecord row, DateTimeOffset now, SortieTask? task, List<Fault> faults) => field switch
    {
        "pilot" => Text(row.Pilot, value, (sortie, text) => sortie.Pilot = text, faults),
        "purpose" => Text(row.Purpose, value, (sortie, text) => sortie.Purpose = text, faults),
        "authorisedBy" => Text(row.AuthorisedBy, value, (sortie, text) => sortie.AuthorisedBy = text, faults),
        "taskId" => Task(row, value, task, faults),
        "batterySerial" => Battery(row, value, faults),
        "unit" => Text(row.Unit, value, (sortie, text) => sortie.Unit = text, faults),
        "takeoffAt" => Time(row.TakeoffAt, value, at => at < (row.LandedAt ?? now), "before the landing", TakeOff, faults),
        "landedAt" => Time(row.LandedAt ?? row.LastHeardAt, value, at => at > row.TakeoffAt && at <= now, "after the take-off and not in the future", Land, faults),
        _ => Wrong(faults, "#/field", $"field is one of {string.Join(", ", Fields)}."),
    };

    // What a person says nobody measured: it has that source and no bounds. Motors run while a vehicle flies, so the armed clock gives way.
    private static void TakeOff(SortieRecord sortie, DateTimeOffset at)
    {
        (sortie.TakeoffAt, sortie.TakeoffSource) = (at, ClockSource.Entered);
        sortie.Bounds = sortie.Bounds with { Takeoff = EdgeBounds.None };
        if (sortie.ArmedAt > at)
            (sortie.ArmedAt, sortie.Bounds) = (at, sortie.Bounds with { Armed = EdgeBounds.None });
    }

    /// <summary>Somebody says when it landed: then that is known.</summary>
    private static void Land(SortieRecord sortie, DateTimeOffset at)
    {
        (sortie.LandedAt, sortie.LandingSource, sortie.GivenUpAt) = (at, ClockSource.Entered, null);
        sortie.Bounds = sortie.Bounds with { Landing = EdgeBounds.None };
        if (sortie.DisarmedAt < at)
            (sortie.DisarmedAt, sortie.Bounds) = (at, sortie.Bounds with { Disarmed = EdgeBounds.None });
    }

    private static SortieChange? Text(string? before, string? value, Action<SortieRecord, string?> set, List<Fault> faults)
    {
        var text = value?.Trim();
        return text is null or { Length: > 0 and <= LongestText }
            ? new(before, text, false, sortie => set(sortie, text))
            : Wrong(faults, "#/value", $"value is 1 to {LongestText} characters, or null for nothing.");
    }

    /// <summary>What a pack told of itself is not true of another one.</summary>
    private static SortieChange? Battery(SortieRecord row, string? value, List<Fault> faults)
    {
        if (Text(row.BatterySerial, value, (sortie, text) => (sortie.BatterySerial, sortie.BatteryCycles, sortie.BatteryHealthPercent) = (text, null, null), faults) is not { } change)
            return null;
        return change.After == change.Before ? change with { Apply = _ => { } } : change with
        {
            Along = Changed(new("batteryCycles", Number(row.BatteryCycles), null), new("batteryHealthPercent", Number(row.BatteryHealthPercent), null)),
        };

        static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A task is its kind, its id and its name together, and is one that there is: a flight is in the lists of what it names.</summary>
    private static SortieChange? Task(SortieRecord row, string? value, SortieTask? task, List<Fault> faults) => value is not null && task is null
        ? Wrong(faults, "#/value", "value is the id of an incident or of a patrol's flight, or null for none.")
        : new(row.TaskId, task?.Id, false, sortie => (sortie.TaskKind, sortie.TaskId, sortie.TaskLabel) = (task?.Kind, task?.Id, task?.Label))
        {
            Along = Changed(new("taskKind", row.TaskKind, task?.Kind), new("taskLabel", row.TaskLabel, task?.Label)),
        };

    private static IReadOnlyList<FieldChange> Changed(params FieldChange[] changes) => [.. changes.Where(change => change.Before != change.After)];

    private static SortieChange? Time(DateTimeOffset before, string? value, Func<DateTimeOffset, bool> isRight, string rule, Action<SortieRecord, DateTimeOffset> set, List<Fault> faults)
    {
        if (value is null || !Rfc3339.TryParse(value, out var at))
            return Wrong(faults, "#/value", "value is a time with its offset, such as 2026-05-01T08:00:00Z.");
        if (!isRight(at))
            return Wrong(faults, "#/value", $"This time must be {rule}.");
        if ((at - before).Duration() > LongestShift)
            return Wrong(faults, "#/value", "A time is corrected by a day at most; more is another sortie.");
        return new(Rfc3339.Text(before), Rfc3339.Text(at), true, sortie =>
        {
            set(sortie, at.ToUniversalTime());
            sortie.AirborneS = Math.Max(0, ((sortie.LandedAt ?? sortie.LastHeardAt) - sortie.TakeoffAt).TotalSeconds);
            sortie.ArmedS = Math.Max(0, (DisarmedBy(sortie) - (sortie.ArmedAt ?? sortie.TakeoffAt)).TotalSeconds);
        });
    }

    /// <summary>Until when its motors ran, as far as is known. A vehicle that was heard after its landing was heard armed; of an imported flight nothing was
    /// heard, and what is kept as the last of it is the landing that its file told.</summary>
    private static DateTimeOffset DisarmedBy(SortieRecord sortie) =>
        sortie.DisarmedAt ?? (sortie.LandedAt is { } landed && (sortie.ImportId is not null || landed > sortie.LastHeardAt) ? landed : sortie.LastHeardAt);

    private static SortieChange? Wrong(List<Fault> faults, string pointer, string detail)
    {
        faults.Add(new Fault(pointer, detail));
        return null;
    }
}
