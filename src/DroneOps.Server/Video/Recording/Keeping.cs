using System.Collections.Immutable;

namespace DroneOps.Server.Video.Recording;

/// <summary>A word about how long a recording is kept: its class, a hold, the end of a hold. A line of <c>keeping.jsonl</c>, beside what is hashed.</summary>
/// <param name="At">When it was said.</param>
/// <param name="By">Who said it.</param>
/// <param name="Reason">Why, in that person's words.</param>
/// <param name="Class">The class it has from now on; null where it is about a hold.</param>
/// <param name="HoldId">The hold that is put or lifted.</param>
/// <param name="Lifts">Whether the hold is lifted.</param>
internal sealed record KeepingWord(DateTimeOffset At, string By, string Reason, string? Class, Guid? HoldId, bool Lifts);

/// <summary>While it stands, nothing of the recording is deleted, whatever its class says: it is wanted in a case, or a complaint runs.</summary>
internal sealed record LegalHold(Guid Id, DateTimeOffset At, string By, string Reason);

/// <summary>How long a recording is kept, folded from all that was said about that.</summary>
/// <param name="Class">Its retention class.</param>
/// <param name="Holds">The holds that stand, oldest first.</param>
internal sealed record Keeping(string Class, ImmutableList<LegalHold> Holds)
{
    public Keeping After(KeepingWord word) => word switch
    {
        { Class: { } name } => this with { Class = name },
        { HoldId: { } lifted, Lifts: true } => this with { Holds = Holds.RemoveAll(hold => hold.Id == lifted) },
        { HoldId: { } put } => this with { Holds = Holds.Add(new(put, word.At, word.By, word.Reason)) },
        _ => this,
    };

    /// <summary>When it is to be deleted; null while it is held, or not closed.</summary>
    /// <param name="closedAt">The end of the recording.</param>
    public DateTimeOffset? DueAt(DateTimeOffset? closedAt, RetentionSchedule schedule) => Holds.IsEmpty ? OverAt(closedAt, schedule) : null;

    /// <summary>When the time of its class is over, whether it is held or not; null while it is not closed.</summary>
    /// <param name="closedAt">The end of the recording.</param>
    public DateTimeOffset? OverAt(DateTimeOffset? closedAt, RetentionSchedule schedule) => closedAt?.AddDays(schedule.DaysOf(Class));
}

/// <summary>What is left of a recording that was deleted, beside its ledger.</summary>
/// <param name="At">When.</param>
/// <param name="Class">The class that it had.</param>
/// <param name="DueAt">Since when it was due.</param>
/// <param name="Bytes">What went, all files together.</param>
/// <param name="AuditEntry">The number of the audit entry that says what went, why, and its hashes.</param>
internal sealed record Tombstone(DateTimeOffset At, string Class, DateTimeOffset DueAt, long Bytes, long AuditEntry);

/// <summary>The retention classes in force.</summary>
internal sealed class RetentionSchedule(RecordingOptions options)
{
    /// <summary>What the recordings of a flight for an incident get, where there is a class of that name.</summary>
    public const string IncidentClass = "incident";

    private readonly IReadOnlyList<RetentionClass> _classes = options.ClassesInForce();

    public IReadOnlyList<RetentionClass> Classes => _classes;

    /// <summary>What a new recording gets.</summary>
    public string Usual => _classes[0].Id;

    /// <summary>What the recordings of incidents get.</summary>
    public string ForIncidents => Find(IncidentClass)?.Id ?? Usual;

    public RetentionClass? Find(string id) => _classes.FirstOrDefault(one => one.Id == id);

    /// <summary>How long a class is kept. One that the options do not have any more counts as the longest: nothing is deleted because of a word that was changed.</summary>
    public int DaysOf(string id) => Find(id)?.Days ?? _classes.Max(one => one.Days);
}
