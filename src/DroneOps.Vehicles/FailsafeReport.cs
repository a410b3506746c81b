namespace DroneOps.Vehicles;

/// <summary>What can be wrong with the failsafe settings of a vehicle. A closed set.</summary>
public enum FailsafeFinding
{
    /// <summary>Nothing happens when the ground station falls silent (FS_GCS_ENABLE 0, NAV_DLL_ACT 0: the default on both stacks).</summary>
    GcsLossIgnored,

    /// <summary>The vehicle waits longer for the ground station than allowed.</summary>
    GcsLossTimeoutLong,

    /// <summary>The vehicle counts the heartbeats of another ground station than this one.</summary>
    GcsOfAnotherId,

    /// <summary>A low battery triggers nothing.</summary>
    LowBatteryIgnored,

    /// <summary>A critical battery triggers nothing.</summary>
    CriticalBatteryIgnored,

    /// <summary>No voltage or capacity is set at which the battery counts as low.</summary>
    LowBatteryLevelUnset,

    /// <summary>A breach of the fence is only reported.</summary>
    FenceBreachIgnored,

    /// <summary>The fence is not in force.</summary>
    FenceOff,

    /// <summary>The height for the way home is below the minimum, or "as it is".</summary>
    ReturnHeightLow,

    /// <summary>A parameter that was asked for did not come.</summary>
    NotRead,
}

/// <summary>One finding.</summary>
/// <param name="Finding">What.</param>
/// <param name="Blocks">Must not be flown with; otherwise a warning.</param>
/// <param name="Parameter">The parameter that shows it.</param>
/// <param name="Value">Its value; null where it was not read.</param>
public readonly record struct FailsafeIssue(FailsafeFinding Finding, bool Blocks, string Parameter, double? Value);

/// <summary>The failsafe settings of a vehicle, read and judged before flight.</summary>
/// <param name="At">When they were read.</param>
/// <param name="Issues">Everything that is off; empty when all is well.</param>
/// <param name="Values">What was read, by parameter name.</param>
public sealed record FailsafeReport(
    DateTimeOffset At, IReadOnlyList<FailsafeIssue> Issues, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Whether something was found that must not be flown with.</summary>
    public bool Blocks => Issues.Any(issue => issue.Blocks);
}
