using System.Collections.Frozen;

namespace DroneOps.Server.Alarms;

/// <summary>The conditions that a person is alerted to. An alarm must have something that a person can do: what that is, what the alarm means
/// and what comes of doing nothing is in the console's words, for every code here.</summary>
internal static class AlarmCatalog
{
    public const string LinkLost = "linkLost";
    public const string LowBattery = "lowBattery";
    public const string Failsafe = "failsafe";
    public const string FenceBreach = "fenceBreach";
    public const string IdentityConflict = "identityConflict";
    public const string Rebooted = "rebooted";
    public const string OutcomeUnknown = "outcomeUnknown";
    public const string SignatureRefused = "signatureRefused";
    public const string EndpointConflict = "endpointConflict";
    public const string AssignmentLost = "assignmentLost";
    public const string IncidentWaits = "incidentWaits";
    public const string DroneLostOnWay = "droneLostOnWay";
    public const string PlaceInNoFlyZone = "placeInNoFlyZone";
    public const string CrewNeedsHelp = "crewNeedsHelp";
    public const string PurposeMissing = "purposeMissing";
    public const string WebhookStopped = "webhookStopped";
    public const string VideoRoomLow = "videoRoomLow";
    public const string VideoRoomFull = "videoRoomFull";
    public const string NotRecorded = "notRecorded";
    public const string CameraDuty = "cameraDuty";
    public const string MaintenanceDue = "maintenanceDue";
    public const string BatteryWorn = "batteryWorn";
    public const string AuditNotWritable = "auditNotWritable";

    /// <summary>Many alarms at a time, put together because nobody can read that many.</summary>
    public const string Flood = "alarmFlood";

    private static readonly FrozenSet<string> Occasions = FrozenSet.Create(StringComparer.Ordinal, OutcomeUnknown, SignatureRefused, EndpointConflict, AssignmentLost);

    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        [LinkLost] = "no heartbeat any more",
        [LowBattery] = "the battery is low",
        [Failsafe] = "the autopilot acts on a failure",
        [FenceBreach] = "outside the fence",
        [IdentityConflict] = "two aircraft under one identity",
        [Rebooted] = "the autopilot started again in the air",
        [OutcomeUnknown] = "the outcome of a command is not known",
        [SignatureRefused] = "unsigned or wrongly signed messages",
        [EndpointConflict] = "somebody else speaks with its id",
        [AssignmentLost] = "taken for a more important task",
        [IncidentWaits] = "an urgent incident waits for a drone",
        [DroneLostOnWay] = "the drone was lost on its way to an incident",
        [PlaceInNoFlyZone] = "the incident's place is in a no-fly zone",
        [CrewNeedsHelp] = "a crew at an incident needs help",
        [PurposeMissing] = "a flight without a purpose",
        [WebhookStopped] = "a receiver of events has stopped for good",
        [VideoRoomLow] = "soon no room for recordings",
        [VideoRoomFull] = "no room for recordings",
        [NotRecorded] = "a camera that should be recorded is not",
        [CameraDuty] = "a camera does not do its duty",
        [MaintenanceDue] = "maintenance is due",
        [BatteryWorn] = "a battery is worn",
        [AuditNotWritable] = "the audit log cannot be written",
        [Flood] = "many alarms at a time",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every code.</summary>
    public static IEnumerable<string> Codes => Names.Keys;

    /// <summary>What a condition is called, in English.</summary>
    public static string NameOf(string code) => Names.GetValueOrDefault(code, code);

    /// <summary>Whether nothing ends it but the acknowledgement: an occasion, not a condition.</summary>
    public static bool IsOccasion(string code) => Occasions.Contains(code);
}
