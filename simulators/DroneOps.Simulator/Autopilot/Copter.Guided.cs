using DroneOps.Mavlink.Messages;
using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>GUIDED: take-off, go to a point, fly a velocity, hold.</summary>
internal sealed partial class Copter
{
    private enum GuidedTask
    {
        Hold,
        Takeoff,
        Goto,
        Velocity,
    }

    private GuidedTask _guidedTask;
    private Ned _holdPoint;
    private Ned _guidedVelocity;
    private double _guidedUntil;

    /// <summary>NAV_TAKEOFF.</summary>
    /// <param name="height">Metres above home.</param>
    /// <returns>False unless the vehicle stands armed in GUIDED.</returns>
    public bool TryTakeoff(double height)
    {
        if (Mode != CopterMode.Guided || !IsArmed || !IsLanded || _isTakingOff || height <= 0)
            return false;
        _guidedTask = GuidedTask.Takeoff;
        BeginTakeoff(_home.Down - height);
        return true;
    }

    /// <summary>Goes to a place; the caller has seen to the mode.</summary>
    public void GoTo(Ned target, double? heading)
    {
        Target = target;
        _guidedTask = GuidedTask.Goto;
        _isTakingOff = false;
        _guide.Take(Airframe);
        if (heading is { } wanted)
            _heading = wanted;
        else if ((target - Airframe.Position).Horizontal > 2 && _parameters[Known.WpYawBehavior] > 0)
            _heading = Bearing(Airframe.Position, target);
    }

    /// <summary>Whether the enabled fence forbids a destination.</summary>
    public bool IsOutsideFence(Ned target) => Fence.IsEnabled && Fence.Test(target, _home) != 0;

    public void FlyVelocity(Ned velocity)
    {
        if (_guidedTask != GuidedTask.Velocity)
            _guide.Take(Airframe);
        _guidedTask = GuidedTask.Velocity;
        _guidedVelocity = velocity;
        _guidedUntil = Time + _parameters[Known.GuidedTimeout];
        Target = null;
    }

    public void SetSpeed(double speed) => _speedLimit = Math.Clamp(speed, 0.2, 50);

    /// <summary>CONDITION_YAW.</summary>
    public void SetHeading(double degrees, bool isRelative)
    {
        var radians = degrees * Math.PI / 180;
        _heading = isRelative ? Airframe.Heading + radians : radians;
        _roi = null;
    }

    private void FlyGuided(double dt)
    {
        switch (_guidedTask)
        {
            case GuidedTask.Takeoff:
                if (FlyTakeoff(dt) && _isTakingOff)
                {
                    _isTakingOff = false;
                    _guidedTask = GuidedTask.Goto;
                    Target = _holdPoint with { Down = _takeoffDown };
                }

                break;

            case GuidedTask.Goto when Target is { } target:
                _guide.Chase(dt, target, CruiseSpeed, Acceleration);
                _guide.ClimbTo(dt, target.Down, Speed(Known.WpSpeedUp), Speed(Known.WpSpeedDown), VerticalAcceleration);
                break;

            case GuidedTask.Velocity:
                var velocity = Time < _guidedUntil ? _guidedVelocity : default;
                _guide.MoveOverGround(dt, velocity.North, velocity.East, Acceleration);
                _guide.ClimbAt(dt, velocity.Down, VerticalAcceleration);
                if (velocity.Horizontal > 1 && _parameters[Known.WpYawBehavior] > 0)
                    _heading = Math.Atan2(velocity.East, velocity.North);
                break;

            default:
                HoldOverGround(dt);
                _guide.ClimbAt(dt, 0, VerticalAcceleration);
                break;
        }

        FaceRegionOfInterest();
    }

    private static double Bearing(Ned from, Ned to) => Math.Atan2(to.East - from.East, to.North - from.North);
}
