namespace DroneOps.Server.Feed;

/// <summary>How soon a person must act (MIL-STD-1472, aviation's three levels).</summary>
internal enum AlertSeverity
{
    /// <summary>At once.</summary>
    Warning,

    /// <summary>Soon.</summary>
    Caution,

    /// <summary>Good to know.</summary>
    Advisory,
}

/// <summary>Something about a vehicle that a person should know until he has acknowledged it. One alert for one condition of one vehicle:
/// a condition that goes on is one alarm, not one per second.</summary>
/// <param name="Id">Stable.</param>
/// <param name="At">When the condition began.</param>
/// <param name="Severity">How soon a person must act.</param>
/// <param name="Code">Which condition; stable, for translation.</param>
/// <param name="VehicleId">Whose.</param>
/// <param name="Text">What, in English.</param>
/// <param name="ClearedAt">When the condition ended; it stays open until it is acknowledged all the same.</param>
/// <param name="AcknowledgedAt">When somebody acknowledged it.</param>
/// <param name="AcknowledgedBy">Who.</param>
internal sealed record Alert(
    Guid Id, DateTimeOffset At, AlertSeverity Severity, string Code, string VehicleId, string Text, DateTimeOffset? ClearedAt, DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy);
