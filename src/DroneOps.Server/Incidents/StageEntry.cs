using System.Text.Json.Serialization;

namespace DroneOps.Server.Incidents;

/// <summary>The twelve steps of an incident's time axis, in their usual order.</summary>
internal enum IncidentStage
{
    CallReceived,
    IncidentCreated,
    UnitDispatched,
    DroneRequested,
    DroneAssigned,
    DroneAirborne,
    DroneOnScene,
    FirstFrame,
    UnitOnScene,
    Resolved,
    DroneRecovered,
    Closed,
}

/// <summary>A reached step. The first value stays for good; the last of the corrections is in force.</summary>
internal sealed record StageEntry(IncidentStage Stage, DateTimeOffset At, string Source, string Actor)
{
    /// <summary>What people said about it afterwards, oldest first; null when nobody did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<StageCorrection>? Corrections { get; init; }

    /// <summary>The time that counts.</summary>
    [JsonIgnore]
    public DateTimeOffset InForce => Corrections is [.., var last] ? last.At : At;
}

/// <summary>Another time for a step.</summary>
/// <param name="At">The time that it says.</param>
/// <param name="By">Who says so.</param>
/// <param name="EnteredAt">When it was entered.</param>
/// <param name="Reason">Why.</param>
internal sealed record StageCorrection(DateTimeOffset At, string By, DateTimeOffset EnteredAt, string Reason);
