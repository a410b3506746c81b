namespace DroneOps.Server.Alarms;

/// <summary>Who keeps an alarm quiet, why, and until when.</summary>
/// <param name="Code">Which condition.</param>
/// <param name="Subject">Of what; null for all that have it.</param>
/// <param name="Kind">Shelved or out of service.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">Since when.</param>
/// <param name="Until">When it ends by itself; null for what is out of service.</param>
internal sealed record HeldAlarm(string Code, string? Subject, AlarmHold Kind, string By, string Reason, DateTimeOffset At, DateTimeOffset? Until)
{
    /// <summary>Whether it is meant by it.</summary>
    public bool Covers(string code, string subject) => Code == code && (Subject is null || Subject == subject);
}

/// <summary>One alarm: a condition from when it began until it is over and acknowledged. Immutable; <see cref="AlarmBook"/> has the newest.</summary>
internal sealed record Alarm
{
    public required Guid Id { get; init; }

    public required string Code { get; init; }

    public required string Subject { get; init; }

    public required string VehicleId { get; init; }

    public required Guid? IncidentId { get; init; }

    public required string? Cause { get; init; }

    public required AlarmPriority Priority { get; init; }

    public required string Text { get; init; }

    /// <summary>When the condition began.</summary>
    public required DateTimeOffset At { get; init; }

    public AlarmLife Life { get; init; } = AlarmLife.Normal;

    /// <summary>When it first called for attention by itself; null for one that was held or part of a group all the time.</summary>
    public DateTimeOffset? AnnunciatedAt { get; init; }

    public DateTimeOffset? ClearedAt { get; init; }

    public DateTimeOffset? AcknowledgedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>The group that speaks for it.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>How many it speaks for; 0 for one that is no group.</summary>
    public int Members { get; init; }

    /// <summary>How often the condition came while this was one alarm.</summary>
    public int Occasions { get; init; } = 1;

    /// <summary>Whether it came and went too often to be followed (ISA-18.2: three times in a minute).</summary>
    public bool IsChattering { get; init; }

    /// <summary>Who shelved it or took it out of service.</summary>
    public HeldAlarm? Held { get; init; }

    /// <summary>Why the design keeps it quiet.</summary>
    public string? SuppressedFor { get; init; }

    public AlarmState State => Life.State;

    public bool IsGroup => Members > 0;

    /// <summary>Whether a person may still have to do with it.</summary>
    public bool Stands => State != AlarmState.Normal && (Life.IsActive || Life.CallsForAttention);

    /// <summary>Whether it got worse or came again since it was like that.</summary>
    public bool IsMoreThan(Alarm then) => Priority < then.Priority || Occasions > then.Occasions;
}

/// <summary>An alarm, and the members of a group, at one moment: what somebody acknowledges is this, and nothing that came after it.</summary>
internal sealed record Sighting(Alarm Alarm, IReadOnlyList<Alarm> Members)
{
    /// <summary>Those of them that called.</summary>
    public IEnumerable<Alarm> Calling => Members.Prepend(Alarm).Where(alarm => alarm.Life.CallsForAttention);
}

/// <summary>An alarm as the API and the feed show it. The first nine members are as they always were.</summary>
/// <param name="Id">Stable.</param>
/// <param name="At">When the condition began.</param>
/// <param name="Severity">How soon a person must act.</param>
/// <param name="Code">Which condition; stable, for translation.</param>
/// <param name="VehicleId">Whose; empty where it is about none.</param>
/// <param name="Text">What, in English.</param>
/// <param name="ClearedAt">When the condition ended; it stays open until it is acknowledged all the same.</param>
/// <param name="AcknowledgedAt">When somebody acknowledged it.</param>
/// <param name="AcknowledgedBy">Who.</param>
/// <param name="State">Where it stands in the life cycle.</param>
/// <param name="Subject">What it is about: <c>vehicle/3</c>, <c>incident/…</c>, <c>incident/…/unit/…</c>.</param>
/// <param name="IncidentId">The incident it is about.</param>
/// <param name="GroupId">The group alarm that speaks for it.</param>
/// <param name="Members">How many alarms it speaks for; 0 for one that is no group.</param>
/// <param name="Occasions">How often the condition came while this was one alarm.</param>
/// <param name="IsChattering">Whether it came and went too often to be followed.</param>
/// <param name="IsStale">Whether it holds for more than a day.</param>
/// <param name="HeldBy">Who shelved it or took it out of service.</param>
/// <param name="HeldFor">Why it is held: what that person wrote, or what the design says.</param>
/// <param name="HeldUntil">When the shelf ends.</param>
internal sealed record AlarmView(
    Guid Id, DateTimeOffset At, AlarmPriority Severity, string Code, string VehicleId, string Text, DateTimeOffset? ClearedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy,
    AlarmState State, string Subject, Guid? IncidentId, Guid? GroupId, int Members, int Occasions, bool IsChattering, bool IsStale, string? HeldBy, string? HeldFor, DateTimeOffset? HeldUntil)
{
    /// <summary>An alarm that holds for longer is part of the furniture (ISA-18.2, 16.5.7).</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    public static AlarmView Of(Alarm alarm, DateTimeOffset now) => new(
        alarm.Id, alarm.At, alarm.Priority, alarm.Code, alarm.VehicleId, alarm.Text, alarm.ClearedAt, alarm.AcknowledgedAt, alarm.AcknowledgedBy, alarm.State, alarm.Subject, alarm.IncidentId,
        alarm.GroupId, alarm.Members, alarm.Occasions, alarm.IsChattering, alarm.Life.IsActive && now - alarm.At > StaleAfter, alarm.Held?.By, alarm.SuppressedFor ?? alarm.Held?.Reason, alarm.Held?.Until);
}
