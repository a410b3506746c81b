using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>The audit of the failsafe parameters, part of the readiness.</content>
public sealed partial class Vehicle
{
    private bool _auditDue = true;

    /// <summary>Reads the failsafe parameters again, as after one of them was changed. Ends in <see cref="VehicleFact.FailsafesAudited"/>.</summary>
    public void AuditFailsafes(DateTimeOffset now)
    {
        _talk.Advance(now);
        _auditDue = true;
    }

    /// <summary>Audits after the streams are set up, so that on a slow link the position comes first.</summary>
    private void Audit()
    {
        if (!_auditDue || !_talk.Options.AuditFailsafes || !_streams.IsIdle || State.Link != VehicleLinkState.Up)
            return;
        if (FailsafeAudit.ParametersOf(_talk.Autopilot) is not { Count: > 0 } names)
        {
            _auditDue = false;
            return;
        }

        _auditDue = !_parameters.TryRead(names, values =>
        {
            var report = FailsafeAudit.Judge(_talk.Autopilot, values, _talk.Self.SystemId, _talk.Options.FailsafesMustBeOn, Now);
            State.Failsafes = report;
            FoldPack(report.Values);
            Tell(new VehicleFact.FailsafesAudited(Now, report));
        });
    }
}
