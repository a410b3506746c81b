using DroneOps.Server.Fleet;

namespace DroneOps.Server.Alarms;

/// <summary>What the design suppresses: alarms that ask nothing of anybody in the present state of things.</summary>
internal sealed class SuppressionRules(VehicleBoard board)
{
    private static readonly HashSet<string> OfParked = [AlarmCatalog.LinkLost, AlarmCatalog.LowBattery, AlarmCatalog.OutcomeUnknown];

    /// <summary>Why an alarm means nothing now; null where it does.</summary>
    public string? ReasonFor(string code, string vehicleId) =>
        OfParked.Contains(code) && board.Find(vehicleId) is { IsGrounded: true, Snapshot.InAir: not true } ? "It is grounded." : null;
}
