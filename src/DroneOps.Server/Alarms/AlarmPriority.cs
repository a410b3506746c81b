namespace DroneOps.Server.Alarms;

/// <summary>How soon a person must act (aviation's three levels; the high, medium and low of ISA-18.2).</summary>
internal enum AlarmPriority
{
    /// <summary>At once.</summary>
    Warning,

    /// <summary>Soon.</summary>
    Caution,

    /// <summary>Good to know, and something to do when there is time.</summary>
    Advisory,
}
