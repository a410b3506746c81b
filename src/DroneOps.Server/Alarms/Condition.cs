namespace DroneOps.Server.Alarms;

/// <summary>Something that holds or does not hold of a vehicle, an incident or the service; what alarms are made of. Whoever finds it says so as
/// often as he likes: a condition that goes on is one alarm.</summary>
/// <param name="Code">Which condition, of <see cref="AlarmCatalog"/>.</param>
/// <param name="Subject">Of what, as the audit log writes it: <c>vehicle/3</c>.</param>
/// <param name="At">When it began or ended.</param>
internal abstract record Condition(string Code, string Subject, DateTimeOffset At)
{
    /// <summary>It holds, or got worse.</summary>
    /// <param name="Priority">How soon a person must act.</param>
    /// <param name="Text">What, in English.</param>
    internal sealed record Raise(string Code, string Subject, DateTimeOffset At, AlarmPriority Priority, string Text) : Condition(Code, Subject, At)
    {
        /// <summary>The vehicle it is about; empty where it is about none.</summary>
        public string VehicleId { get; init; } = "";

        /// <summary>The incident it is about.</summary>
        public Guid? IncidentId { get; init; }

        /// <summary>What it shares with others that come at the same time, when they have one cause: the network.</summary>
        public string? Cause { get; init; }
    }

    /// <summary>It does not hold.</summary>
    internal sealed record Clear(string Code, string Subject, DateTimeOffset At) : Condition(Code, Subject, At);
}
