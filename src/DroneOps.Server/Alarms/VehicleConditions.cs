using System.Globalization;
using DroneOps.Server.Fleet;
using DroneOps.Vehicles;

namespace DroneOps.Server.Alarms;

/// <summary>Which events of the fleet begin and end conditions that a person is alerted to. Pure.</summary>
internal static class VehicleConditions
{
    private static readonly string[] OfFlight = [AlarmCatalog.LowBattery, AlarmCatalog.Failsafe, AlarmCatalog.Rebooted];
    private static readonly string[] OfVehicle = [AlarmCatalog.LinkLost, AlarmCatalog.FenceBreach, AlarmCatalog.IdentityConflict, .. OfFlight];

    /// <summary>What an event changes.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="vehicle">The vehicle as it is; null for one that is not known yet.</param>
    public static IEnumerable<Condition> Of(FleetEvent happened, FleetVehicle? vehicle)
    {
        var name = vehicle?.Name ?? happened.VehicleId;
        var isInAir = vehicle?.Snapshot.InAir == true;
        return happened switch
        {
            FleetEvent.Observed { Fact: var fact } => Of(happened, fact, name, isInAir).Select(condition => About(condition, vehicle)),
            FleetEvent.CommandDone { Outcome: CommandOutcome.Unknown { EffectSeen: false } } done =>
                [Raise(done, AlarmCatalog.OutcomeUnknown, AlarmPriority.Caution, $"{name}: nobody knows whether '{CommandWords.NameOf(done.Command)}' worked. Look before you try again.")],
            FleetEvent.FramesRefused { Reason: FrameRefusal.Signature } refused =>
                [Raise(refused, AlarmCatalog.SignatureRefused, Graver(isInAir), $"{Claimed(refused, name)}: unsigned or wrongly signed messages from {refused.From} are refused.")],
            FleetEvent.FramesRefused refused =>
                [Raise(refused, AlarmCatalog.EndpointConflict, Graver(isInAir), $"{Claimed(refused, name)}: somebody else speaks with its id from {refused.From} and is not listened to.")],
            FleetEvent.AssignmentLost lost => [Raise(lost, AlarmCatalog.AssignmentLost, AlarmPriority.Advisory, $"{name} was taken from {lost.Lost.Label} for {lost.By.Label}.")],
            _ => [],
        };
    }

    /// <summary>What an alarm of a vehicle is about.</summary>
    public static string SubjectOf(string vehicleId) => $"vehicle/{vehicleId}";

    private static IEnumerable<Condition> Of(FleetEvent happened, VehicleFact fact, string name, bool isInAir) => fact switch
    {
        VehicleFact.LinkLost => [Raise(happened, AlarmCatalog.LinkLost, isInAir ? AlarmPriority.Warning : AlarmPriority.Advisory, $"{name}: no heartbeat any more.")],
        VehicleFact.LinkRestored => [Clear(happened, AlarmCatalog.LinkLost)],
        VehicleFact.LowBattery { Level: var level } low =>
            [Raise(happened, AlarmCatalog.LowBattery, level > BatteryLevel.Low ? AlarmPriority.Warning : AlarmPriority.Caution, $"{name}: the battery is {Words(level.ToString())}{Percent(low.Battery)}.")],

        // A vehicle that is heard for the first time since the service began tells anew what holds; what held before the restart is over.
        VehicleFact.Discovered => OfVehicle.Select(code => Clear(happened, code)),
        VehicleFact.Disarmed { MotorTest: false } => OfFlight.Select(code => Clear(happened, code)),
        VehicleFact.FailsafeEntered failsafe => [Raise(happened, AlarmCatalog.Failsafe, AlarmPriority.Warning, $"{name}: {failsafe.Text}")],
        VehicleFact.FailsafeCleared => [Clear(happened, AlarmCatalog.Failsafe)],
        VehicleFact.FenceBreached breach => [Raise(happened, AlarmCatalog.FenceBreach, AlarmPriority.Warning, $"{name} has left its fence ({Words(breach.Type.ToString())}).")],
        VehicleFact.FenceCleared => [Clear(happened, AlarmCatalog.FenceBreach)],
        VehicleFact.IdentityConflict => [Raise(happened, AlarmCatalog.IdentityConflict, AlarmPriority.Warning, $"Two aircraft answer as {name}. No command goes to either of them.")],
        VehicleFact.IdentityResolved => [Clear(happened, AlarmCatalog.IdentityConflict)],
        VehicleFact.Rebooted when isInAir => [Raise(happened, AlarmCatalog.Rebooted, AlarmPriority.Warning, $"{name}: the autopilot started again in the air.")],
        _ => [],
    };

    /// <summary>Vehicles of one network fail together when the network does.</summary>
    private static Condition About(Condition condition, FleetVehicle? vehicle) =>
        condition is Condition.Raise raise && vehicle is not null ? raise with { Cause = $"network/{vehicle.Snapshot.Key.Network}" } : condition;

    private static Condition.Raise Raise(FleetEvent happened, string code, AlarmPriority priority, string text) =>
        new(code, SubjectOf(happened), happened.At, priority, text) { VehicleId = happened.VehicleId };

    private static Condition.Clear Clear(FleetEvent happened, string code) => new(code, SubjectOf(happened), happened.At);

    private static string SubjectOf(FleetEvent happened) => happened is FleetEvent.FramesRefused { VehicleId: "" } refused
        ? string.Create(CultureInfo.InvariantCulture, $"systemId/{refused.SystemId}")
        : SubjectOf(happened.VehicleId);

    private static AlarmPriority Graver(bool isInAir) => isInAir ? AlarmPriority.Warning : AlarmPriority.Caution;

    private static string Claimed(FleetEvent.FramesRefused refused, string name) =>
        name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"System id {refused.SystemId}");

    private static string Percent(BatteryReading battery) => battery.RemainingPercent is { } percent ? $", {percent} %" : "";

    private static string Words(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
