using DroneOps.Server.Fleet;
using DroneOps.Vehicles;

namespace DroneOps.Server.Feed;

/// <summary>What an event means for the alerts of its vehicle.</summary>
internal abstract record AlertChange(string Code)
{
    /// <summary>A condition began, or got worse.</summary>
    internal sealed record Raise(string Code, AlertSeverity Severity, string Text) : AlertChange(Code);

    /// <summary>A condition ended.</summary>
    internal sealed record Clear(string Code) : AlertChange(Code);
}

/// <summary>Which events of the fleet a person is alerted to. Pure.</summary>
internal static class AlertRules
{
    /// <summary>What an event changes.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="name">The vehicle's call sign.</param>
    /// <param name="isInAir">Whether the vehicle flies: the same trouble is worse in the air.</param>
    public static IEnumerable<AlertChange> Of(FleetEvent happened, string name, bool isInAir) => happened switch
    {
        FleetEvent.Observed { Fact: var fact } => Of(fact, name, isInAir),
        FleetEvent.CommandDone { Outcome: CommandOutcome.Unknown { EffectSeen: false } } done =>
            [new AlertChange.Raise("outcomeUnknown", AlertSeverity.Caution, $"{name}: nobody knows whether '{FleetCommands.NameOf(done.Command)}' worked. Look before you try again.")],
        FleetEvent.FramesRefused { Reason: FrameRefusal.Signature } refused =>
            [new AlertChange.Raise("signatureRefused", isInAir ? AlertSeverity.Warning : AlertSeverity.Caution, $"{Claimed(refused, name)}: unsigned or wrongly signed messages from {refused.From} are refused.")],
        FleetEvent.FramesRefused refused =>
            [new AlertChange.Raise("endpointConflict", isInAir ? AlertSeverity.Warning : AlertSeverity.Caution, $"{Claimed(refused, name)}: somebody else speaks with its id from {refused.From} and is not listened to.")],
        FleetEvent.AssignmentLost lost => [new AlertChange.Raise("assignmentLost", AlertSeverity.Advisory, $"{name} was taken from {lost.Lost.Label} for {lost.By.Label}.")],
        _ => [],
    };

    private static AlertChange[] Of(VehicleFact fact, string name, bool isInAir) => fact switch
    {
        VehicleFact.LinkLost => [new AlertChange.Raise("linkLost", isInAir ? AlertSeverity.Warning : AlertSeverity.Advisory, $"{name}: no heartbeat any more.")],
        VehicleFact.LinkRestored => [new AlertChange.Clear("linkLost")],
        VehicleFact.LowBattery { Level: var level } low =>
            [new AlertChange.Raise("lowBattery", level > BatteryLevel.Low ? AlertSeverity.Warning : AlertSeverity.Caution, $"{name}: the battery is {Words(level.ToString())}{Percent(low.Battery)}.")],
        VehicleFact.Disarmed { MotorTest: false } => [new AlertChange.Clear("lowBattery"), new AlertChange.Clear("failsafe"), new AlertChange.Clear("rebooted")],
        VehicleFact.FailsafeEntered failsafe => [new AlertChange.Raise("failsafe", AlertSeverity.Warning, $"{name}: {failsafe.Text}")],
        VehicleFact.FailsafeCleared => [new AlertChange.Clear("failsafe")],
        VehicleFact.FenceBreached breach => [new AlertChange.Raise("fenceBreach", AlertSeverity.Warning, $"{name} has left its fence ({Words(breach.Type.ToString())}).")],
        VehicleFact.FenceCleared => [new AlertChange.Clear("fenceBreach")],
        VehicleFact.IdentityConflict => [new AlertChange.Raise("identityConflict", AlertSeverity.Warning, $"Two aircraft answer as {name}. No command goes to either of them.")],
        VehicleFact.IdentityResolved => [new AlertChange.Clear("identityConflict")],
        VehicleFact.Rebooted when isInAir => [new AlertChange.Raise("rebooted", AlertSeverity.Warning, $"{name}: the autopilot started again in the air.")],
        _ => [],
    };

    private static string Claimed(FleetEvent.FramesRefused refused, string name) =>
        name.Length > 0 ? name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"System id {refused.SystemId}");

    private static string Percent(BatteryReading battery) => battery.RemainingPercent is { } percent ? $", {percent} %" : "";

    private static string Words(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
