using DroneOps.Simulator.Airframe;
using DroneOps.Simulator.Protocols;

namespace DroneOps.Simulator.Autopilot;

/// <summary>Return to launch: climb, fly back, wait, descend, land. A mission's RTL item uses it too.</summary>
internal sealed partial class Copter
{
    private enum ReturnPhase
    {
        Climb,
        Fly,
        Wait,
        Descend,
    }

    private ReturnPhase _returnPhase;
    private Ned _returnPoint;
    private double _returnDown;
    private double _returnWaitUntil;
    private LegProfile? _returnLeg;
    private double _returnLegTime;
    private bool _isFinalDescent;

    private void BeginReturn()
    {
        _returnPhase = ReturnPhase.Climb;
        _isFinalDescent = false;
        _returnLeg = null;
        _returnPoint = NearestReturnPoint();
        _guide.Take(Airframe);
        _holdPoint = StoppingPoint();
        // A cone over home keeps a short hop low: the return height is at most RTL_CONE_SLOPE times the distance (never below 2 m),
        // and never lower than the vehicle is.
        var height = Height;
        var wanted = Math.Max(2, Speed(Known.RtlAlt));
        var slope = _parameters[Known.RtlConeSlope];
        if (slope >= 0.5)
            wanted = Math.Min(wanted, Math.Max(2, slope * (Airframe.Position - _returnPoint).Horizontal));
        wanted = Math.Max(wanted, height + Math.Max(0, Speed(Known.RtlClimbMin)));
        if (Fence.IsEnabled)
            wanted = Math.Max(height, Math.Min(wanted, _parameters[Known.FenceAltMax] - _parameters[Known.FenceMargin]));
        _returnDown = _home.Down - wanted;
        Target = _returnPoint with { Down = _returnDown };
    }

    private Ned NearestReturnPoint()
    {
        var best = _home;
        var bestDistance = double.MaxValue;
        if (Plans.Rally.Count == 0)
            return best;
        var position = Airframe.Position;
        if (_parameters[Known.RallyIncludesHome] > 0)
            bestDistance = (position - _home).Horizontal;
        foreach (var item in Plans.Rally)
        {
            var point = Frame.ToLocal(item.Place, Frame.AltitudeAmsl) with { Down = _home.Down };
            var distance = (position - point).Horizontal;
            if (distance < bestDistance && distance < _parameters[Known.RallyLimitKm] * 1000)
            {
                best = point;
                bestDistance = distance;
            }
        }

        return best;
    }

    private void FlyReturn(double dt)
    {
        switch (_returnPhase)
        {
            case ReturnPhase.Climb:
                HoldOverGround(dt);
                _guide.ClimbTo(dt, _returnDown, Speed(Known.WpSpeedUp), Speed(Known.WpSpeedDown), VerticalAcceleration);
                if (Math.Abs(Airframe.Position.Down - _returnDown) < 0.2 && Airframe.Velocity.Horizontal < 1)
                {
                    var speed = _parameters[Known.RtlSpeed] > 0 ? Speed(Known.RtlSpeed) : CruiseSpeed;
                    _returnLeg = new(_guide.Position with { Down = _returnDown }, _returnPoint with { Down = _returnDown }, Limits(speed));
                    _returnLegTime = 0;
                    _returnPhase = ReturnPhase.Fly;
                    if (_parameters[Known.WpYawBehavior] is not (0 or 2))
                        _heading = Bearing(Airframe.Position, _returnPoint);
                }

                break;

            case ReturnPhase.Fly:
                _returnLegTime += dt;
                _returnLeg!.Sample(_returnLegTime, out var position, out var velocity, out var acceleration);
                _guide.Follow(position, velocity, acceleration);
                if (_returnLegTime >= _returnLeg.Duration && (Airframe.Position - _returnPoint).Horizontal < Math.Max(0.5, Speed(Known.WpRadius)))
                {
                    _returnPhase = ReturnPhase.Wait;
                    _holdPoint = _returnPoint;
                    _returnWaitUntil = Time + (_parameters[Known.RtlLoitTime] / 1000);
                }

                break;

            case ReturnPhase.Wait:
                HoldOverGround(dt);
                _guide.ClimbAt(dt, 0, VerticalAcceleration);
                if (Time >= _returnWaitUntil)
                    _returnPhase = ReturnPhase.Descend;
                break;

            default:
                HoldOverGround(dt);
                if (_parameters[Known.RtlAltFinal] > 0)
                {
                    var final = _home.Down - Speed(Known.RtlAltFinal);
                    _guide.ClimbTo(dt, final, Speed(Known.WpSpeedUp), Speed(Known.WpSpeedDown), VerticalAcceleration);
                    break;
                }

                _isFinalDescent = true;
                Descend(dt);
                break;
        }
    }

    private LegLimits Limits(double speed) => new(
        Math.Max(0.2, speed),
        Math.Max(0.1, Speed(Known.WpSpeedUp)),
        Math.Max(0.1, Speed(Known.WpSpeedDown)),
        Acceleration,
        VerticalAcceleration,
        Math.Max(0.2, _parameters[Known.WpJerk]));
}
