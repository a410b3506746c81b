namespace DroneOps.Server.Alarms;

/// <summary>The states of an alarm (ISA-18.2-2016, figure 3; IEC 62682, the same letters).</summary>
internal enum AlarmState
{
    /// <summary>A: the condition does not hold, and nobody is asked for anything.</summary>
    Normal,

    /// <summary>B: it holds, and nobody has acknowledged it.</summary>
    Unacknowledged,

    /// <summary>C: it holds, and somebody knows.</summary>
    Acknowledged,

    /// <summary>D: it is over, and nobody had acknowledged it.</summary>
    ReturnedUnacknowledged,

    /// <summary>E: a person has put it aside for a while.</summary>
    Shelved,

    /// <summary>F: the design says that it means nothing now.</summary>
    SuppressedByDesign,

    /// <summary>G: an administrator has taken it out until he puts it back.</summary>
    OutOfService,
}

/// <summary>Why an alarm is kept from calling for attention. Several may hold at once.</summary>
[Flags]
internal enum AlarmHold
{
    None = 0,
    Shelved = 1,
    Suppressed = 2,
    OutOfService = 4,
}

/// <summary>Where an alarm stands, and the transitions of it: all of the life cycle, and nothing else. Pure.</summary>
/// <remarks>A held alarm is still evaluated: it follows its condition, so that when the last hold ends it calls for attention if the condition
/// holds, and is normal if not (ISA-18.2, transitions from E, F and G).</remarks>
/// <param name="IsActive">Whether the condition holds.</param>
/// <param name="IsAcknowledged">Whether nobody needs to be told any more; means nothing while it is held.</param>
/// <param name="Holds">Why it does not call for attention.</param>
internal readonly record struct AlarmLife(bool IsActive, bool IsAcknowledged, AlarmHold Holds)
{
    /// <summary>An alarm before its first time.</summary>
    public static readonly AlarmLife Normal = new(IsActive: false, IsAcknowledged: true, AlarmHold.None);

    /// <summary>The state; where several holds apply, the one that ends last.</summary>
    public AlarmState State => this switch
    {
        { Holds: var holds } when holds.HasFlag(AlarmHold.OutOfService) => AlarmState.OutOfService,
        { Holds: var holds } when holds.HasFlag(AlarmHold.Suppressed) => AlarmState.SuppressedByDesign,
        { Holds: var holds } when holds.HasFlag(AlarmHold.Shelved) => AlarmState.Shelved,
        { IsActive: true, IsAcknowledged: false } => AlarmState.Unacknowledged,
        { IsActive: true } => AlarmState.Acknowledged,
        { IsAcknowledged: false } => AlarmState.ReturnedUnacknowledged,
        _ => AlarmState.Normal,
    };

    /// <summary>Whether it flashes and sounds.</summary>
    public bool CallsForAttention => State is AlarmState.Unacknowledged or AlarmState.ReturnedUnacknowledged;

    /// <summary>The condition holds.</summary>
    /// <param name="isWorse">It holds more severely than was acknowledged: that asks again.</param>
    public AlarmLife Raise(bool isWorse) => this with { IsActive = true, IsAcknowledged = IsActive && IsAcknowledged && !isWorse };

    /// <summary>The condition does not hold any more.</summary>
    public AlarmLife Clear() => this with { IsActive = false };

    /// <summary>A person has seen it. One that is held asks nobody, so there is nothing to acknowledge.</summary>
    public AlarmLife Acknowledge() => Holds == AlarmHold.None ? this with { IsAcknowledged = true } : this;

    /// <summary>It is kept from calling for attention.</summary>
    public AlarmLife Hold(AlarmHold hold) => this with { Holds = Holds | hold };

    /// <summary>One reason to keep it quiet has ended. With the last one it begins anew with what is.</summary>
    public AlarmLife Lift(AlarmHold hold)
    {
        if ((Holds & hold) == AlarmHold.None)
            return this;
        var rest = Holds & ~hold;
        return rest == AlarmHold.None ? new AlarmLife(IsActive, !IsActive, AlarmHold.None) : this with { Holds = rest };
    }
}
