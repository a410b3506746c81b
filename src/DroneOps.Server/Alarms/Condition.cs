namespace DroneOps.Server.Alarms;

/// <summary>Something that holds or does not hold of a vehicle, an incident or the service; what alarms are made of. Whoever finds it says so as
/// often as he likes: a condition that goes on is one alarm.</summary>
/// <param name="Code">Which condition, of <see cref="AlarmCatalog"/>.</param>
/// <param name="Subject">Of what, as the audit log writes it: <c>vehicle/3</c>.</param>
/// <param name="At">When it began or ended.</param>
internal abstract record Condition(string Code, string Subject, DateTimeOffset At)
{
    /// <summary>What holds now, and the end of what held at the look before.</summary>
    /// <param name="told">The subjects of which it was said that it holds.</param>
    public static IEnumerable<Condition> Follow(HashSet<string> told, string code, IEnumerable<Raise> holding, DateTimeOffset now)
    {
        List<Raise> raised = [.. holding];
        List<string> over = [.. told.Except(raised.Select(condition => condition.Subject))];
        told.ExceptWith(over);
        told.UnionWith(raised.Select(condition => condition.Subject));
        return raised.Concat<Condition>(over.Select(subject => new Clear(code, subject, now)));
    }

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
