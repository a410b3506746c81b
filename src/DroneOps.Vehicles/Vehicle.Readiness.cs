using DroneOps.Mavlink.Messages;

namespace DroneOps.Vehicles;

/// <content>Whether the vehicle can be sent off on its own.</content>
public sealed partial class Vehicle
{
    private void UpdateReadiness(DateTimeOffset at)
    {
        var readiness = new Readiness(FindIssues());
        if (readiness == State.Readiness)
            return;
        var from = State.Readiness;
        State.Readiness = readiness;
        Tell(new VehicleFact.ReadinessChanged(at, from, readiness));
    }

    private ReadinessIssues FindIssues()
    {
        if (State.Link != VehicleLinkState.Up)
            return ReadinessIssues.NotHeard;
        var issues = ReadinessIssues.None;
        if (State.IdentityConflict)
            issues |= ReadinessIssues.IdentityConflict;
        if (State.Gps is not { Value.HasFix: true })
            issues |= ReadinessIssues.NoGpsFix;
        // An autopilot of which nothing is known may have no estimator message; there the position has to do.
        if (State.Estimator is { Value.IsReady: false } || (State.Estimator is null && _talk.Autopilot.TellsEstimator))
            issues |= ReadinessIssues.EstimatorNotReady;
        if (State.Position is not { } position || Now - position.At > _talk.Options.SlowStaleAfter)
            issues |= ReadinessIssues.NoPosition;
        // The bit depends on the mode (STABILIZE has it before GUIDED), which is why the estimator is asked as well.
        if (State.Sensors is { Value.PrearmChecksPass: false })
            issues |= ReadinessIssues.PrearmChecksFail;
        if (State.Home is null)
            issues |= ReadinessIssues.NoHome;
        if (State.Battery is { Value.Level: >= BatteryLevel.Low })
            issues |= ReadinessIssues.BatteryLow;
        if (State.Fence is { Value.IsBreached: true })
            issues |= ReadinessIssues.FenceBreached;
        if (State.SystemStatus is MavState.Critical or MavState.Emergency or MavState.FlightTermination)
            issues |= ReadinessIssues.SystemCritical;
        if (State.Failsafes is not { } failsafes)
            issues |= ReadinessIssues.FailsafesUnknown;
        else if (failsafes.Blocks)
            issues |= ReadinessIssues.FailsafesOff;
        return issues;
    }
}
