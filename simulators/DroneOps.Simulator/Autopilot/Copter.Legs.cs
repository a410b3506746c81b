using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>Legs of a mission: a waypoint without a wait is not stopped at, the next leg begins while this one brakes.</summary>
internal sealed partial class Copter
{
    /// <summary>How much of the braking the next leg overlaps in a turn, and how long before its end a leg counts as flown:
    /// both measured on recorded corners of 63 and 102 degrees.</summary>
    private const double CornerOverlap = 0.6;

    private const double CornerReached = 0.8;

    private LegProfile? _leg;
    private double _legTime;
    private LegProfile? _lead;
    private double _leadTime;
    private LegProfile? _tail;
    private double _tailTime;
    private double _legSpeed;
    private double _legRate;
    private bool _isPaused;

    private void BeginLeg(Ned target)
    {
        if (_lead is { } lead && (lead.End - target).Length < 0.01)
        {
            _tail = _leg;
            _tailTime = _legTime;
            _leg = lead;
            _legTime = _leadTime;
        }
        else
        {
            // A leg that begins in motion begins where the aircraft could stop, as the autopilot's does.
            var start = _leg is { } last && _lead is null && _legTime >= last.Duration - 0.001 ? last.End : StoppingPoint();
            _tail = null;
            _leg = Profile(start, target);
            _legTime = 0;
            _legRate = 1;
        }

        _lead = null;
        Target = target;
    }

    private LegProfile Profile(Ned start, Ned end)
    {
        _legSpeed = CruiseSpeed;
        return new(start, end, Limits(_legSpeed));
    }

    private void FlyLeg(double dt, MavCmd command)
    {
        if (_leg is not { } leg)
        {
            HoldOverGround(dt);
            _guide.ClimbAt(dt, 0, VerticalAcceleration);
            return;
        }

        var wantedRate = _isPaused ? 0 : Math.Clamp(CruiseSpeed / Math.Max(0.1, _legSpeed), 0.02, 5);
        var step = Acceleration / Math.Max(1, _legSpeed) * dt;
        _legRate += Math.Clamp(wantedRate - _legRate, -step, step);
        var legDt = dt * _legRate;

        _legTime += legDt;
        leg.Sample(_legTime, out var position, out var velocity, out var acceleration);
        if (_tail is { } tail)
        {
            _tailTime += legDt;
            tail.Sample(_tailTime, out var p, out var v, out var a);
            position += p - tail.End;
            velocity += v;
            acceleration += a;
            if (_tailTime >= tail.Duration)
                _tail = null;
        }

        var left = leg.Duration - _legTime;
        if (_lead is null && command is MavCmd.NavWaypoint or MavCmd.NavSplineWaypoint)
            TryLeadIntoCorner(leg, left);
        if (_lead is { } lead)
        {
            _leadTime += legDt;
            lead.Sample(_leadTime, out var p, out var v, out var a);
            position += p - lead.Start;
            velocity += v;
            acceleration += a;
        }

        velocity *= _legRate;
        _guide.Follow(position, velocity, acceleration * (_legRate * _legRate));
        if (_yawHold is null && velocity.Horizontal > 0.7 && _parameters[Known.WpYawBehavior] > 0)
            _heading = Math.Atan2(velocity.East, velocity.North);

        if (_lead is not null ? left <= CornerReached : left <= 0 && (Airframe.Position - leg.End).Length < Math.Max(0.5, Speed(Known.WpRadius)))
        {
            if (_lead is not null)
                ReachItem(announce: true);
            else
                ArriveAtItem();
        }
    }

    private void TryLeadIntoCorner(LegProfile leg, double left)
    {
        var item = CurrentItem;
        if (item.Param1 > 0 || left > leg.Braking)
            return;
        var nextIndex = _missionIndex + 1;
        if (nextIndex >= Plans.Mission.Count || Plans.Mission[nextIndex].Command is not (MavCmd.NavWaypoint or MavCmd.NavSplineWaypoint
            or MavCmd.NavLoiterTime or MavCmd.NavLoiterUnlim))
            return;
        var next = Profile(leg.End, TargetOf(Plans.Mission[nextIndex]));
        var cosine = leg.TurnCosine(next);
        // Straight on nothing needs braking; turning back everything does.
        var share = cosine > 0.98 ? 1 : cosine < -0.85 ? 0 : CornerOverlap;
        if (share == 0 || left > share * Math.Min(leg.Braking, next.Braking))
            return;
        _lead = next;
        _leadTime = 0;
    }
}
