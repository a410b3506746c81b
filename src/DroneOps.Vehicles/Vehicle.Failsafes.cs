using DroneOps.Mavlink.Messages;
using DroneOps.Vehicles.Protocols;

namespace DroneOps.Vehicles;

/// <content>The audit of the failsafe parameters, part of the readiness. What was read once is not assumed for ever: parameters are changed on the ground by other
/// stations and lost on the way. While it is read again the last verdict holds, and no launch waits for it.</content>
public sealed partial class Vehicle
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, ParameterValue?> _failsafes = new(StringComparer.Ordinal);
    private bool _auditDue = true;
    private bool _isAuditing;
    private string[] _unread = [];
    private TimeSpan _pause;
    private DateTimeOffset _unreadDueAt;

    /// <summary>Reads the failsafe parameters again, as after one of them was changed: at once, or when the vehicle is disarmed. Ends in
    /// <see cref="VehicleFact.FailsafesAudited"/>.</summary>
    public void AuditFailsafes(DateTimeOffset now)
    {
        _talk.Advance(now);
        _auditDue = true;
    }

    /// <summary>Audits after the streams are set up, so that on a slow link the position comes first. The first time wherever the vehicle is; again only while it stands
    /// disarmed and takes no plan, out of the way of a flight and of a launch.</summary>
    private void Audit()
    {
        if (_isAuditing || !_talk.Options.AuditFailsafes || !_streams.IsIdle || State.Link != VehicleLinkState.Up)
            return;
        if (State.Failsafes is not null && (State.Armed || _plans.IsBusy))
            return;
        if (_auditDue)
            Read(FailsafeAudit.ParametersOf(_talk.Autopilot), FirstPause);
        else if (_unread.Length > 0 && Now >= _unreadDueAt)
            Read(_unread, _pause + _pause < LongestPause ? _pause + _pause : LongestPause);
    }

    private void Read(IReadOnlyList<string> names, TimeSpan pause)
    {
        _isAuditing = names.Count > 0 && _parameters.TryRead(names, Judge);
        if (!_isAuditing && names.Count > 0)
            return;
        _auditDue = false;
        _pause = pause;
    }

    private void Judge(IReadOnlyDictionary<string, ParameterValue?> answers)
    {
        _isAuditing = false;
        foreach (var (name, value) in answers)
        {
            if (value is not null)
                _failsafes[name] = value;
        }

        var report = FailsafeAudit.Judge(_talk.Autopilot, _failsafes, _talk.Self.SystemId, _talk.Options.FailsafesMustBeOn, Now);

        // Where all is judged, only what the vehicle has told before is missing: the rest are other names for what it told.
        var unanswered = answers.Where(answer => answer.Value is null).Select(answer => answer.Key);
        _unread = [.. report.Issues.Any(issue => issue.Finding == FailsafeFinding.NotRead) ? unanswered : unanswered.Where(_failsafes.ContainsKey)];
        _unreadDueAt = Now + _pause;
        State.Failsafes = report;
        FoldPack(report.Values);
        Tell(new VehicleFact.FailsafesAudited(Now, report));
    }

    /// <summary>An autopilot tells every station when one of them sets a parameter.</summary>
    private void NoticeChange(in ParamValue told)
    {
        if (!_isAuditing && _failsafes.GetValueOrDefault(told.ParamId) is { } known && !_parameters.Decode(told).Value.Equals(known.Value))
            _auditDue = true;
    }

    /// <summary>After a reboot, and of other hardware, nothing is known any more: it is read at the next occasion.</summary>
    private void ForgetFailsafes()
    {
        _failsafes.Clear();
        _unread = [];
        _auditDue = true;
    }
}
