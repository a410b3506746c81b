namespace DroneOps.Vehicles;

/// <summary>Reasons why a vehicle should not be sent off now. A closed set; the console has a sentence for each.</summary>
[Flags]
public enum ReadinessIssues
{
    /// <summary>Nothing stands in the way.</summary>
    None = 0,

    /// <summary>No heartbeat, or not any more.</summary>
    NotHeard = 1 << 0,

    /// <summary>Two pieces of hardware share the system id.</summary>
    IdentityConflict = 1 << 1,

    /// <summary>No three-dimensional GPS fix.</summary>
    NoGpsFix = 1 << 2,

    /// <summary>The estimator has no absolute position yet (see <see cref="EstimatorReading"/>).</summary>
    EstimatorNotReady = 1 << 3,

    /// <summary>No position message with a position in it, or it is stale.</summary>
    NoPosition = 1 << 4,

    /// <summary>The autopilot's pre-arm checks fail; the texts tell why.</summary>
    PrearmChecksFail = 1 << 5,

    /// <summary>The autopilot has no home.</summary>
    NoHome = 1 << 6,

    /// <summary>The autopilot calls the battery low or worse.</summary>
    BatteryLow = 1 << 7,

    /// <summary>The vehicle is outside its fence.</summary>
    FenceBreached = 1 << 8,

    /// <summary>The autopilot reports a critical or emergency state.</summary>
    SystemCritical = 1 << 9,

    /// <summary>The audit of the failsafe parameters found something that must not be flown with.</summary>
    FailsafesOff = 1 << 10,

    /// <summary>The failsafe parameters were not read (yet).</summary>
    FailsafesUnknown = 1 << 11,
}

/// <summary>Whether a vehicle can be sent off on its own, and if not, why.</summary>
/// <param name="Issues">Everything that stands in the way.</param>
public readonly record struct Readiness(ReadinessIssues Issues)
{
    /// <summary>A vehicle that was never heard.</summary>
    public static Readiness NotHeard => new(ReadinessIssues.NotHeard);

    /// <summary>Nothing stands in the way, leaving aside an audit of the failsafes that has not ended.</summary>
    public bool IsReady => (Issues & ~ReadinessIssues.FailsafesUnknown) == ReadinessIssues.None;
}
